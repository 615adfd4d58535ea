// Mirrors a picture around itself, or makes it a square.
#include "geometry/border.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace imnorm {
namespace {

// As many as --max-pixels lets in by default.
constexpr int64_t kMostPixels = 178956970;

int64_t AroundOf(int64_t side) { return int64_t(std::sqrt(double(side) / 2.0) * 3.0); }

Result<Size> TooSmall(const Size& size, int64_t across, int64_t down) {
  return Fail(ErrorCode::kBadArgument,
              fmt::format("{}x{} has too few pixels to be mirrored by {} and {}", size.width,
                          size.height, across, down));
}

// The sample of a side that stands at each place of what it becomes; -1: none.
std::vector<int> SourcesOf(BorderKind kind, int side, int64_t bordered) {
  std::vector<int> sources(static_cast<size_t>(bordered), -1);
  const int before = kind == BorderKind::kMirrorAround ? int(AroundOf(side)) : 0;
  for (int i = 0; i < int(bordered); ++i) {
    int at = i - before;
    if (kind == BorderKind::kMirrorAround) {
      at = std::abs(at);
      if (at >= side) at = 2 * (side - 1) - at;
    } else if (kind == BorderKind::kMirrorBehind) {
      at %= 2 * side;  // small pictures are mirrored over and over
      if (at >= side) at = 2 * side - 1 - at;
    } else if (at >= side) {
      at = -1;
    }
    sources[size_t(i)] = at;
  }
  return sources;
}

}  // namespace

Result<Size> BorderedSize(const BorderPlan& border, bool by_pillow, Size size) {
  switch (border.kind) {
    case BorderKind::kNone:
      break;
    case BorderKind::kMirrorBehind: {
      const int64_t multiple = border.multiple;
      const Size made = {(size.width / multiple + 1) * multiple,
                         (size.height / multiple + 1) * multiple};
      if (!by_pillow && (made.width > 2 * size.width || made.height > 2 * size.height)) {
        return TooSmall(size, made.width - size.width, made.height - size.height);
      }
      return made;
    }
    case BorderKind::kMirrorAround: {
      const Size more = {AroundOf(size.width), AroundOf(size.height)};
      if (more.width >= size.width || more.height >= size.height) {
        return TooSmall(size, more.width, more.height);
      }
      return Size{size.width + 2 * more.width, size.height + 2 * more.height};
    }
    case BorderKind::kSquare: {
      const int64_t side = std::max(size.width, size.height);
      return Size{side, side};
    }
  }
  return size;
}

Result<void> AddBorder(const BorderPlan& border, bool by_pillow, Image& picture) {
  if (border.kind == BorderKind::kNone) return {};
  const auto size = BorderedSize(border, by_pillow, {picture.width, picture.height});
  if (!size) return Failed(size);
  if (size->width * size->height > kMostPixels) {
    return Blame("resize",
                 fmt::format("{}x{} would first become {}x{}, more than {} pixels", picture.width,
                             picture.height, size->width, size->height, kMostPixels),
                 ErrorCode::kTooLarge);
  }
  const auto columns = SourcesOf(border.kind, picture.width, size->width);
  const auto rows = SourcesOf(border.kind, picture.height, size->height);
  Image bordered;
  bordered.Reshape(int(size->width), int(size->height), picture.channels, picture.type);
  std::fill(bordered.pixels.begin(), bordered.pixels.end(), uint8_t{0});
  const size_t pixel = size_t(picture.channels) * ElementBytes(picture.type);
  for (size_t y = 0; y < rows.size(); ++y) {
    if (rows[y] < 0) continue;
    const uint8_t* from = picture.row(rows[y]);
    uint8_t* to = bordered.row(int(y));
    for (size_t x = 0; x < columns.size(); ++x, to += pixel) {
      if (columns[x] >= 0) std::memcpy(to, from + size_t(columns[x]) * pixel, pixel);
    }
  }
  picture = std::move(bordered);
  return {};
}

}  // namespace imnorm
