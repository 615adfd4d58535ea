// Says what is contradictory in a plan, before any work.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imnorm/plan.h"
#include "imnorm/words.h"
#include "plan/mean_scale.h"
#include "plan/validate_patches.h"

namespace imnorm {
namespace {

constexpr int kLargestSide = 1 << 24;
constexpr int kMostTiles = 1024;

bool IsSide(int side) { return side >= 1 && side <= kLargestSide; }

// Beyond a gigapixel an output is a slip of the keyboard, not a tensor.
constexpr int64_t kLargestArea = int64_t(1) << 30;

Result<void> CheckSides(const char* what, int width, int height) {
  if (IsSide(width) && IsSide(height)) {
    if (int64_t(width) * height <= kLargestArea) return {};
    return Blame(
        what, fmt::format("{} of {} x {}: more than {} pixels", what, width, height, kLargestArea));
  }
  return Blame(
      what, fmt::format("{} of {} x {}: sides go from 1 to {}", what, width, height, kLargestSide));
}

bool ScalesFirst(ResizeEngine engine) {
  return engine == ResizeEngine::kTorchScaled || engine == ResizeEngine::kTorchDirect;
}

bool TakesBytesOnly(ResizeEngine engine) {
  return engine == ResizeEngine::kTorch || engine == ResizeEngine::kTorchFloat ||
         ScalesFirst(engine);
}

Result<void> CheckFilter(const ResizePlan& resize) {
  const bool opencv = resize.engine == ResizeEngine::kOpencv;
  const bool floats = resize.engine == ResizeEngine::kTorchFloat || ScalesFirst(resize.engine);
  const bool torch = resize.engine == ResizeEngine::kTorch || floats;
  if (!opencv && resize.filter == Filter::kArea) {
    return Blame("resize.filter", "filter area is OpenCV's: use `like` opencv, or box");
  }
  if (!torch && resize.filter == Filter::kNearestExact) {
    return Blame("resize.filter", "filter nearest-exact is torch's: use `like` torch, or nearest");
  }
  if (torch && (resize.filter == Filter::kBox || resize.filter == Filter::kHamming)) {
    return Blame(
        "resize.filter",
        fmt::format("torch has no filter {}: use nearest, nearest-exact, bilinear, bicubic or "
                    "lanczos, or another `like`",
                    WordOf(resize.filter)));
  }
  if (floats && resize.filter == Filter::kLanczos) {
    return Blame("resize.filter",
                 "torch-float has nearest, nearest-exact, bilinear and bicubic: take `like` torch "
                 "for lanczos");
  }
  if (resize.engine == ResizeEngine::kTorchDirect && resize.filter != Filter::kBilinear) {
    return Blame("resize.filter", "without antialiasing torch's resize is known as bilinear only");
  }
  if ((resize.corners || resize.blur) && resize.engine != ResizeEngine::kTorchDirect) {
    return Blame("resize.engine", "`corners` and `blur` go with the engine torch-direct");
  }
  if (resize.reducing_gap > 0 && resize.engine != ResizeEngine::kPillow) {
    return Blame("resize.engine", "`reducing_gap` goes with the engine pillow");
  }
  if (opencv && (resize.filter == Filter::kBox || resize.filter == Filter::kHamming)) {
    return Blame(
        "resize.filter",
        fmt::format("OpenCV has no filter {}: use nearest, bilinear, bicubic, lanczos or area, or "
                    "another `like`",
                    WordOf(resize.filter)));
  }
  return {};
}

Result<void> CheckPixelRange(const ResizePlan& resize) {
  if (resize.min_pixels >= 0 && resize.max_pixels >= 1 && resize.max_pixels <= kLargestArea &&
      resize.min_pixels <= resize.max_pixels) {
    return {};
  }
  return Blame("resize.max_pixels",
               fmt::format("pixels of {} to {}: a range within 0 to {}", resize.min_pixels,
                           resize.max_pixels, kLargestArea));
}

// Whole grids of tiles that one of may be chosen of.
Result<void> CheckTileSizes(const ResizePlan& resize) {
  if (resize.tiles != TileRule::kSizes) return {};
  if (resize.sizes.empty()) return Blame("resize.sizes", "tiles by sizes need `sizes`");
  for (const TileSize& size : resize.sizes) {
    if (auto sides = CheckSides("resize", size.width, size.height); !sides) return sides;
    if (size.width % resize.width == 0 && size.height % resize.height == 0) continue;
    return Blame("resize.sizes", fmt::format("{}x{} is not made of tiles of {}x{}", size.width,
                                             size.height, resize.width, resize.height));
  }
  return {};
}

Result<void> CheckTiles(const ResizePlan& resize) {
  if (auto sides = CheckSides("resize", resize.width, resize.height); !sides) return sides;
  if (auto sizes = CheckTileSizes(resize); !sizes) return sizes;
  if (resize.max_side_tiles >= 0 && resize.min_tiles >= 1 && resize.min_tiles <= resize.max_tiles &&
      resize.max_tiles <= kMostTiles) {
    return {};
  }
  return Blame("resize.max_tiles", fmt::format("{} to {} tiles: a range within 1 to {}",
                                               resize.min_tiles, resize.max_tiles, kMostTiles));
}

Result<void> CheckMultiple(const ResizePlan& resize) {
  if (!IsSide(resize.multiple) || !IsSide(resize.frames)) {
    return Blame("resize.multiple", fmt::format("multiple {} and frames {}: from 1 to {}",
                                                resize.multiple, resize.frames, kLargestSide));
  }
  if (resize.multiple == 1 || resize.kind != ResizeKind::kLetterbox) return {};
  return Blame("resize.multiple", "a letterbox has a stride in its place");
}

Result<void> CheckResize(const ResizePlan& resize) {
  switch (resize.kind) {
    case ResizeKind::kNone:
      return {};
    case ResizeKind::kLongEdge:
    case ResizeKind::kLongEdgeEven:
      if (auto sides = CheckSides("resize", resize.size, 1); !sides) return sides;
      break;
    case ResizeKind::kShortEdge:
    case ResizeKind::kShortEdgeWithin:
    case ResizeKind::kBothEdges:
      if (auto sides = CheckSides("resize", resize.size, resize.size); !sides) return sides;
      // torchvision refuses the same: the bound could never be kept.
      if (resize.kind == ResizeKind::kShortEdge && resize.max_size != 0 &&
          resize.max_size <= resize.size) {
        return Blame("resize.max_size",
                     fmt::format("max_size {} must be above the short edge's size {}",
                                 resize.max_size, resize.size));
      }
      if (resize.kind != ResizeKind::kShortEdge && !IsSide(resize.max_size)) {
        return Blame("resize.max_size", fmt::format("{} needs a max_size", WordOf(resize.kind)));
      }
      break;
    case ResizeKind::kExact:
    case ResizeKind::kFitInside:
    case ResizeKind::kRatioInside:
    case ResizeKind::kRatioOutside:
    case ResizeKind::kLetterbox:
    case ResizeKind::kShrinkInside:
    case ResizeKind::kNearestScale:
    case ResizeKind::kThumbnail:
      if (auto sides = CheckSides("resize", resize.width, resize.height); !sides) return sides;
      break;
    case ResizeKind::kOwnSize:
      break;
    case ResizeKind::kSmart:
      if (auto range = CheckPixelRange(resize); !range) return range;
      if (resize.smart == SmartRule::kShrunk && !IsSide(resize.max_size)) {
        return Blame("resize.max_size", "shrunk needs a max_size");
      }
      break;
    case ResizeKind::kTileGrid:
      if (auto tiles = CheckTiles(resize); !tiles) return tiles;
      break;
  }
  if (auto multiple = CheckMultiple(resize); !multiple) return multiple;
  return CheckFilter(resize);
}

// Zeros stand behind a picture, or a colour around a crop's: not both.
Result<void> CheckPad(const GeometryPlan& geometry) {
  const PadPlan& pad = geometry.pad;
  if (pad.width == 0 && pad.height == 0) return {};
  if (auto sides = CheckSides("pad", pad.width, pad.height); !sides) return sides;
  if (geometry.crop.width > 0) {
    return Blame("crop", "the plan pads with zeros: give `crop` none");
  }
  if (geometry.resize.kind == ResizeKind::kLetterbox ||
      geometry.resize.kind == ResizeKind::kTileGrid) {
    return Blame("resize", "a letterbox and a grid of tiles are padded already");
  }
  return {};
}

Result<void> CheckGeometry(const GeometryPlan& geometry) {
  if (auto resize = CheckResize(geometry.resize); !resize) return resize;
  if (auto first = CheckResize(geometry.first); !first) return first;
  if (geometry.first.kind == ResizeKind::kLetterbox ||
      geometry.first.kind == ResizeKind::kTileGrid) {
    return Blame("resize", "the first of two resizes is neither a letterbox nor a grid of tiles");
  }
  if (auto pad = CheckPad(geometry); !pad) return pad;
  const CropPlan& crop = geometry.crop;
  if (geometry.turn_to_fit && crop.width == 0) {
    return Blame("crop", "pictures are turned to fit a crop: give one");
  }
  if (crop.width == 0 && crop.height == 0) return {};
  if (auto sides = CheckSides("crop", crop.width, crop.height); !sides) return sides;
  if (geometry.resize.kind == ResizeKind::kLetterbox) {
    return Blame("crop", "a letterbox already fixes the size: give `crop` none");
  }
  return {};
}

Result<void> CheckOutput(const Plan& plan) {
  const ValuePlan& values = plan.values;
  const bool bytes = values.dtype == ElementType::kU8 || values.dtype == ElementType::kI8;
  if (values.quantize && !bytes)
    return Blame("values.qscale",
                 "`values.qscale` and `values.qzero` need `values.dtype` uint8 or int8");
  if (!bytes || values.quantize) return {};
  if (values.dtype == ElementType::kI8 || plan.method != Method::kNone) {
    return Blame("values.dtype",
                 fmt::format("`values.dtype` {} needs `values.qscale` (and `values.qzero`){}",
                             ElementTypeName(values.dtype),
                             values.dtype == ElementType::kU8 ? ", or `method` none" : ""));
  }
  if (plan.depth == 16) return Blame("values.dtype", "`values.dtype` uint8 cannot hold `depth` 16");
  return {};
}

// What pictures that are taken as they are stored cannot have.
Result<void> CheckNative(const Plan& plan) {
  const NativeBands& bands = plan.native;
  if (plan.channels != ChannelOrder::kNative) {
    if (bands.channels == 0) return {};
    return Blame("native", "`native` tells of `channels` native, and the plan has others");
  }
  const bool known = bands.type == ElementType::kU8 || bands.type == ElementType::kU16 ||
                     bands.type == ElementType::kF32 || bands.type == ElementType::kF64;
  if (!known) {
    return Blame("native",
                 fmt::format("no picture has samples of type {}", ElementTypeName(bands.type)));
  }
  if (plan.patches.size > 0 || plan.geometry.cut_margin || plan.geometry.turn_to_fit ||
      plan.geometry.border.kind != BorderKind::kNone) {
    return Blame("channels", "patches and pages are of colour pictures: leave out `channels`");
  }
  const bool resizes = plan.geometry.resize.kind != ResizeKind::kNone;
  const ResizeEngine engine = plan.geometry.resize.engine;
  const bool takes_floats = engine == ResizeEngine::kTorchFloat && bands.type != ElementType::kU16;
  if (bands.channels > 0 && bands.type != ElementType::kU8 && resizes && TakesBytesOnly(engine) &&
      !takes_floats) {
    return Blame("like", fmt::format("its resize takes 8-bit samples, these are {}: `like` "
                                     "torchvision resizes any, torch-float floats",
                                     ElementTypeName(bands.type)));
  }
  return {};
}

// A mean beyond the largest value that a sample can have was meant for another scale.
Result<void> CheckMeans(const Plan& plan) {
  const ValuePlan& values = plan.values;
  if (plan.method != Method::kGiven || !values.rescale || values.arithmetic == Arithmetic::kRaw) {
    return {};
  }
  const double factor = values.rescale_factor != 0.0 ? values.rescale_factor : 1.0 / values.scale;
  const bool native = plan.channels == ChannelOrder::kNative;
  if (native && (plan.native.channels == 0 || UsualScale(plan.native.type) == 1.0)) return {};
  // At depth 16 the usual scale of 255 stands for 65535.
  const bool wide =
      (native ? plan.native.type == ElementType::kU16 : plan.depth == 16) && values.scale != 255.0;
  return CheckMeanScale(values.mean, values.std, (wide ? 65535.0 : 255.0) * factor, 1.0 / factor);
}

}  // namespace

Result<void> ValidatePlan(const Plan& plan, PlanInput input) {
  // Of a tensor's channels no more is known than that the plan's lists may fit them.
  const bool pictures = input == PlanInput::kPictures;
  const bool native = plan.channels == ChannelOrder::kNative;
  const bool known = pictures && !(native && plan.native.channels == 0);
  const ValuePlan& v = plan.values;
  const int channels =
      known ? ChannelCount(plan)
            : int(std::max({v.mean.size(), v.std.size(), v.low.size(), v.high.size()}));
  if (auto geometry = CheckGeometry(plan.geometry); !geometry) return geometry;
  if (plan.depth != 8 && plan.depth != 16) {
    return Blame("depth", fmt::format("depth {}: only 8 and 16 exist", plan.depth));
  }
  if (auto bands = CheckNative(plan); !bands) return bands;
  if (plan.like == Engine::kHfFast && plan.geometry.resize.filter == Filter::kNearest &&
      plan.geometry.resize.engine == ResizeEngine::kTorch) {
    return Blame("resize.filter",
                 "what transformers calls nearest is nearest-exact in hf-fast: name that filter");
  }
  if (plan.max_pixels < 1) return Blame("max_pixels", "max pixels below 1");
  if (plan.icc == IccPolicy::kSrgb && (plan.depth == 16 || native)) {
    return Blame("icc",
                 "`icc` srgb makes 8 bits of red, green and blue, or grey of them: leave out "
                 "`depth` 16 and `channels` native");
  }
  if (plan.geometry.cut_margin && (plan.depth == 16 || plan.channels == ChannelOrder::kGray)) {
    return Blame("depth",
                 "a page's margin is found in bytes of three channels: leave out `depth` "
                 "and `channels`");
  }
  if (plan.depth == 16 && !native && TakesBytesOnly(plan.geometry.resize.engine) &&
      plan.geometry.resize.kind != ResizeKind::kNone) {
    return Blame("depth",
                 "torch's resize takes 8-bit samples: leave out `depth`, or take another `like`");
  }
  // The one order of arithmetic in which scaled samples are known.
  if (ScalesFirst(plan.geometry.resize.engine) && !plan.values.before_resize &&
      (plan.method != Method::kGiven || !plan.values.rescale || plan.values.scale != 255.0 ||
       plan.values.arithmetic != Arithmetic::kReciprocal)) {
    return Blame(
        "resize.engine",
        "the resize is of samples over 255: it goes with `method` given and `values.scale` "
        "255, or take another `like`");
  }
  if (plan.values.before_resize &&
      (plan.geometry.resize.engine != ResizeEngine::kTorchDirect || plan.method != Method::kGiven ||
       plan.geometry.border.kind != BorderKind::kNone || plan.geometry.cut_margin ||
       plan.geometry.turn_to_fit || plan.geometry.first.kind != ResizeKind::kNone)) {
    return Blame(
        "values.before_resize",
        "values are resized by one resize of the engine torch-direct, with `method` given");
  }
  // What was meant for 0..255 would be silently wrong for 0..65535.
  if (plan.depth == 16 && plan.method == Method::kGiven && !plan.values.mean.empty() &&
      (!plan.values.rescale || plan.values.arithmetic == Arithmetic::kRaw)) {
    return Blame("depth",
                 "values on the 0..255 scale do not fit `depth` 16: give `values.mean`, "
                 "`values.std`, `values.scale`");
  }
  if (auto patches = CheckPatches(plan); !patches) return patches;
  if (auto values = CheckValues(plan.values, channels); !values) return values;
  if (!plan.values.low.empty() && plan.method != Method::kGiven) {
    return Blame("values.low", "samples are stretched with `method` given only");
  }
  if (pictures) {
    if (auto means = CheckMeans(plan); !means) return means;
    if (plan.denormalize)
      return Blame("denormalize", "denormalize takes a tensor (.npy, .safetensors)");
    if (!RowOf(plan.values.dtype).of_pictures) {
      return Blame("values.dtype",
                   fmt::format("`values.dtype` {} is for tensors: what is made of pictures is "
                               "float32 at most",
                               ElementTypeName(plan.values.dtype)));
    }
  }
  if (auto output = CheckOutput(plan); !output) return output;
  return ValidateLayer(plan.layer, plan.method, known ? channels : plan.layer.groups);
}

}  // namespace imnorm
