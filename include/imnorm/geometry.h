// Where the pixels of the output come from: sizes, crops, filters, fixed-point weights.
#pragma once

#include <cstdint>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/image.h"

namespace imnorm {

// kArea is OpenCV's and kNearestExact torch's, whose kNearest takes the left one of two neighbours.
enum class Filter { kNearest, kBox, kBilinear, kHamming, kBicubic, kLanczos, kArea, kNearestExact };

enum class ResizeKind {
  kNone,
  kShortEdge,        // the short side becomes `size`, the long one follows, cut off (torchvision)
  kExact,            // width x height, whatever the ratio
  kLongEdge,         // the long side becomes `size`
  kFitInside,        // keep the ratio, as large as fits in width x height, cut off (Hugging Face's
                     // max_height, max_width)
  kRatioInside,      // the same by timm's ResizeKeepRatio(longest=1): see Place
  kRatioOutside,     // as small as covers width x height: ResizeKeepRatio(longest=0)
  kShortEdgeWithin,  // the short side becomes `size`, the long one at most max_size, by DETR's
                     // get_size_with_aspect_ratio (Hugging Face fast processors)
  kLetterbox,        // fit inside width x height, pad the rest (Ultralytics' rule)
  kShrinkInside,     // as kFitInside, but no picture is enlarged (Pixtral)
  kNearestScale,  // keep the ratio by that of width / w and height / h which is nearer to 1 (DPT)
  kOwnSize,       // the picture's own size, brought to a multiple (GLPN)
  kSmart,         // keep the ratio to within a multiple, in a range of pixels (Qwen's
                  // smart_resize and its like): see SmartRule
  kTileGrid,      // a grid of tiles of width x height, whatever the ratio: see TileRule
  kLongEdgeEven,  // the long side becomes `size`, at most max_size, the other an even number that
                  // follows (Idefics 3)
  kThumbnail,     // each side at most width x height, the other following (Donut)
  kBothEdges,     // the long side at most max_size, the other following; then each at least `size`,
                  // whatever the ratio (Idefics 2)
};

// Whose arithmetic resizes: Pillow's fixed point, cv::resize, torch's 16-bit fixed point, torch's
// float32 with the result rounded to bytes (torchvision's v1 transforms on tensors), the same of
// samples times float32(1 / 255), not rounded (DINOv3), or of these the four neighbours alone,
// which torch calls bilinear without antialiasing (OWLv2, ZoeDepth, DepthPro).
enum class ResizeEngine { kPillow, kOpencv, kTorch, kTorchFloat, kTorchScaled, kTorchDirect };

// What becomes of the fraction of a side that follows from the other.
enum class SideRounding {
  kTruncate,  // torchvision, transformers: cut off
  kHalfUp,    // int(x + 0.5): SAM's ResizeLongestSide and Detectron2's ResizeShortestEdge
  kHalfEven,  // round(x), at least 1: albumentations
  kScaled,    // cut off, of the side times size / long: Aria
  kTo32nds,   // kNearestScale: cut off, of the side rounded to 32nds: ZoeDepth
};

// How sides are brought to a multiple of `multiple`.
enum class MultipleRounding {
  kFloor,
  kCeil,
  kNearest,  // round(x / multiple) * multiple, half to even, of the side before it is whole
};

// The variants of smart_resize. With f the multiple: sides become round(side / f) * f; where that
// is more than max_pixels floor(side / k / f) * f of k = sqrt(h * w / max_pixels), at least f;
// where it is less than min_pixels ceil(side * k / f) * f of k = sqrt(min_pixels / (h * w)).
enum class SmartRule {
  kQwen,      // as said
  kGlm,       // sides below f are scaled up to it first, cut off; a picture counts `frames` times
  kLift,      // the same with rounding, the height before the width (PaddleOCR-VL)
  kGlmImage,  // bounds are on sides, of half the picture: see SmartSize
  kBudget,    // as large as max_pixels holds once sides are raised to multiples (SigLIP 2)
  kPooled,    // as large as max_pixels, then cut off to multiples (Gemma 4)
  kLeast,     // as kQwen, but that sides are at least f before they are counted (LFM2-VL)
  kShrunk,    // never larger, within max_pixels of patches of side `patch` and max_size (Kimi)
};

// How a picture's grid is chosen among those of min_tiles to max_tiles tiles.
enum class TileRule {
  kRatio,          // the nearest ratio (InternVL)
  kScale,          // the least enlargement, else the least shrinking (Command A Vision); from 1 on
  kCovering,       // the fewest tiles that keep 90 % of the picture (Ovis 2); from 1 on
  kContaining,     // that in which the whole picture fits largest (PerceptionLM); from 1 on
  kOwn,            // as many as cover the picture's own size (Idefics 3)
  kSizes,          // the best of `sizes` (LLaVA-NeXT)
  kCanvas,         // the least enlargement, else the least shrinking, then the smallest (Mllama)
  kCanvas32,       // the same in float32 (Llama 4)
  kLargestCanvas,  // in float32 the largest enlargement in place of the least
  kFewest,         // as few as cover the picture; where these are too many as kRatio (Phi-4)
};

// How a picture lies in its grid of tiles; what it leaves free is fill.
enum class TileFit {
  kWarp,         // it fills it, whatever the ratio
  kMiddle,       // its ratio is kept, in the middle
  kCorner,       // its ratio is kept, at the top left, no larger than the picture or a tile
  kCornerWhole,  // the same as large as fits
};

struct TileSize {
  int width = 0;
  int height = 0;
  bool operator==(const TileSize&) const = default;
};

// The oldest (standing for all before) and newest of Pillow's releases whose resizes differ.
constexpr int kOldestPillow = 11;
constexpr int kNewestPillow = 13;

struct ResizePlan {
  ResizeKind kind = ResizeKind::kNone;
  int size = 0;      // kShortEdge, kLongEdge
  int max_size = 0;  // kShortEdge...: a bound on the long side, 0: none
  int min_side = 0;  // kLongEdge by kHalfEven and kScaled: no side becomes less
  int width = 0;     // kExact, kFitInside, kRatioInside, kRatioOutside, kLetterbox, kTileGrid...
  int height = 0;
  int multiple = 1;  // sides of the result are multiples of it: all but kLetterbox
  MultipleRounding multiple_rounding = MultipleRounding::kFloor;  // all but kSmart
  int64_t min_pixels = 0;                                         // kSmart: of the result
  int64_t max_pixels = 0;
  SmartRule smart = SmartRule::kQwen;
  int frames = 1;  // kSmart by kGlm: pixels of a picture are counted so many times
  TileRule tiles = TileRule::kRatio;  // kTileGrid
  int min_tiles = 1;
  int max_tiles = 1;
  int max_side_tiles = 0;  // kTileGrid by kRatio: so many columns and rows at most, 0: any
  TileFit fit = TileFit::kWarp;
  int patch = 1;            // kSmart by kShrunk
  int padded_multiple = 1;  // kSmart by kShrunk: fill at the right and bottom makes sides multiples
  std::vector<TileSize> sizes;  // kTileGrid by kSizes: of whole grids
  int stride = 0;  // kLetterbox: pads only to multiples of it, 0: to the whole width x height
  SideRounding rounding = SideRounding::kTruncate;  // kShortEdge, kLongEdge
  Filter filter = Filter::kBilinear;
  ResizeEngine engine = ResizeEngine::kPillow;
  // kPillow: the release whose order of the two passes is taken, which decides last bits.
  int pillow = kNewestPillow;
  // kPillow: sides are first divided by the whole number that leaves them so many times as large
  // as they become, 0: they are not (Nougat's thumbnail).
  int reducing_gap = 0;
  bool corners = false;  // kTorchDirect: corner samples lie on corner samples (ZoeDepth)
  bool blur = false;     // kTorchDirect: what shrinks along both axes is blurred first (OWLv2)
};

// What is put around a picture before it is resized.
enum class BorderKind {
  kNone,
  kMirrorBehind,  // at the right and bottom, edge first, to the next multiple above (Swin2SR)
  kMirrorAround,  // int(3 sqrt(side / 2)) at both ends, without the edge (ZoeDepth)
  kSquare,        // zeros at the right or bottom that make a square (OWLv2)
};

struct BorderPlan {
  BorderKind kind = BorderKind::kNone;
  int multiple = 1;  // kMirrorBehind
  bool operator==(const BorderPlan&) const = default;
};

// How a centre crop's start is rounded where the margin is odd, and which side a pad favours.
enum class CropRounding {
  kHalfEven,  // torchvision, timm: round((h - c) / 2.0) half to even; pad left/top (c - i) / 2
  kFloor,     // Hugging Face slow: (h - c) / 2; pad left/top with the larger half
  kTruncate,  // Hugging Face fast: int((h - c) / 2.0); pad left/top (c - i) / 2
  kCeil,      // Donut: (h - c + 1) / 2; pad left/top (c - i) / 2
  kCorner,    // Aria: all at the right and bottom
};

struct CropPlan {
  int width = 0;  // 0: no crop
  int height = 0;
  CropRounding rounding = CropRounding::kHalfEven;
};

// Zeros behind the normalised picture, at its right and bottom.
struct PadPlan {
  int width = 0;  // 0: none
  int height = 0;
};

// What is done, in this order. Each resize is of the bytes that the step before it left.
struct GeometryPlan {
  bool cut_margin = false;   // of pages: what is lighter than their text (Nougat)
  bool turn_to_fit = false;  // by a quarter, where the crop lies and the picture stands, or the
                             // other way round (Donut)
  BorderPlan border;
  ResizePlan first;  // kNone: `resize` is the only one
  ResizePlan resize;
  CropPlan crop;
  uint8_t fill[3] = {0, 0, 0};  // of pads: crops larger than the picture, letterbox, TileFit
  PadPlan pad;
};

// Whether a plan's steps are those of the Pillow backend.
inline bool IsPillows(const GeometryPlan& plan) {
  return plan.resize.engine == ResizeEngine::kPillow;
}

// What a plan comes to for one picture size.
//
// Rules:    the source is resized to resized_width x resized_height (as if whole), `window` of that
//           is kept and placed at (pad_left, pad_top) in an output of out_width x out_height,
//           everything else is fill. Of several resizes resized_width x resized_height is the
//           last's.
struct Placement {
  int in_width = 0;
  int in_height = 0;
  int resized_width = 0;
  int resized_height = 0;
  Rect window;  // in the resized picture
  int pad_left = 0;
  int pad_top = 0;
  int out_width = 0;
  int out_height = 0;
  double gain = 1.0;  // letterbox only: output pixels per source pixel
  bool operator==(const Placement&) const = default;
};

// Works out a picture's placement.
//
// Rules:    kRatioInside: ratio = max(h / height, w / width) in double, sides round_half_even(h /
//           ratio) and round_half_even(w / ratio); kRatioOutside the same with min.
//           kShortEdgeWithin: with lo <= hi the sides, as double: if hi / lo * size > max_size then
//           raw = max_size * lo / hi and size = round_half_even(raw), else raw = size. The short
//           side becomes size, the long one int(raw * hi / lo); where the short side has that size
//           already, nothing is resized. rounding other than kTruncate: the scale is size / side in
//           double, sides are multiplied by it (and by max_size / long where that is above
//           max_size). kShrinkInside: ratio = max(h / height, w / width) in double; above 1 sides
//           are divided by it and cut off.
// Errors:   kBadArgument if a side would become 0 or exceed 1 << 24, and for kSmart a picture
// longer
//           than its reference takes
// Source:   reference.md sections 1, 3, 5: torchvision's _compute_resized_output_size and
//           center_crop, Ultralytics' LetterBox
Result<Placement> Place(const GeometryPlan& plan, int width, int height);

// Whether turn_to_fit turns a picture of this size.
bool TurnsToFit(const GeometryPlan& plan, int width, int height);

// The fixed-point weights of one axis, for outputs first_out .. first_out + size() - 1.
//
// Shapes:   first[i], count[i]: output i is the sum over t < count[i] of
//           weights[i * taps + t] * in[first[i] + t]; weights beyond count[i] are 0
// Units:    `precision` fractional bits: each output's weights sum to about 1 << precision
// Numbers:  out = clip8((sum + (1 << (precision - 1))) >> precision), in 32-bit integers
struct AxisWeights {
  static constexpr int kPillowPrecision = 22;
  int precision = kPillowPrecision;
  int taps = 0;  // the row length of `weights`: the largest count
  std::vector<int32_t> first;
  std::vector<int32_t> count;
  std::vector<int32_t> weights;
  bool identity = false;  // the pass changes nothing but the window: skip it
  int size() const { return int(first.size()); }
  int in_begin() const { return first.empty() ? 0 : first.front(); }
  int in_end() const { return first.empty() ? 0 : first.back() + count.back(); }
};

// Pillow's weights from in_size to out_size, for the outputs [out_begin, out_end).
//
// Rules:    filter is any but kArea and kNearestExact. Outputs do not depend on the range asked
// for. Source:   Pillow's Resample.c (precompute_coeffs, normalize_coeffs_8bpc); for kNearest its
//           Geometry.c (ImagingScaleAffine), whose running sum of steps is repeated here
AxisWeights MakeAxisWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end);

// The same weights before fixed point, as Pillow uses them for 16-bit and float pictures.
struct AxisWeightsF64 {
  int taps = 0;
  std::vector<int32_t> first;
  std::vector<int32_t> count;
  std::vector<double> weights;
  bool identity = false;
};
AxisWeightsF64 MakeAxisWeightsF64(int in_size, int out_size, Filter filter, int out_begin,
                                  int out_end);

// The two steps of MakeAxisWeights into memory that is there: the first gives what
// MakeAxisWeightsF64 does, the second brings it to fixed point.
//
// Rules:    a length above 0 is what of in_size is resized, where the last sample is a part of one
void FindAxisWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end,
                     AxisWeightsF64* exact, double length = 0.0);
void RoundAxisWeights(const AxisWeightsF64& exact, AxisWeights* fixed);

// torch's weights for byte samples, antialiased: the same before fixed point, then 16 bits each.
//
// Rules:    filter is kBilinear, kBicubic, kLanczos, kNearest or kNearestExact. All outputs of the
//           axis share one precision, the most bits (22 at most) with which the largest weight
//           stays below 1 << 15; weights are rounded half away from 0, their sums left alone.
//           kNearest: source floor(i * s) of s = in / out, in float32. kNearestExact: floor((i +
//           0.5)
//           * s) likewise; where both outputs of the picture, `across` being the other axis's, are
//           more than 128 together, floor(fma(i + 0.5, s, -0.5) + 0.5), which takes another source
//           where both are a last bit below a whole number
// Source:   measured on torch 2.15 with AVX2 and AVX512: equal in 300 random shapes a filter, and
//           for kNearestExact from 2..60 to every size up to 420
void FindTorchWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end,
                      AxisWeightsF64* exact, AxisWeights* fixed, int across = 1);

}  // namespace imnorm
