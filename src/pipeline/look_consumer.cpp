// Counts, hashes and shrinks a picture in one pass over its rows.
#include "pipeline/look_consumer.h"

#include <algorithm>

namespace imnorm {
namespace {

constexpr int kSmallSide = 64;

}  // namespace

Result<Rect> LookConsumer::Begin(const ImageInfo& info) {
  info_ = info;
  sums_.Reset();
  hides_colours_ = false;
  hash_ = std::make_unique<Xxh3>();
  const int32_t size[2] = {info.width, info.height};
  hash_->Update(size, sizeof(size));
  colours_.resize(size_t(info.width) * 3);
  geometry_ = {};
  const double ratio = double(std::max(info.width, info.height)) / kSmallSide;
  if (ratio > 1.0) {
    geometry_.resize.kind = ResizeKind::kExact;
    geometry_.resize.filter = Filter::kBicubic;
    geometry_.resize.width = std::max(1, int(info.width / ratio));
    geometry_.resize.height = std::max(1, int(info.height / ratio));
  }
  resizer_ = MakePlacedSource(geometry_, *this);
  ImageInfo colours = info;
  colours.channels = 3;
  colours.has_alpha = false;
  if (auto begun = resizer_->Begin(colours); !begun) return Failed(begun);
  return Rect{0, 0, info.width, info.height};
}

const uint8_t* LookConsumer::WithoutAlpha(const uint8_t* row) {
  uint8_t* out = colours_.data();
  for (int x = 0; x < info_.width; ++x, row += 4, out += 3) {
    std::copy_n(row, 3, out);
    hides_colours_ = hides_colours_ || (row[3] == 0 && (row[0] | row[1] | row[2]) != 0);
  }
  return colours_.data();
}

void LookConsumer::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  const auto pixels = size_t(info_.width);
  for (int i = 0; i < count; ++i, rows += stride_bytes) {
    hash_->Update(rows, pixels * size_t(info_.channels));
    const uint8_t* row = info_.channels == 4 ? WithoutAlpha(rows) : rows;
    sums_.Add(row, pixels);
    resizer_->Rows(row, pixels * 3, y + i, 1);
  }
}

Result<void> LookConsumer::BeginPlaced(const Placement& place, const ImageInfo&) {
  small_width_ = place.out_width;
  small_height_ = place.out_height;
  small_.assign(size_t(small_width_) * size_t(small_height_) * 3, 0);
  return {};
}

void LookConsumer::PlacedRow(int y, const uint8_t* row) {
  const size_t bytes = size_t(small_width_) * 3;
  std::copy_n(row, bytes, small_.data() + size_t(y) * bytes);
}

Result<PictureLook> LookConsumer::Finish() {
  if (auto finished = resizer_->Finish(); !finished) return Failed(finished);
  PictureLook look;
  sums_.Finish(look);
  LookAtSmall(small_, small_width_, small_height_, look);
  return look;
}

}  // namespace imnorm
