// Resizes and crops row by row, with a ring of the rows that a window still needs.
#include "geometry/resizer.h"

#include <algorithm>
#include <cstring>

#include "geometry/pass_order.h"
#include "kernels/kernels.h"
#include "kernels/resample_wide.h"

namespace imnorm {
namespace {

// Rows resampled at a time: enough that a kernel's set-up is shared, few enough to stay in L1.
constexpr int kBandRows = 8;

}  // namespace

bool Resizer::Prepare(Axis& axis, int in_size, int out_size, int begin, int end, ElementType type,
                      int across) {
  if (axis.in_size == in_size && axis.out_size == out_size && axis.begin == begin &&
      axis.end == end && axis.type == type && axis.across == across) {
    return false;
  }
  axis.in_size = in_size;
  axis.out_size = out_size;
  axis.begin = begin;
  axis.end = end;
  axis.type = type;
  axis.across = across;
  const Filter filter = plan_.resize.filter;
  if (plan_.resize.engine == ResizeEngine::kTorch) {
    FindTorchWeights(in_size, out_size, filter, begin, end, &axis.exact, &axis.fixed, across);
  } else {
    FindAxisWeights(in_size, out_size, filter, begin, end, &axis.exact);
    if (type == ElementType::kU8) RoundAxisWeights(axis.exact, &axis.fixed);
  }
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
  if (!place) return Failed(place);
  place_ = *place;
  const bool resizes = place_.resized_width != info.width || place_.resized_height != info.height;
  if (resizes && info.type != ElementType::kU8 && plan_.resize.engine == ResizeEngine::kTorch) {
    return Fail(ErrorCode::kUnsupported, "torch's resize takes 8-bit samples");
  }
  if (auto begun = out_.BeginPlaced(place_, info); !begun) {
    return Failed(begun);
  }
  const Rect& window = place_.window;
  const bool new_columns = Prepare(x_, info.width, place_.resized_width, window.x,
                                   window.x + window.width, info.type, place_.resized_height);
  if (by_kernel() && (new_columns || columns_.channels != info.channels)) {
    kernels::PrepareColumns(x_.fixed, x_.in_begin, info.channels, &columns_);
  }
  Prepare(y_, info.height, place_.resized_height, window.y, window.y + window.height, info.type,
          place_.resized_width);
  vertical_first_ = VerticalFirst(plan_.resize, info.width, info.height, place_.resized_width,
                                  place_.resized_height);
  const size_t pixel = size_t(info.channels) * ElementBytes(info.type);
  row_bytes_ = size_t(window.width) * pixel;
  ring_row_bytes_ = vertical_first_ ? size_t(x_.in_end - x_.in_begin) * pixel : row_bytes_;
  ring_rows_ = y_.taps + kBandRows;
  ring_.resize(ring_row_bytes_ * size_t(ring_rows_));
  row_pointers_.resize(size_t(y_.taps));
  blended_.resize(ring_row_bytes_ * (vertical_first_ ? kBandRows : 1));
  if (vertical_first_) resampled_.resize(row_bytes_ * kBandRows);
  next_out_ = 0;
  held_ = 0;
  return Rect{x_.in_begin, y_.in_begin, x_.in_end - x_.in_begin, y_.in_end - y_.in_begin};
}

void Resizer::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  while (count > 0) {
    // A band must not wrap in the ring, so that its rows stand one after another.
    const int band = std::min({count, kBandRows, ring_rows_ - y % ring_rows_});
    if (vertical_first_) {
      KeepBand(rows, stride_bytes, band, RingRow(y));
    } else {
      Resample(rows, stride_bytes, band, RingRow(y));
    }
    EmitReadyRows(y + band);
    rows += size_t(band) * stride_bytes;
    y += band;
    count -= band;
  }
}

void Resizer::KeepBand(const uint8_t* rows, size_t stride_bytes, int count, uint8_t* out) {
  for (int i = 0; i < count; ++i, rows += stride_bytes, out += ring_row_bytes_) {
    std::memcpy(out, rows, ring_row_bytes_);
  }
}

void Resizer::Resample(const uint8_t* rows, size_t stride_bytes, int count, uint8_t* out) {
  if (x_.in_size == x_.out_size) {
    KeepBand(rows, stride_bytes, count, out);
  } else if (by_kernel()) {
    kernels::ResampleRows(columns_, rows, stride_bytes, count, out, row_bytes_);
  } else if (info_.type == ElementType::kU8) {
    kernels::reference::ResampleRows(x_.fixed, x_.in_begin, rows, stride_bytes, count,
                                     info_.channels, out, row_bytes_);
  } else {
    for (int i = 0; i < count; ++i) {
      kernels::ResampleRowWide(info_.type, x_.exact, x_.in_begin, rows + size_t(i) * stride_bytes,
                               info_.channels, out + size_t(i) * row_bytes_);
    }
  }
}

void Resizer::Blend(size_t at, uint8_t* out) {
  const bool bytes = info_.type == ElementType::kU8;
  const int first = (bytes ? y_.fixed.first : y_.exact.first)[at];
  const int count = (bytes ? y_.fixed.count : y_.exact.count)[at];
  for (int t = 0; t < count; ++t) row_pointers_[size_t(t)] = RingRow(first + t);
  if (bytes) {
    const int32_t* weights = y_.fixed.weights.data() + at * size_t(y_.fixed.taps);
    kernels::BlendRows(row_pointers_.data(), {weights, count, y_.fixed.precision}, ring_row_bytes_,
                       out);
  } else {
    kernels::BlendRowsWide(info_.type, row_pointers_.data(),
                           y_.exact.weights.data() + at * size_t(y_.exact.taps), count,
                           ring_row_bytes_ / ElementBytes(info_.type), out);
  }
}

void Resizer::EmitReadyRows(int rows_seen) {
  for (; next_out_ < place_.window.height; ++next_out_) {
    const size_t at = size_t(next_out_);
    if (y_.exact.first[at] + y_.exact.count[at] > rows_seen) return;
    if (y_.in_size == y_.out_size) {
      out_.PlacedRow(next_out_, RingRow(y_.exact.first[at]));
      continue;
    }
    Blend(at, blended_.data() + size_t(held_) * ring_row_bytes_);
    if (!vertical_first_) {
      out_.PlacedRow(next_out_, blended_.data());
    } else if (++held_ == kBandRows || next_out_ + 1 == place_.window.height) {
      EmitHeldRows();
    }
  }
}

void Resizer::EmitHeldRows() {
  Resample(blended_.data(), ring_row_bytes_, held_, resampled_.data());
  for (int i = 0; i < held_; ++i) {
    out_.PlacedRow(next_out_ - held_ + 1 + i, resampled_.data() + size_t(i) * row_bytes_);
  }
  held_ = 0;
}

}  // namespace imnorm
