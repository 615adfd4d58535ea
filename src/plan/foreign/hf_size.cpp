// Turns a Hugging Face processor's size and crop_size into geometry.
#include "plan/foreign/hf_size.h"

#include <fmt/format.h>

#include "plan/foreign/foreign.h"

namespace imnorm {
namespace {

constexpr int64_t kLargestSide = int64_t(1) << 24;

void SetSquare(ResizePlan& resize, int side, bool square) {
  resize.kind = square ? ResizeKind::kExact : ResizeKind::kShortEdge;
  resize.size = square ? 0 : side;
  resize.width = resize.height = square ? side : 0;
}

void SetDefault(const HfSize& size, ResizePlan& resize) {
  const bool exact = size.kind == ResizeKind::kExact;
  resize.kind = size.kind;
  resize.height = exact ? size.first : 0;
  resize.width = exact ? size.second : 0;
  resize.size = exact ? 0 : size.first;
  resize.max_size = exact ? 0 : size.second;
}

// {height, width}, {shortest_edge}, {longest_edge}, both, or {max_height, max_width}.
void ReadSizeObject(ObjectReader& reader, ResizePlan& resize) {
  int height = 0, width = 0, shortest = 0, longest = 0, max_height = 0, max_width = 0;
  reader.Int("height", height, 1, kLargestSide);
  reader.Int("width", width, 1, kLargestSide);
  reader.Int("shortest_edge", shortest, 1, kLargestSide);
  reader.Int("longest_edge", longest, 1, kLargestSide);
  reader.Int("max_height", max_height, 1, kLargestSide);
  reader.Int("max_width", max_width, 1, kLargestSide);
  const bool exact = height && width && !shortest && !longest && !max_height && !max_width;
  const bool edges = (shortest || longest) && !height && !width && !max_height && !max_width;
  const bool inside = max_height && max_width && !height && !width && !shortest && !longest;
  if (!exact && !edges && !inside) {
    return reader.FailWith(
        "\"size\": needs height and width, shortest_edge and/or longest_edge, or max_height and "
        "max_width");
  }
  resize.size = edges ? (shortest ? shortest : longest) : 0;
  resize.max_size = shortest ? longest : 0;
  resize.width = exact ? width : max_width;
  resize.height = exact ? height : max_height;
  if (exact) {
    resize.kind = ResizeKind::kExact;
  } else if (inside) {
    resize.kind = ResizeKind::kFitInside;
  } else if (shortest && longest) {
    resize.kind = ResizeKind::kShortEdgeWithin;
  } else {
    resize.kind = shortest ? ResizeKind::kShortEdge : ResizeKind::kLongEdge;
  }
}

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

void CheckDpt(ObjectReader& reader, const ResizePlan& resize) {
  bool keep = false;
  int multiple = 1;
  reader.Bool("keep_aspect_ratio", keep);
  reader.Int("ensure_multiple_of", multiple, 1, kLargestSide);
  reader.Ignore({"size_divisor"});  // the step do_pad, which is refused when on
  if (keep) {
    reader.FailAt("keep_aspect_ratio", "DPT's own rule for it is not supported: only false");
  }
  if (resize.kind != ResizeKind::kExact || resize.width % multiple || resize.height % multiple) {
    reader.FailAt("ensure_multiple_of", "size must be height and width that it divides");
  }
}

}  // namespace

void ReadHfSize(ObjectReader& reader, const HfProcessor& processor, ResizePlan& resize) {
  bool square_int = processor.square_int;
  reader.Bool("default_to_square", square_int);
  SetDefault(processor.size, resize);
  const Json* size = reader.Find("size");
  if (!size) return;
  if (size->is_object()) {
    reader.Object("size", [&](ObjectReader& inner) { ReadSizeObject(inner, resize); });
    return;
  }
  if (size->is_array() && size->size() == 2) {  // [height, width]
    const Json pair = {{"height", (*size)[0]}, {"width", (*size)[1]}};
    ObjectReader inner(pair, "size");
    ReadSizeObject(inner, resize);
    if (auto finished = inner.Finish(); !finished) reader.FailWith(finished.error().message);
    return;
  }
  int side = 0;
  reader.Int("size", side, 1, kLargestSide);
  SetSquare(resize, side, square_int);
  resize.max_size = 0;
  if (processor.size.kind != ResizeKind::kShortEdgeWithin || !reader.Has("max_size")) return;
  reader.Int("max_size", resize.max_size, 1, kLargestSide);  // DETR's older spelling
  resize.kind = ResizeKind::kShortEdgeWithin;
}

void ApplyHfSizeRule(ObjectReader& reader, const HfProcessor& processor, GeometryPlan& geometry) {
  switch (processor.rule) {
    case HfSizeRule::kPlain:
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
      CheckDpt(reader, geometry.resize);
      break;
  }
}

}  // namespace imnorm
