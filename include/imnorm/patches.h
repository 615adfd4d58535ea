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

// The whole picture once more, resized to one patch.
enum class Overview {
  kNone,
  kFirst,   // before the patches
  kLast,    // behind them, where there are several
  kBefore,  // before them, where there are several
};

// What is told of each picture's patches, by the names that transformers gives it.
enum class PatchNumbers {
  kGrid,       // image_grid_thw: frames, rows, columns
  kCount,      // num_patches: with the overview
  kGridSides,  // grids: rows, columns
  kRowsCols,   // rows and cols
};

// How the values of a picture become rows.
//
// Shapes:   [height / size * width / size][channels * frames * size * size]
// Rules:    rows go by blocks of merge x merge patches, blocks row by row, patches row by row
// within:
//           with a merge of 1 simply row by row. The frames of a row are alike. Tiles are large
//           patches, of which an overview is one more
// Source:   measured on transformers 5.24, Qwen2VLImageProcessor and its like
struct PatchPlan {
  int size = 0;  // the side of a patch; 0: the picture stays whole
  int merge = 1;
  int frames = 1;
  PatchElements elements = PatchElements::kChannelsFirst;
  bool flat = true;  // false: a row's shape is (channels * frames, size, size)
  Overview overview = Overview::kNone;
  PatchNumbers numbers = PatchNumbers::kGrid;
  bool tells_merge = false;  // beside each picture's grid stands its merge (VideoLLaMA 3)

  bool operator==(const PatchPlan&) const = default;
};

// A picture's patches.
struct PatchGrid {
  int rows = 0;
  int columns = 0;
  int merge = 1;          // as in the plan
  bool overview = false;  // one more
  int64_t count() const { return int64_t(rows) * columns + overview; }
};

// Errors:   kBadArgument: a side that is no multiple of size times merge
Result<PatchGrid> GridOf(const PatchPlan& plan, int width, int height);

// The shape of one row.
std::vector<int64_t> PatchRowShape(const PatchPlan& plan, int channels);

}  // namespace imnorm
