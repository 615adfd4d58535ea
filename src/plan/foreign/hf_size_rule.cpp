// What the classes of Hugging Face do to a size of their own accord.
#include <fmt/format.h>

#include <algorithm>

#include "plan/foreign/foreign.h"
#include "plan/foreign/hf_size.h"

namespace imnorm {
namespace {

constexpr int64_t kLargestSide = int64_t(1) << 24;
constexpr int64_t kLargestMultiple = 4096;

double ReadCropPct(ObjectReader& reader, double crop_pct) {
  reader.Number("crop_pct", crop_pct);
  if (!(crop_pct > 0.0)) reader.FailAt("crop_pct", fmt::format("{} is not above 0", crop_pct));
  return crop_pct;
}

void ApplyConvNext(ObjectReader& reader, double crop_pct, GeometryPlan& geometry) {
  ResizePlan& resize = geometry.resize;
  if (resize.kind != ResizeKind::kShortEdge) {
    return reader.FailAt("size", "ConvNextImageProcessor takes only shortest_edge");
  }
  const int side = resize.size;
  if (side >= 384) return SetSquare(resize, side, true);
  if (geometry.crop.width != 0) {
    return reader.FailAt("do_center_crop", "ConvNextImageProcessor already crops by crop_pct");
  }
  resize.size = ScaledSide(reader, "crop_pct", side, crop_pct);
  geometry.crop.width = geometry.crop.height = side;
}

void ApplyPoolFormer(ObjectReader& reader, double crop_pct, ResizePlan& resize) {
  if (resize.kind == ResizeKind::kExact && resize.width != resize.height) {
    resize.width = ScaledSide(reader, "crop_pct", resize.width, crop_pct);
    resize.height = ScaledSide(reader, "crop_pct", resize.height, crop_pct);
    return;
  }
  const bool short_edge = resize.kind == ResizeKind::kShortEdge;
  if (!short_edge && resize.kind != ResizeKind::kExact) {
    return reader.FailAt("size", "PoolFormerImageProcessor takes shortest_edge, or height, width");
  }
  const int side = short_edge ? resize.size : resize.width;
  SetSquare(resize, ScaledSide(reader, "crop_pct", side, crop_pct), false);
}

void ApplyDpt(ObjectReader& reader, ResizePlan& resize) {
  bool keep = false;
  reader.Bool("keep_aspect_ratio", keep);
  reader.Int("ensure_multiple_of", resize.multiple, 1, kLargestSide);
  resize.multiple_rounding = MultipleRounding::kNearest;
  reader.Ignore({"size_divisor"});  // the step do_pad, which is refused when on
  if (resize.kind != ResizeKind::kExact) {
    return reader.FailAt("size", "DPT's classes take height and width");
  }
  if (keep) resize.kind = ResizeKind::kNearestScale;
}

void SetMultiple(ResizePlan& resize, int multiple, MultipleRounding rounding) {
  resize.multiple = multiple;
  resize.multiple_rounding = rounding;
}

int ReadDivisor(ObjectReader& reader) {
  int divisor = 32;
  reader.Int("size_divisor", divisor, 1, kLargestSide);
  return divisor;
}

// The long side is bounded by the ratio of 1333 to 800.
void ApplyVilt(ObjectReader& reader, ResizePlan& resize) {
  if (resize.kind != ResizeKind::kShortEdge) {
    return reader.FailAt("size", "ViLT's classes take shortest_edge");
  }
  resize.max_size = int(1333.0 / 800.0 * resize.size);
  resize.rounding = SideRounding::kHalfUp;
  SetMultiple(resize, ReadDivisor(reader), MultipleRounding::kFloor);
}

// patch_size: an object of height and width, or one number.
void ApplyPixtral(ObjectReader& reader, ResizePlan& resize) {
  int height = 16, width = 16;
  const Json* patch = reader.Find("patch_size");
  if (patch && patch->is_object()) {
    reader.Object("patch_size", [&](ObjectReader& inner) {
      inner.Int("height", height, 1, kLargestSide);
      inner.Int("width", width, 1, kLargestSide);
    });
  } else if (patch) {
    reader.Int("patch_size", height, 1, kLargestSide);
    width = height;
  }
  if (height != width) return reader.FailAt("patch_size", "only square patches are supported");
  if (resize.kind == ResizeKind::kLongEdge) {
    resize.width = resize.height = resize.size;
  } else if (resize.kind != ResizeKind::kExact) {
    return reader.FailAt("size", "PixtralImageProcessor takes longest_edge, or height and width");
  }
  resize.size = 0;
  resize.kind = ResizeKind::kShrinkInside;
  SetMultiple(resize, height, MultipleRounding::kCeil);
}

// As long as size, in the middle of a square; the colour is the mean's.
void ApplyJanus(ObjectReader& reader, GeometryPlan& geometry) {
  ResizePlan& resize = geometry.resize;
  if (resize.kind != ResizeKind::kExact || resize.width != resize.height) {
    return reader.FailAt("size", "this class takes the same height and width");
  }
  const int side = resize.width;
  resize.kind = ResizeKind::kLongEdge;
  resize.size = side;
  resize.width = resize.height = 0;
  resize.min_side = 14;
  resize.rounding = SideRounding::kHalfEven;
  reader.Int("min_size", resize.min_side, 1, side);
  bool pads = true;
  reader.Bool("do_pad", pads);
  if (pads) geometry.crop = {side, side, CropRounding::kTruncate};
}

// The size is max_image_size, of which only two are known to it.
void ApplyAria(ObjectReader& reader, GeometryPlan& geometry) {
  ResizePlan& resize = geometry.resize;
  if (resize.kind == ResizeKind::kTileGrid) return;  // a split picture, whose tiles are whole
  int side = 980;
  resize.min_side = 336;
  reader.Int("max_image_size", side, 1, kLargestSide);
  reader.Int("min_image_size", resize.min_side, 1, kLargestSide);
  reader.Ignore({"split_resolutions"});
  if (side != 490 && side != 980) {
    return reader.FailAt("max_image_size", "AriaImageProcessor takes 490 or 980");
  }
  if (resize.min_side > side) return reader.FailAt("min_image_size", "is above max_image_size");
  resize.kind = ResizeKind::kLongEdge;
  resize.rounding = SideRounding::kScaled;
  resize.size = side;
  resize.width = resize.height = 0;
  geometry.crop = {side, side, CropRounding::kCorner};
}

// As an older config spells it size_divisor is pad_size.
void ApplySwin2Sr(ObjectReader& reader, GeometryPlan& geometry) {
  geometry.resize.kind = ResizeKind::kNone;
  bool pads = true;
  reader.Bool("do_pad", pads);
  int divisor = 8;
  if (reader.Has("pad_size")) reader.Int("pad_size", divisor, 1, kLargestMultiple);
  reader.Int("size_divisor", divisor, 1, kLargestMultiple);
  if (pads) geometry.border = {BorderKind::kMirrorBehind, divisor};
}

// Its multiple is a fraction until a config says otherwise.
void ApplyZoeDepth(ObjectReader& reader, GeometryPlan& geometry) {
  constexpr double kFraction = 1.0 / 32.0;
  ResizePlan& resize = geometry.resize;
  bool keep = true, pads = true;
  double multiple = kFraction;
  reader.Bool("keep_aspect_ratio", keep);
  reader.Bool("do_pad", pads);
  reader.Number("ensure_multiple_of", multiple);
  if (resize.kind != ResizeKind::kExact) {
    return reader.FailAt("size", "ZoeDepthImageProcessor takes height and width");
  }
  const bool whole =
      multiple >= 1.0 && multiple <= double(kLargestMultiple) && multiple == double(int(multiple));
  if (multiple != kFraction && !whole) {
    return reader.FailAt("ensure_multiple_of", "is known as 1/32 or a whole number only");
  }
  if (whole) {
    resize.multiple = int(multiple);
    resize.multiple_rounding = MultipleRounding::kNearest;
  }
  if (!keep && (resize.width % resize.multiple != 0 || resize.height % resize.multiple != 0)) {
    return reader.FailAt("ensure_multiple_of",
                         "without keep_aspect_ratio only a size that is made of it is known");
  }
  if (keep) resize.kind = ResizeKind::kNearestScale;
  if (keep && !whole) resize.rounding = SideRounding::kTo32nds;
  resize.corners = true;
  if (pads) geometry.border.kind = BorderKind::kMirrorAround;
}

void ApplyOwlv2(ObjectReader& reader, GeometryPlan& geometry) {
  bool pads = true, rescales = true;
  reader.Bool("do_pad", pads);
  reader.Bool("rescale", rescales);  // as early configs spell do_rescale
  if (!pads) return reader.FailAt("do_pad", "pictures are made squares first: only true");
  if (!rescales) return reader.FailAt("rescale", "this class resizes scaled values: only true");
  if (geometry.resize.kind != ResizeKind::kExact ||
      geometry.resize.width != geometry.resize.height) {
    return reader.FailAt("size", "OWLv2's squares become squares: the same height and width");
  }
  geometry.resize.filter = Filter::kBilinear;  // whatever resample says
  geometry.resize.blur = true;
  geometry.border.kind = BorderKind::kSquare;
}

void ApplyIdefics2(ObjectReader& reader, ResizePlan& resize) {
  if (resize.kind == ResizeKind::kShortEdgeWithin) resize.kind = ResizeKind::kBothEdges;
  if (resize.kind == ResizeKind::kBothEdges || resize.kind == ResizeKind::kExact) return;
  reader.FailAt("size",
                "Idefics2ImageProcessor takes shortest_edge and longest_edge, or height and width");
}

void ApplySam(ObjectReader& reader, ResizePlan& resize) {
  reader.Ignore({"mask_size", "mask_pad_size"});
  if (resize.kind != ResizeKind::kLongEdge) {
    return reader.FailAt("size", "SamImageProcessor takes longest_edge");
  }
  resize.rounding = SideRounding::kHalfUp;
}

// Nougat's thumbnail is bicubic whatever its resample says.
void ApplyDonut(ObjectReader& reader, bool nougat, GeometryPlan& geometry) {
  ResizePlan& resize = geometry.resize;
  if (resize.kind != ResizeKind::kExact) {
    return reader.FailAt("size", "Donut's classes take height and width");
  }
  const int width = resize.width, height = resize.height;
  bool thumbnail = true, pads = true;
  reader.Bool("do_thumbnail", thumbnail);
  reader.Bool("do_pad", pads);
  reader.Bool("do_align_long_axis", geometry.turn_to_fit);
  geometry.cut_margin = nougat;
  if (nougat) reader.Bool("do_crop_margin", geometry.cut_margin);
  if (nougat && geometry.turn_to_fit && !IsPillows(geometry)) {
    return reader.FailAt("do_align_long_axis",
                         "this backend takes a picture's channels for a side as it turns it: only "
                         "false, or NougatImageProcessorPil");
  }
  if (geometry.turn_to_fit && !pads) {
    return reader.FailAt("do_align_long_axis", "goes with do_pad");
  }
  if (pads) geometry.crop = {width, height, CropRounding::kCeil};
  SetSquare(resize, std::min(width, height), false);
  if (!thumbnail) return;
  geometry.first = resize;
  resize.kind = ResizeKind::kThumbnail;
  resize.size = 0;
  resize.width = width;
  resize.height = height;
  if (nougat) resize.filter = Filter::kBicubic;
  if (nougat && IsPillows(geometry)) resize.reducing_gap = 2;
}

}  // namespace

void ApplyHfSizeRule(ObjectReader& reader, const HfProcessor& processor, GeometryPlan& geometry) {
  switch (processor.rule) {
    case HfSizeRule::kPlain:
    case HfSizeRule::kSmart:
      break;
    case HfSizeRule::kConvNext: {
      const double crop_pct = ReadCropPct(reader, 224.0 / 256.0);
      if (reader.ok()) ApplyConvNext(reader, crop_pct, geometry);
      break;
    }
    case HfSizeRule::kPoolFormer: {
      const double crop_pct = ReadCropPct(reader, 0.9);
      if (reader.ok()) ApplyPoolFormer(reader, crop_pct, geometry.resize);
      break;
    }
    case HfSizeRule::kLevit:
      if (geometry.resize.kind == ResizeKind::kShortEdge) {
        geometry.resize.size = int(256.0 / 224.0 * geometry.resize.size);
      }
      break;
    case HfSizeRule::kDpt:
      ApplyDpt(reader, geometry.resize);
      break;
    case HfSizeRule::kYolos:
      SetMultiple(geometry.resize, 16, MultipleRounding::kFloor);
      break;
    case HfSizeRule::kMaskFormer:
      SetMultiple(geometry.resize, ReadDivisor(reader), MultipleRounding::kCeil);
      break;
    case HfSizeRule::kVilt:
      ApplyVilt(reader, geometry.resize);
      break;
    case HfSizeRule::kPixtral:
      ApplyPixtral(reader, geometry.resize);
      break;
    case HfSizeRule::kJanus:
      ApplyJanus(reader, geometry);
      break;
    case HfSizeRule::kAria:
      ApplyAria(reader, geometry);
      break;
    case HfSizeRule::kSam:
      ApplySam(reader, geometry.resize);
      break;
    case HfSizeRule::kDonut:
      ApplyDonut(reader, processor.name == "Nougat", geometry);
      break;
    case HfSizeRule::kSwin2Sr:
      ApplySwin2Sr(reader, geometry);
      break;
    case HfSizeRule::kZoeDepth:
      ApplyZoeDepth(reader, geometry);
      break;
    case HfSizeRule::kOwlv2:
      ApplyOwlv2(reader, geometry);
      break;
    case HfSizeRule::kIdefics2:
      ApplyIdefics2(reader, geometry.resize);
      break;
    case HfSizeRule::kGlpn:
      geometry.resize.kind = ResizeKind::kOwnSize;  // whatever a size says
      SetMultiple(geometry.resize, ReadDivisor(reader), MultipleRounding::kFloor);
      break;
  }
}

}  // namespace imnorm
