// Reads the forms that a Hugging Face processor's size has.
#include "plan/foreign/hf_size.h"

#include <fmt/format.h>

#include "plan/foreign/foreign.h"

namespace imnorm {
namespace {

constexpr int64_t kLargestSide = int64_t(1) << 24;

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

}  // namespace

void SetSquare(ResizePlan& resize, int side, bool square) {
  resize.kind = square ? ResizeKind::kExact : ResizeKind::kShortEdge;
  resize.size = square ? 0 : side;
  resize.width = resize.height = square ? side : 0;
}

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
  if (size->is_array() && size->size() == 2) {
    const size_t height = processor.name == "Donut" ? 1 : 0;  // its own is [width, height]
    const Json pair = {{"height", (*size)[height]}, {"width", (*size)[1 - height]}};
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

}  // namespace imnorm
