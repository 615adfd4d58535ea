// A picture as rows of patches: what vision-language models take in place of a plane a channel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// The order of the elements of a row.
enum class PatchElements {
  kChannelsFirst,  // (channel, frame, y, x)
  kChannelsLast,   // (y, x, channel, frame)
};

// How the values of a picture become rows.
//
// Shapes:   [height / size * width / size][channels * frames * size * size]
// Rules:    rows go by blocks of merge x merge patches, blocks row by row, patches row by row
// within:
//           with a merge of 1 simply row by row. The frames of a row are alike
// Source:   measured on transformers 5.24, Qwen2VLImageProcessor and its like
struct PatchPlan {
  int size = 0;  // the side of a patch; 0: the picture stays whole
  int merge = 1;
  int frames = 1;
  PatchElements elements = PatchElements::kChannelsFirst;
  bool flat = true;          // false: a row's shape is (channels * frames, size, size)
  bool tells_merge = false;  // beside each picture's grid stands its merge (VideoLLaMA 3)

  bool operator==(const PatchPlan&) const = default;
};

// A picture's patches.
struct PatchGrid {
  int rows = 0;
  int columns = 0;
  int merge = 1;  // as in the plan
  int64_t count() const { return int64_t(rows) * columns; }
};

// Errors:   kBadArgument: a side that is no multiple of size times merge
Result<PatchGrid> GridOf(const PatchPlan& plan, int width, int height);

// The shape of one row.
std::vector<int64_t> PatchRowShape(const PatchPlan& plan, int channels);

}  // namespace imnorm
