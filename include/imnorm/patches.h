// A picture as rows of patches: what vision-language models take in place of a plane a channel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/geometry.h"
#include "imnorm/image.h"

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
  kGrid,          // image_grid_thw: frames, rows, columns
  kCount,         // num_patches: with the overview
  kGridSides,     // grids: rows, columns
  kRowsCols,      // rows and cols
  kRowsColsOf,    // the same, 0 and 0 of a picture that is not cut (Idefics 3)
  kCrops,         // num_crops: without the overview
  kSourceSizes,   // image_sizes: the picture's own height and width
  kSourceBatch,   // the same, and batch_num_images, 1
  kShapesMask,    // spatial_shapes: rows, columns; pixel_attention_mask
  kPositions,     // image_position_ids, num_soft_tokens_per_image
  kAspectIds,     // aspect_ratio_ids, num_tiles; aspect_ratio_mask
  kAspectRatios,  // aspect_ratios: rows, columns
  kTileCrops,     // num_crops: of tiles (Aria)
  kHdMask,        // image_sizes: height and width of all tiles; image_attention_mask of each tile,
                  // num_img_tokens (Phi-4)
  kTileShapes,    // of each row: spatial_shapes: rows, columns; pixel_attention_mask (LFM2-VL)
  // Of pictures that stay whole:
  kPixelMask,      // pixel_mask: ones where there is a picture
  kImageSizes,     // image_sizes: height and width as resized
  kOriginalSizes,  // original_sizes: the picture's own height and width
  kSamSizes,       // the same, and reshaped_input_sizes
  kMaskCrops,      // pixel_mask as bool, num_crops, 1
  kAttentionMask,  // pixel_attention_mask: ones where there is a picture
};

// Parts of a picture beside the whole, along its long side, each resized to one patch (Gemma 3).
//
// Rules:    of a picture with long / short of least_ratio at least, n = min(long / least_side,
//           floor(long / short + 0.5)), from 2 to `most`; each is ceil(long / n) wide, the last as
//           much as is left. None where a side of them is below least_side
struct BandPlan {
  int most = 0;  // 0: there are none
  int least_side = 0;
  double least_ratio = 0.0;
  bool operator==(const BandPlan&) const = default;
};

// Tiles of a large picture, by the nearest ratio, each a row of patches before the picture's own
// (LFM2-VL).
//
// Rules:    a picture is large where its sides, rounded to multiples of the resize's `multiple`, at
//           least a patch, have more than `above` pixels
struct SplitPlan {
  int side = 0;  // of a tile; 0: there are none
  int least = 2;
  int most = 10;
  double above = 0.0;
  bool operator==(const SplitPlan&) const = default;
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
  bool overview_of_resized = false;  // of what the patches are cut from, not of the source
  bool overview_of_values = false;   // of the values of the patches, bicubic, not antialiased
  BandPlan bands = {};               // behind the one patch that is the whole picture
  SplitPlan split = {};
  // Above 0: a picture is one row of so many patches, of which those it lacks are zeros.
  int most = 0;
  int pooled = 1;  // kPositions: so many patches are a token
  PatchNumbers numbers = PatchNumbers::kGrid;
  int mask_patch = 1;        // kHdMask: the side of what its masks speak of
  bool tells_merge = false;  // beside each picture's grid stands its merge (VideoLLaMA 3)

  bool operator==(const PatchPlan&) const = default;
};

// The bands of a picture, in their order.
std::vector<Rect> BandsOf(const BandPlan& plan, int width, int height);

// A picture's patches.
struct PatchGrid {
  int rows = 0;
  int columns = 0;
  int merge = 1;          // as in the plan
  bool overview = false;  // one more
  int bands = 0;          // more
  bool padded = false;    // all are one row of the output
  int tiles = 0;          // rows before it
  int64_t count() const { return int64_t(rows) * columns + overview + bands; }
  int64_t made_rows() const { return padded ? 1 + tiles : count(); }
};

// The resize that a picture is split by, to a grid of tiles; kNone: it is not.
ResizePlan SplitResize(const PatchPlan& plan, const ResizePlan& whole, int width, int height);

// The patches of an output of width x height.
//
// Rules:    without bands, which are those of the picture that was resized to it
// Errors:   kBadArgument: a side that is no multiple of size times merge; more than `most`
Result<PatchGrid> GridOf(const PatchPlan& plan, int width, int height);

// The shape of one row of the output.
std::vector<int64_t> PatchRowShape(const PatchPlan& plan, int channels);

}  // namespace imnorm
