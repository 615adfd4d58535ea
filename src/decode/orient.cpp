// Turns bands of rows as an orientation says.
#include "decode/orient.h"

#include <algorithm>
#include <cstring>

namespace imnorm {
namespace {

constexpr int kBandRows = 16;

// Orientations 5..8 exchange rows and columns.
bool Transposes(int orientation) { return orientation >= 5; }

// Where in a stored picture of width x height the upright pixel (x, y) comes from: a start and the
// steps to the right and downwards.
struct Walk {
  int x0, y0;
  int dx_right, dy_right;
  int dx_down, dy_down;
};

Walk WalkOf(int orientation, int width, int height) {
  const int right = width - 1;
  const int bottom = height - 1;
  switch (orientation) {
    case 2:
      return {right, 0, -1, 0, 0, 1};
    case 3:
      return {right, bottom, -1, 0, 0, -1};
    case 4:
      return {0, bottom, 1, 0, 0, -1};
    case 5:
      return {0, 0, 0, 1, 1, 0};
    case 6:
      return {0, bottom, 0, -1, 1, 0};
    case 7:
      return {right, bottom, 0, -1, -1, 0};
    case 8:
      return {right, 0, 0, 1, -1, 0};
    default:
      return {0, 0, 1, 0, 0, 1};
  }
}

// The stored pixels that an upright window shows.
Rect StoredWindow(const Walk& walk, const Rect& upright) {
  auto stored = [&](int x, int y) {
    return std::pair(walk.x0 + x * walk.dx_right + y * walk.dx_down,
                     walk.y0 + x * walk.dy_right + y * walk.dy_down);
  };
  const auto [xa, ya] = stored(upright.x, upright.y);
  const auto [xb, yb] = stored(upright.x + upright.width - 1, upright.y + upright.height - 1);
  return {std::min(xa, xb), std::min(ya, yb), std::abs(xa - xb) + 1, std::abs(ya - yb) + 1};
}

template <size_t kBytes>
void Gather(const uint8_t* in, ptrdiff_t step, int count, uint8_t* out) {
  for (int i = 0; i < count; ++i, in += step, out += kBytes) std::memcpy(out, in, kBytes);
}

void GatherPixels(const uint8_t* in, ptrdiff_t step, int count, size_t pixel_bytes, uint8_t* out) {
  switch (pixel_bytes) {
    case 1:
      return Gather<1>(in, step, count, out);
    case 2:
      return Gather<2>(in, step, count, out);
    case 3:
      return Gather<3>(in, step, count, out);
    case 4:
      return Gather<4>(in, step, count, out);
    case 6:
      return Gather<6>(in, step, count, out);
    default:
      for (int i = 0; i < count; ++i, in += step, out += pixel_bytes) {
        std::memcpy(out, in, pixel_bytes);
      }
  }
}

}  // namespace

void Orienter::Reset(int orientation, RowConsumer& consumer, const Stop& stop) {
  orientation_ = orientation;
  consumer_ = &consumer;
  stop_ = stop;
}

Result<Rect> Orienter::Begin(const ImageInfo& info) {
  stored_ = info;
  ImageInfo upright = info;
  if (Transposes(orientation_)) {
    std::swap(upright.width, upright.height);
    std::swap(upright.full_width, upright.full_height);
  }
  Result<Rect> window = consumer_->Begin(upright);
  if (!window) return window;
  upright_window_ = *window;
  stored_window_ = StoredWindow(WalkOf(orientation_, info.width, info.height), upright_window_);
  collected_.Reshape(stored_window_.width, stored_window_.height, info.channels, info.type);
  return stored_window_;
}

void Orienter::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  for (int i = 0; i < count; ++i, rows += stride_bytes) {
    std::memcpy(collected_.row(y - stored_window_.y + i), rows, collected_.stride_bytes());
  }
}

bool Orienter::Finish() {
  const Walk walk = WalkOf(orientation_, stored_window_.width, stored_window_.height);
  const size_t pixel_bytes = size_t(stored_.channels) * ElementBytes(stored_.type);
  const ptrdiff_t row_step = ptrdiff_t(collected_.stride_bytes());
  const ptrdiff_t right = walk.dx_right * ptrdiff_t(pixel_bytes) + walk.dy_right * row_step;
  const size_t stride = size_t(upright_window_.width) * pixel_bytes;
  band_.resize(stride * kBandRows);
  for (int y = 0; y < upright_window_.height;) {
    if (stop_()) return false;
    const int rows = std::min(kBandRows, upright_window_.height - y);
    for (int i = 0; i < rows; ++i) {
      const int x_start = walk.x0 + (y + i) * walk.dx_down;
      const int y_start = walk.y0 + (y + i) * walk.dy_down;
      GatherPixels(collected_.row(y_start) + size_t(x_start) * pixel_bytes, right,
                   upright_window_.width, pixel_bytes, band_.data() + size_t(i) * stride);
    }
    consumer_->Rows(band_.data(), stride, upright_window_.y + y, rows);
    y += rows;
  }
  return true;
}

}  // namespace imnorm
