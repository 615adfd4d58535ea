// Both passes are weighted sums of vectors: of a band's columns, then of the ring's rows.
#include "geometry/float_resizer.h"

#include <algorithm>
#include <cstring>

#include "kernels/blend_float.h"

namespace imnorm {
namespace {

constexpr int kBandRows = 8;  // times three channels: whole vectors on every target

}  // namespace

void FloatResizer::Prepare(Axis& axis, int in_size, int out_size, int begin, int end, int across) {
  if (axis.in_size == in_size && axis.out_size == out_size && axis.begin == begin &&
      axis.end == end && axis.across == across) {
    return;
  }
  axis.in_size = in_size;
  axis.out_size = out_size;
  axis.begin = begin;
  axis.end = end;
  axis.across = across;
  FindFloatWeights(in_size, out_size, plan_.resize.filter, begin, end, &axis.weights, across);
}

Result<Rect> FloatResizer::Begin(const ImageInfo& info) {
  const bool floats = info.type == ElementType::kF32;
  if (info.type != ElementType::kU8 && (!floats || scales_)) {
    return Fail(ErrorCode::kUnsupported, "torch's resize takes 8-bit samples or floats");
  }
  rounds_ = !floats && !scales_;
  info_ = info;
  auto place = Place(plan_, info.width, info.height);
  if (!place) return Failed(place);
  place_ = *place;
  ImageInfo placed = info;
  if (scales_) placed.type = ElementType::kF32;
  if (auto begun = out_.BeginPlaced(place_, placed); !begun) return Failed(begun);
  const Rect& window = place_.window;
  Prepare(x_, info.width, place_.resized_width, window.x, window.x + window.width,
          place_.resized_height);
  Prepare(y_, info.height, place_.resized_height, window.y, window.y + window.height,
          place_.resized_width);
  const size_t channels = size_t(info.channels);
  row_samples_ = size_t(window.width) * channels;
  ring_rows_ = y_.weights.taps + kBandRows;
  ring_.resize(row_samples_ * size_t(ring_rows_));
  columns_.resize(size_t(x_.in_end() - x_.in_begin()) * kBandRows * channels);
  tap_pointers_.resize(size_t(std::max(x_.weights.taps, y_.weights.taps)));
  blended_.resize(std::max(row_samples_, kBandRows * channels));
  bytes_.resize(row_samples_);
  next_out_ = 0;
  return Rect{x_.in_begin(), y_.in_begin(), x_.in_end() - x_.in_begin(),
              y_.in_end() - y_.in_begin()};
}

template <typename Sample>
float FloatResizer::SampleAt(const uint8_t* row, size_t at) const {
  Sample sample;
  std::memcpy(&sample, row + at * sizeof sample, sizeof sample);
  return scales_ ? float(sample) * float(1.0 / 255.0) : float(sample);
}

template <typename Sample>
void FloatResizer::ResampleBand(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  const size_t channels = size_t(info_.channels);
  if (x_.weights.identity) {
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      for (size_t at = 0; at < row_samples_; ++at) RingRow(y + i)[at] = SampleAt<Sample>(rows, at);
    }
    return;
  }
  const size_t lanes = size_t(count) * channels;
  const size_t in_columns = size_t(x_.in_end() - x_.in_begin());
  for (size_t i = 0; i < size_t(count); ++i, rows += stride_bytes) {
    float* to = columns_.data() + i * channels;
    for (size_t column = 0; column < in_columns; ++column, to += lanes) {
      for (size_t c = 0; c < channels; ++c) to[c] = SampleAt<Sample>(rows, column * channels + c);
    }
  }
  const AxisWeightsF32& weights = x_.weights;
  for (size_t x = 0; x < weights.first.size(); ++x) {
    const float* first = columns_.data() + size_t(weights.first[x] - x_.in_begin()) * lanes;
    for (int t = 0; t < weights.count[x]; ++t) {
      tap_pointers_[size_t(t)] = first + size_t(t) * lanes;
    }
    kernels::BlendFloats(tap_pointers_.data(), weights.weights.data() + x * size_t(weights.taps),
                         weights.count[x], lanes, blended_.data());
    for (size_t i = 0; i < size_t(count); ++i) {
      std::copy_n(blended_.data() + i * channels, channels, RingRow(y + int(i)) + x * channels);
    }
  }
}

void FloatResizer::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  while (count > 0) {
    const int band = std::min(count, kBandRows);
    if (info_.type == ElementType::kF32) {
      ResampleBand<float>(rows, stride_bytes, y, band);
    } else {
      ResampleBand<uint8_t>(rows, stride_bytes, y, band);
    }
    EmitReadyRows(y + band);
    rows += size_t(band) * stride_bytes;
    y += band;
    count -= band;
  }
}

void FloatResizer::EmitReadyRows(int rows_seen) {
  const AxisWeightsF32& weights = y_.weights;
  for (; next_out_ < place_.window.height; ++next_out_) {
    const size_t at = size_t(next_out_);
    const int first = weights.first[at];
    if (first + weights.count[at] > rows_seen) return;
    const float* row = RingRow(first);
    if (!weights.identity) {
      for (int t = 0; t < weights.count[at]; ++t) tap_pointers_[size_t(t)] = RingRow(first + t);
      kernels::BlendFloats(tap_pointers_.data(), weights.weights.data() + at * size_t(weights.taps),
                           weights.count[at], row_samples_, blended_.data());
      row = blended_.data();
    }
    if (!rounds_) {
      out_.PlacedRow(next_out_, reinterpret_cast<const uint8_t*>(row));
      continue;
    }
    kernels::RoundToBytes(row, row_samples_, bytes_.data());
    out_.PlacedRow(next_out_, bytes_.data());
  }
}

}  // namespace imnorm
