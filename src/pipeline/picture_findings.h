// What is found in one picture, whatever the others are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/verify.h"
#include "pipeline/run_items.h"
#include "statistics/picture_look.h"

namespace imnorm {

// What is kept of a good picture.
struct LookedAt {
  bool good = false;
  PictureLook look;
  std::string hash;  // of its pixels
  int width = 0;
  int height = 0;
};

// Of a picture that could not be read.
Finding FindingOfFailure(const ItemOutcome& outcome, uint64_t index, const std::string& path);

// Of one that could, in the order of the kinds.
std::vector<Finding> FindingsOfPicture(const DecodeReport& report, bool hides_colours,
                                       const LookedAt& looked, uint64_t index,
                                       const std::string& path);

}  // namespace imnorm
