// Adds rows up as they are decoded, without masked pixels and nodata.
#include "pipeline/sums_consumer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "kernels/sums16.h"
#include "pipeline/nearest_float.h"

namespace imnorm {
void SumsConsumer::Reset(const ImageInfo& info, int width, int height) {
  info_ = info;
  const auto channels = size_t(info.channels);
  sums_.width = width;
  sums_.height = height;
  sums_.channels = info.channels;
  sums_.levels = info.type == ElementType::kU16 ? 65536 : 256;
  sums_.pixels = 0;
  sums_.sum.assign(channels, 0);
  sums_.sum_squares.assign(channels, 0);
  sums_.cross.assign(options_.cross ? channels * (channels - 1) / 2 : 0, 0);
  sums_.min.assign(channels, uint32_t(sums_.levels - 1));
  sums_.max.assign(channels, 0);
  sums_.histogram.assign(options_.histogram ? channels * size_t(sums_.levels) : 0, 0);
  pads_ = 0;
  if (is_float()) floats_.Reset(width, height, info.channels, options_.cross);
  fast_ = {};
  kernels::ClearHistogram(&histogram_);
}

void SumsConsumer::TakeNodata(const ImageInfo& info) {
  if (look_ == Look::kSumMarked) return;  // the marks know
  nodata_ = options_.leave_out_nodata ? info.nodata : std::nullopt;
  needs_marks_ = nodata_ && info.reduced;
  if (needs_marks_) nodata_.reset();
  left_out_nodata_ = nodata_.has_value();
  if (nodata_ && info.type == ElementType::kF32) nodata_ = NearestFloat(*nodata_);
}

Result<Rect> SumsConsumer::Begin(const ImageInfo& info) {
  if (mask_ != nullptr && (mask_->width != info.width || mask_->height != info.height)) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("its mask is {}x{}, the picture {}x{}", mask_->width, mask_->height,
                            info.width, info.height));
  }
  if (look_ == Look::kSumMarked && (marks_->width != info.width || marks_->height != info.height)) {
    return Fail(ErrorCode::kIo, "the file changed while it was read");
  }
  ImageInfo counted = info;
  stored_channels_ = info.channels;
  if (options_.alpha_mask && info.has_alpha) --counted.channels;
  ignored_ = options_.ignore_values;
  if (info.type == ElementType::kF32) {
    for (double& value : ignored_) value = NearestFloat(value);
  }
  TakeNodata(info);
  if (look_ == Look::kMarkWide && info.type == ElementType::kU16) {
    info_ = counted;
    marks_->Reshape(info.width, info.height, 1, ElementType::kU8);
    return Rect{0, 0, info.width, info.height};
  }
  const std::optional<ImageInfo>& only = options_.only;
  if (only && (counted.channels != only->channels || counted.type != only->type)) {
    return Fail(
        ErrorCode::kUnsupported,
        fmt::format("{} x {}, where the first good picture has {} x {}", counted.channels,
                    ElementTypeName(counted.type), only->channels, ElementTypeName(only->type)));
  }
  Reset(counted, info.width, info.height);
  return Rect{0, 0, info.width, info.height};
}

void SumsConsumer::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  if (marked()) {
    const size_t pixel = size_t(stored_channels_) * ElementBytes(info_.type);
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      uint8_t* marks = marks_->row(y + i);
      for (int x = 0; x < info_.width; ++x) {
        marks[x] = Counts(rows + size_t(x) * pixel, x, y + i) ? 1 : 0;
      }
    }
    return;
  }
  const bool filters = mask_ != nullptr || !ignored_.empty() || nodata_ ||
                       look_ == Look::kSumMarked || stored_channels_ != info_.channels;
  if (!filters) {
    AddBand(rows, stride_bytes, count, size_t(info_.width));
    return;
  }
  for (int i = 0; i < count; ++i, rows += stride_bytes) {
    const size_t kept = Compact(rows, y + i);
    AddBand(kept_.data(), 0, 1, kept);
  }
}

double SumsConsumer::ValueAt(const uint8_t* pixel, size_t channel) const {
  const size_t sample = ElementBytes(info_.type);
  float real = 0;
  double longer = 0;
  uint16_t wide = 0;
  if (info_.type == ElementType::kF64) {
    std::memcpy(&longer, pixel + channel * sample, sizeof(longer));
    return longer;
  }
  if (is_float()) {
    std::memcpy(&real, pixel + channel * sample, sizeof(real));
    return real;
  }
  if (!is_wide()) return pixel[channel];
  std::memcpy(&wide, pixel + channel * sample, sizeof(wide));
  return wide;
}

// Whether each channel of a pixel has the value wanted of it; NaN is every NaN.
template <typename Wanted>
bool SumsConsumer::IsJust(const uint8_t* pixel, const Wanted& wanted) const {
  for (size_t c = 0; c < size_t(info_.channels); ++c) {
    const double value = ValueAt(pixel, c);
    if (value != wanted(c) && !(std::isnan(value) && std::isnan(wanted(c)))) return false;
  }
  return true;
}

bool SumsConsumer::Counts(const uint8_t* pixel, int x, int y) const {
  if (look_ == Look::kSumMarked) return marks_->row(y)[x] != 0;
  if (mask_ != nullptr && mask_->row(y)[x] == 0) return false;
  const auto channels = size_t(info_.channels);
  if (size_t(stored_channels_) != channels && ValueAt(pixel, channels) == 0) return false;
  if (nodata_ && IsJust(pixel, [this](size_t) { return *nodata_; })) return false;
  if (ignored_.empty()) return true;
  return !IsJust(pixel, [this](size_t c) { return ignored_[ignored_.size() == 1 ? 0 : c]; });
}

// Copies the pixels of a row that count to kept_, without alpha; returns how many there are.
size_t SumsConsumer::Compact(const uint8_t* row, int y) {
  const size_t sample = ElementBytes(info_.type);
  const size_t stored = size_t(stored_channels_) * sample;
  const size_t pixel = size_t(info_.channels) * sample;
  kept_.resize(size_t(info_.width) * pixel);
  uint8_t* out = kept_.data();
  for (int x = 0; x < info_.width; ++x, row += stored) {
    if (!Counts(row, x, y)) continue;
    std::memcpy(out, row, pixel);
    out += pixel;
  }
  return size_t(out - kept_.data()) / pixel;
}

Result<void> SumsConsumer::BeginPlaced(const Placement& place, const ImageInfo& info) {
  Reset(info, place.out_width, place.out_height);
  nodata_.reset();
  left_out_nodata_ = false;
  row_pixels_ = place.window.width;
  pads_ = uint64_t(place.out_width) * uint64_t(place.out_height) -
          uint64_t(place.window.width) * uint64_t(place.window.height);
  return {};
}

void SumsConsumer::PlacedRow(int, const uint8_t* row) { AddBand(row, 0, 1, size_t(row_pixels_)); }

void SumsConsumer::AddBand(const uint8_t* rows, size_t stride_bytes, int count, size_t pixels) {
  if (is_float()) {
    const auto channels = size_t(info_.channels);
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      if (info_.type == ElementType::kF64) {
        AddFloatPixels(reinterpret_cast<const double*>(rows), pixels, channels, 1, &floats_);
      } else {
        AddFloatPixels(reinterpret_cast<const float*>(rows), pixels, channels, 1, &floats_);
      }
    }
    return;
  }
  sums_.pixels += pixels * uint64_t(count);
  if (info_.type == ElementType::kU16 || (info_.channels != 1 && info_.channels != 3)) {
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      kernels::AddSumsWide(rows, pixels, info_.channels, info_.type, sums_);
    }
    return;
  }
  if (!options_.histogram) {
    kernels::AddSums(rows, stride_bytes, count, pixels, info_.channels, &fast_);
    return;
  }
  kernels::AddHistogram(rows, stride_bytes, count, pixels, info_.channels, &histogram_, &fast_);
}

// Moves what the fast kernels gathered into the picture's sums.
void SumsConsumer::TakeFastSums() {
  for (size_t c = 0; c < size_t(info_.channels); ++c) {
    sums_.sum[c] += fast_.sum[c];
    sums_.sum_squares[c] += fast_.sum_squares[c];
    sums_.min[c] = std::min(sums_.min[c], uint32_t(fast_.min[c]));
    sums_.max[c] = std::max(sums_.max[c], uint32_t(fast_.max[c]));
  }
  for (size_t p = 0; p < sums_.cross.size(); ++p) sums_.cross[p] += fast_.cross[p];
}

// What the kernels add up where there is no histogram, from the histogram.
void SumsConsumer::TakeHistogram() {
  kernels::FlushHistogram(&histogram_, info_.channels, sums_.histogram.data(), &fast_);
  for (int c = 0; c < info_.channels; ++c) {
    const uint64_t* counts = sums_.histogram.data() + 256 * c;
    for (uint64_t value = 0; value < 256; ++value) {
      fast_.sum[c] += counts[value] * value;
      fast_.sum_squares[c] += counts[value] * value * value;
    }
    int low = 0, high = 255;
    while (low < 255 && counts[low] == 0) ++low;
    while (high > 0 && counts[high] == 0) --high;
    // Of no pixels: as RowSums begins.
    fast_.min[c] = uint8_t(low);
    fast_.max[c] = uint8_t(high);
  }
}

void SumsConsumer::AddPads() {
  if (pads_ == 0) return;
  const auto channels = size_t(info_.channels);
  const uint64_t factor = info_.type == ElementType::kU16 ? 257 : 1;
  const auto fill = [&](size_t c) { return options_.fill[c % 3] * factor; };
  sums_.pixels += pads_;
  size_t pair = 0;
  for (size_t c = 0; c < channels; ++c) {
    sums_.sum[c] += pads_ * fill(c);
    sums_.sum_squares[c] += pads_ * fill(c) * fill(c);
    sums_.min[c] = std::min(sums_.min[c], uint32_t(fill(c)));
    sums_.max[c] = std::max(sums_.max[c], uint32_t(fill(c)));
    if (options_.histogram) sums_.histogram[c * size_t(sums_.levels) + fill(c)] += pads_;
    for (size_t d = c + 1; d < channels; ++d) sums_.cross[pair++] += pads_ * fill(c) * fill(d);
  }
}

void SumsConsumer::Finish(PictureSums* sums) {
  if (info_.type == ElementType::kU8 && (info_.channels == 1 || info_.channels == 3)) {
    if (options_.histogram) TakeHistogram();
    TakeFastSums();
  }
  AddPads();
  if (options_.bgr && sums_.channels == 3) {
    std::swap(sums_.sum[0], sums_.sum[2]);
    std::swap(sums_.sum_squares[0], sums_.sum_squares[2]);
    std::swap(sums_.min[0], sums_.min[2]);
    std::swap(sums_.max[0], sums_.max[2]);
    std::swap(sums_.cross[0], sums_.cross[2]);  // (r,g) and (g,b)
    if (options_.histogram) {
      const auto levels = ptrdiff_t(sums_.levels);
      std::swap_ranges(sums_.histogram.begin(), sums_.histogram.begin() + levels,
                       sums_.histogram.begin() + 2 * levels);
    }
  }
  std::swap(sums_, *sums);
}

}  // namespace imnorm
