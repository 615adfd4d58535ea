#include "geometry/resizer.h"

#include <algorithm>
#include <cstring>

#include "kernels/kernels.h"
#include "kernels/resample16.h"

namespace imnorm {
namespace {

// Rows resampled at a time: enough that a kernel's set-up is shared, few enough to stay in L1.
constexpr int kBandRows = 8;

}  // namespace

bool Resizer::Prepare(Axis& axis, int in_size, int out_size, int begin, int end, SampleType type) {
  if (axis.in_size == in_size && axis.out_size == out_size && axis.begin == begin &&
      axis.end == end && axis.type == type) {
    return false;
  }
  axis.in_size = in_size;
  axis.out_size = out_size;
  axis.begin = begin;
  axis.end = end;
  axis.type = type;
  FindAxisWeights(in_size, out_size, plan_.resize.filter, begin, end, &axis.exact);
  if (type == SampleType::kU8) RoundAxisWeights(axis.exact, &axis.fixed);
  const AxisWeightsF64& exact = axis.exact;
  axis.taps = *std::max_element(exact.count.begin(), exact.count.end());
  axis.in_begin = exact.first.front();
  axis.in_end = exact.first.back() + std::max(exact.count.back(), 1);
  return true;
}

int Resizer::Reduction(int width, int height) const {
  const auto place = Place(plan_, width, height);
  int reduction = 1;
  while (place && reduction < 8 && width / (2 * reduction) >= place->resized_width &&
         height / (2 * reduction) >= place->resized_height) {
    reduction *= 2;
  }
  return reduction;
}

Result<Rect> Resizer::Begin(const ImageInfo& info) {
  info_ = info;
  auto place = info.full_width > 0 ? Place(plan_, info.full_width, info.full_height)
                                   : Place(plan_, info.width, info.height);
  if (!place) return tl::unexpected<Error>(std::move(place.error()));
  place_ = *place;
  const bool resizes = place_.resized_width != info.width || place_.resized_height != info.height;
  if (resizes && info.type == SampleType::kF32) {
    return Fail(ErrorCode::kUnsupported, "float pictures are not resized; use --resize none");
  }
  if (auto begun = out_.BeginPlaced(place_, info); !begun) {
    return tl::unexpected<Error>(std::move(begun.error()));
  }
  const Rect& window = place_.window;
  const bool new_columns =
      Prepare(x_, info.width, place_.resized_width, window.x, window.x + window.width, info.type);
  if (info.type == SampleType::kU8 && (new_columns || columns_.channels != info.channels)) {
    kernels::PrepareColumns(x_.fixed, x_.in_begin, info.channels, &columns_);
  }
  Prepare(y_, info.height, place_.resized_height, window.y, window.y + window.height, info.type);
  row_bytes_ = size_t(window.width) * size_t(info.channels) * SampleBytes(info.type);
  ring_rows_ = y_.taps + kBandRows;
  ring_.resize(row_bytes_ * size_t(ring_rows_));
  row_pointers_.resize(size_t(y_.taps));
  blended_.resize(row_bytes_);
  next_out_ = 0;
  return Rect{x_.in_begin, y_.in_begin, x_.in_end - x_.in_begin, y_.in_end - y_.in_begin};
}

void Resizer::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  while (count > 0) {
    // A band must not wrap in the ring, so that its rows stand one after another.
    const int band = std::min({count, kBandRows, ring_rows_ - y % ring_rows_});
    ResampleBand(rows, stride_bytes, band, y);
    EmitReadyRows(y + band);
    rows += size_t(band) * stride_bytes;
    y += band;
    count -= band;
  }
}

void Resizer::ResampleBand(const uint8_t* rows, size_t stride_bytes, int count, int y) {
  uint8_t* out = RingRow(y);
  if (x_.in_size == x_.out_size) {
    for (int i = 0; i < count; ++i) {
      std::memcpy(out + size_t(i) * row_bytes_, rows + size_t(i) * stride_bytes, row_bytes_);
    }
  } else if (info_.type == SampleType::kU8) {
    kernels::ResampleRows(columns_, rows, stride_bytes, count, out, row_bytes_);
  } else {
    for (int i = 0; i < count; ++i) {
      kernels::ResampleRow16(x_.exact, x_.in_begin, rows + size_t(i) * stride_bytes, info_.channels,
                             out + size_t(i) * row_bytes_);
    }
  }
}

void Resizer::EmitReadyRows(int rows_seen) {
  for (; next_out_ < place_.window.height; ++next_out_) {
    const auto& first = info_.type == SampleType::kU8 ? y_.fixed.first : y_.exact.first;
    const auto& counts = info_.type == SampleType::kU8 ? y_.fixed.count : y_.exact.count;
    const size_t at = size_t(next_out_);
    if (first[at] + counts[at] > rows_seen) return;
    if (y_.in_size == y_.out_size) {
      out_.PlacedRow(next_out_, RingRow(first[at]));
      continue;
    }
    for (int t = 0; t < counts[at]; ++t) row_pointers_[size_t(t)] = RingRow(first[at] + t);
    if (info_.type == SampleType::kU8) {
      kernels::BlendRows(row_pointers_.data(), y_.fixed.weights.data() + at * size_t(y_.fixed.taps),
                         counts[at], row_bytes_, blended_.data());
    } else {
      kernels::BlendRows16(row_pointers_.data(),
                           y_.exact.weights.data() + at * size_t(y_.exact.taps), counts[at],
                           row_bytes_ / 2, blended_.data());
    }
    out_.PlacedRow(next_out_, blended_.data());
  }
}

}  // namespace imnorm
