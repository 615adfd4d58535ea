// Lays out the weights of a horizontal pass for the kernels of resample.cpp.
#include <algorithm>
#include <cassert>
#include <cstring>

#include "kernels/resample_layout.h"
#include "kernels/resize.h"

namespace imnorm::kernels {
namespace {

// What one lane of an output vector adds up.
struct Lane {
  int pixel = -1;  // -1: nothing, the lane is dropped
  int channel = 0;
  int first_tap = 0;  // of step 0
};

// The lanes, loads and steps of one method on one target.
class Layout {
 public:
  Layout(const AxisWeights& weights, ColumnMethod method, const PreparedColumns& columns)
      : weights_(weights), columns_(columns), method_(method), shape_(LaneShapeOf(columns.target)) {
    step_taps_ = method == ColumnMethod::kSpread && columns.channels == 1 ? 16 : 4;
  }

  int vectors() const {
    const int unit_bytes = 16 * shape_.blocks;
    const int units = method_ == ColumnMethod::kSpread
                          ? (weights_.size() + 4 * shape_.blocks - 1) / (4 * shape_.blocks)
                          : int((columns_.out_bytes + size_t(unit_bytes) - 1) / size_t(unit_bytes));
    return units * 4;
  }

  // A unit is 4 vectors: after narrowing, block b of the unit holds block b of each in turn.
  Lane LaneAt(int vector, int block, int lane) const {
    const int unit = vector / 4, part = vector % 4;
    Lane at;
    if (method_ == ColumnMethod::kSpread) {
      const int pixel = (unit * shape_.blocks + block) * 4 + part;
      if (columns_.channels == 1) {
        at.first_tap = lane * (shape_.dot_products ? 4 : 2);
      } else if (lane >= columns_.channels) {
        return at;
      }
      at.channel = columns_.channels == 1 ? 0 : lane;
      at.pixel = pixel < weights_.size() ? pixel : -1;
      return at;
    }
    const bool window = method_ != ColumnMethod::kPacked;
    const size_t byte = window ? size_t(vector * 16 + block * 4 + lane)
                               : size_t((unit * shape_.blocks + block) * 16 + part * 4 + lane);
    if (byte >= columns_.out_bytes) return at;
    at.pixel = int(byte) / columns_.channels;
    at.channel = int(byte) % columns_.channels;
    return at;
  }

  int StepsOf(int vector) const {
    int taps = 1;
    for (int b = 0; b < shape_.blocks; ++b) {
      for (int l = 0; l < 4; ++l) {
        const Lane lane = LaneAt(vector, b, l);
        if (lane.pixel >= 0) taps = std::max(taps, weights_.count[size_t(lane.pixel)]);
      }
    }
    return (taps + step_taps_ - 1) / step_taps_;
  }

  // Byte `tap` (0..3) of a lane in a step: the weight, and where the sample is in the source row.
  int32_t Weight(const Lane& lane, int step, int tap, int* position) const {
    const int pairs_apart = method_ == ColumnMethod::kSpread && columns_.channels == 1 &&
                                    !shape_.dot_products && tap >= 2
                                ? 6
                                : 0;  // kSpread, one channel: the second pair is of taps 8 further
    const int t = step * step_taps_ + lane.first_tap + tap + pairs_apart;
    if (lane.pixel < 0 || t >= weights_.count[size_t(lane.pixel)]) return 0;
    const size_t pixel = size_t(lane.pixel);
    *position = (weights_.first[pixel] - columns_.in_begin + t) * columns_.channels + lane.channel;
    return weights_.weights[pixel * size_t(weights_.taps) + size_t(t)];
  }

  // Writes one step; false if its samples do not fit the window of a load.
  bool WriteStep(int vector, int step, int32_t* offsets, uint8_t* bytes) const {
    const bool window = method_ == ColumnMethod::kWindow || method_ == ColumnMethod::kWide;
    const int span = method_ == ColumnMethod::kWide ? 128 : window ? 64 : 16;
    for (int b = 0; b < shape_.blocks; ++b) {
      const int from = window ? 0 : b, to = window ? shape_.blocks : b + 1;
      if (window && b > 0) {
        offsets[b] = offsets[0];
      } else if (!Offset(vector, step, from, to, span, &offsets[b])) {
        return false;
      }
      for (int l = 0; l < 4; ++l) WriteLane(vector, step, b, l, offsets[b], bytes);
    }
    return true;
  }

 private:
  bool Offset(int vector, int step, int from, int to, int span, int32_t* offset) const {
    int low = INT32_MAX, high = 0;
    for (int b = from; b < to; ++b) {
      for (int l = 0; l < 4; ++l) {
        const Lane lane = LaneAt(vector, b, l);
        for (int tap = 0; tap < 4; ++tap) {
          int position = 0;
          if (Weight(lane, step, tap, &position) == 0) continue;
          low = std::min(low, position);
          high = std::max(high, position);
        }
      }
    }
    // A load never reads past the row: near its end the window starts earlier instead.
    const int last = std::max(0, int(columns_.in_bytes) - span);
    *offset = std::min(low == INT32_MAX ? 0 : low, last);
    return high - *offset < span;
  }

  void WriteLane(int vector, int step, int block, int lane_index, int offset,
                 uint8_t* bytes) const {
    const Lane lane = LaneAt(vector, block, lane_index);
    const int at = block * 16 + lane_index * 4;
    const int vector_bytes = 16 * shape_.blocks;
    for (int tap = 0; tap < 4; ++tap) {
      int position = 0;
      const int32_t weight = Weight(lane, step, tap, &position);
      const uint8_t index = weight == 0 ? kNoSample : uint8_t(position - offset);
      if (shape_.dot_products) {
        // weight == high * 65536 + middle * 256 + low, each a signed byte
        const int32_t low = int8_t(weight);
        const int32_t middle = int8_t((weight - low) >> 8);
        bytes[at + tap] = index;
        bytes[vector_bytes + at + tap] = uint8_t((((weight - low) >> 8) - middle) >> 8);
        bytes[2 * vector_bytes + at + tap] = uint8_t(middle);
        bytes[3 * vector_bytes + at + tap] = uint8_t(low);
      } else {
        // weight == high * 65536 + low, each a signed 16-bit number
        const int16_t low = int16_t(weight);
        const int16_t high = int16_t((weight - low) >> 16);
        uint8_t* half = bytes + (tap / 2) * 3 * vector_bytes;
        const int place = at + (tap % 2) * 2;
        half[place] = index;
        half[place + 1] = kNoSample;
        std::memcpy(half + vector_bytes + place, &low, 2);
        std::memcpy(half + 2 * vector_bytes + place, &high, 2);
      }
    }
  }

  const AxisWeights& weights_;
  const PreparedColumns& columns_;
  ColumnMethod method_;
  LaneShape shape_;
  int step_taps_;
};

bool Fill(const AxisWeights& weights, ColumnMethod method, PreparedColumns& columns) {
  const Layout layout(weights, method, columns);
  const size_t step_bytes = LaneShapeOf(columns.target).step_bytes();
  columns.step_begin.assign(1, 0);
  for (int v = 0; v < layout.vectors(); ++v) {
    columns.step_begin.push_back(columns.step_begin.back() + layout.StepsOf(v));
  }
  const size_t steps = size_t(columns.step_begin.back());
  columns.offsets.assign(steps * 4, 0);
  columns.steps.assign(steps * step_bytes + kStepAlignment, 0);
  columns.steps_at =
      (kStepAlignment - reinterpret_cast<uintptr_t>(columns.steps.data()) % kStepAlignment) %
      kStepAlignment;
  uint8_t* bytes = columns.steps.data() + columns.steps_at;
  for (int v = 0; v < layout.vectors(); ++v) {
    const int begin = columns.step_begin[size_t(v)];
    for (int s = begin; s < columns.step_begin[size_t(v) + 1]; ++s) {
      if (!layout.WriteStep(v, s - begin, &columns.offsets[size_t(s) * 4],
                            bytes + size_t(s) * step_bytes)) {
        return false;
      }
    }
  }
  columns.method = method;
  return true;
}

}  // namespace

PreparedColumns PrepareColumns(const AxisWeights& weights, int in_begin, int channels) {
  assert(channels >= 1 && channels <= 4 && weights.size() > 0);
  PreparedColumns columns;
  columns.target = ActiveTarget();
  columns.channels = channels;
  columns.in_begin = in_begin;
  columns.out_bytes = size_t(weights.size()) * size_t(channels);
  int in_end = in_begin;
  for (int i = 0; i < weights.size(); ++i) {
    in_end = std::max(in_end, weights.first[size_t(i)] + weights.count[size_t(i)]);
  }
  columns.in_bytes = size_t(in_end - in_begin) * size_t(channels);

  const bool splits = std::all_of(weights.weights.begin(), weights.weights.end(), [](int32_t w) {
    return w >= -kLargestWeight && w <= kLargestWeight;
  });
  // Rows of less than one load would need every offset to be checked against both ends.
  if (splits && LaneShapeOf(columns.target).blocks > 0) {
    if (LaneShapeOf(columns.target).byte_windows) {
      if (Fill(weights, ColumnMethod::kWindow, columns)) return columns;
      if (Fill(weights, ColumnMethod::kWide, columns)) return columns;
    }
    if (Fill(weights, ColumnMethod::kPacked, columns)) return columns;
    if (Fill(weights, ColumnMethod::kSpread, columns)) return columns;
  }
  columns.method = ColumnMethod::kTwin;
  columns.twin = weights;
  return columns;
}

}  // namespace imnorm::kernels
