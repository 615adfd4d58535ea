// The pictures of a data set that say most about it, for people.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/image.h"
#include "imnorm/inputs.h"
#include "imnorm/plan.h"
#include "imnorm/report.h"
#include "imnorm/run.h"

namespace imnorm {

struct ShownPicture {
  uint64_t index = 0;  // in the list
  std::string path;
  std::string text;  // why it is shown: "brightness 0.93"
  Image thumbnail;   // 8 bits, RGB
};

// Some pictures of a data set that are alike in what they are shown for, the most so first.
struct PictureGroup {
  std::string title;    // "Brightest"
  std::string meaning;  // the measure, in words
  std::vector<ShownPicture> pictures;
};

struct DatasetLook {
  RunReport report;
  std::vector<std::array<int32_t, 2>> sizes;  // width, height of each good picture
  Image mean_image;                           // 8 bits, RGB
  std::vector<PictureGroup> groups;
};

struct DatasetLookOptions {
  int pictures = 6;          // of a group
  int thumbnail_side = 144;  // pixels
};

// Looks at every picture once, at 96 x 96 pixels, and draws those that stand out.
//
// Rules:    brightness is sqrt(0.241 r^2 + 0.691 g^2 + 0.068 b^2) of the mean colour; colourfulness
//           that of Hasler and Susstrunk (2003); outliers are farthest from the others in mean and
//           standard deviation of the channels, in standard deviations of these. Of the plan only
//           how pictures are decoded counts. The same for every number of threads
// Errors:   kCancelled, kInstallation; kNotFound: no picture could be read
Result<DatasetLook> LookAtDataset(const InputList& list, const Plan& plan,
                                  const DatasetLookOptions& options, const RunOptions& run = {});

}  // namespace imnorm
