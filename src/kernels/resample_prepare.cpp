// Lays out the weights of a horizontal pass for the kernels of resample.cpp.
//
// Every picture size needs a layout of its own, so this has to be cheap beside resizing one
// picture: weights are split once a pixel, and a lane then is a few words copied.
#include <algorithm>
#include <cassert>
#include <cstring>

#include "kernels/resample_layout.h"
#include "kernels/resize.h"

namespace imnorm::kernels {
namespace {

// What one lane of an output vector adds up: chunks of a pixel's taps, of one channel.
struct Lane {
  int pixel = -1;  // -1: nothing, the lane is dropped
  int channel = 0;
  int first_chunk = 0;  // of step 0
};

class Layout {
 public:
  Layout(const AxisWeights& weights, PreparedColumns& columns)
      : weights_(weights), columns_(columns), shape_(LaneShapeOf(columns.target)) {
    SplitWeights();
  }

  // Writes the steps of one method; false if samples do not fit the window of a load.
  bool Fill(ColumnMethod method) {
    columns_.method = method;
    const bool spread = method == ColumnMethod::kSpread;
    lanes_share_pixel_ = spread && columns_.channels == 1;
    const size_t unit = size_t(shape_.blocks) * (spread ? 4 : 16);
    const size_t outputs = spread ? size_t(weights_.size()) : columns_.out_bytes;
    const size_t vectors = (outputs + unit - 1) / unit * 4;
    columns_.step_begin.assign(1, 0);
    columns_.halves.clear();
    columns_.offsets.clear();
    columns_.steps.clear();
    columns_.steps.reserve(2 * vectors * step_bytes());
    columns_.offsets.reserve(8 * vectors);
    for (size_t v = 0; v < vectors; ++v) {
      if (!FillVector(v)) return false;
    }
    return true;
  }

 private:
  // The split weights of every pixel, chunk by chunk, and how many taps count for anything.
  void SplitWeights() {
    chunk_taps_ = shape_.dot_products ? 4 : 2;
    chunk_words_ = int(shape_.parts(columns_.short_weights));
    chunk_shift_ = shape_.dot_products ? 2 : 1;
    const int pixels = weights_.size();
    columns_.taps.resize(size_t(pixels));
    for (int i = 0; i < pixels; ++i) {
      const int32_t* w = &weights_.weights[size_t(i) * size_t(weights_.taps)];
      int taps = weights_.count[size_t(i)];
      while (taps > 0 && w[taps - 1] == 0) --taps;
      columns_.taps[size_t(i)] = taps;
      chunks_ = std::max(chunks_, (taps + chunk_taps_ - 1) / chunk_taps_);
    }
    columns_.split.assign(size_t(pixels) * size_t(chunks_ * chunk_words_), 0);
    for (int i = 0; i < pixels; ++i) {
      const int32_t* w = &weights_.weights[size_t(i) * size_t(weights_.taps)];
      for (int t = 0; t < columns_.taps[size_t(i)]; ++t) {
        uint32_t* words = Words(i, t / chunk_taps_);
        uint32_t none = 0;  // the high part of a short weight
        if (shape_.dot_products) {
          uint32_t* middle = words + (columns_.short_weights ? 0 : 1);
          SplitWeight8(w[t], t % 4, columns_.short_weights ? &none : words, middle, middle + 1);
        } else {
          SplitWeight16(w[t], t % 2, columns_.short_weights ? &none : words + 1, words);
        }
      }
    }
  }

  size_t step_bytes() const { return shape_.step_bytes(columns_.short_weights); }

  uint32_t* Words(int pixel, int chunk) {
    const size_t at = size_t(pixel) * size_t(chunks_) + size_t(chunk);
    return &columns_.split[at * size_t(chunk_words_)];
  }

  // A unit is 4 vectors: after narrowing, block b of the unit holds block b of each in turn.
  void LanesOf(size_t vector, size_t block, Lane (&lanes)[4]) const {
    const uint32_t in_unit = uint32_t(vector / 4 * size_t(shape_.blocks) + block);
    const uint32_t part = uint32_t(vector % 4), channels = uint32_t(columns_.channels);
    if (columns_.method == ColumnMethod::kSpread) {
      const uint32_t pixel = in_unit * 4 + part;
      if (pixel >= uint32_t(weights_.size())) return;
      for (uint32_t l = 0; l < 4; ++l) {
        if (channels > 1 && l >= channels) return;
        lanes[l] = {int(pixel), channels == 1 ? 0 : int(l), channels == 1 ? int(l) : 0};
      }
      return;
    }
    const uint32_t byte = columns_.method == ColumnMethod::kPacked
                              ? in_unit * 16 + part * 4
                              : uint32_t(vector * 16 + block * 4);
    uint32_t pixel = byte / channels, channel = byte % channels;
    for (uint32_t l = 0; l < 4 && byte + l < columns_.out_bytes; ++l) {
      lanes[l] = {int(pixel), int(channel), 0};
      if (++channel == channels) {
        channel = 0;
        ++pixel;
      }
    }
  }

  bool FillVector(size_t vector) {
    Lane lanes[4][4];
    int last_half = 0;
    const int lane_shift = lanes_share_pixel_ ? 2 : 0;
    const int lane_chunks = 1 << lane_shift;  // of one half, over the lanes
    for (size_t b = 0; b < size_t(shape_.blocks); ++b) {
      LanesOf(vector, b, lanes[b]);
      for (const Lane& lane : lanes[b]) {
        if (lane.pixel < 0) continue;
        // Both are powers of two.
        const int chunks = (columns_.taps[size_t(lane.pixel)] + chunk_taps_ - 1) >> chunk_shift_;
        last_half = std::max(last_half, ((chunks + lane_chunks - 1) >> lane_shift) - 1);
      }
    }
    const int step_halves = shape_.dot_products ? 1 : 2;
    const int steps = last_half / step_halves + 1;
    for (int s = 0; s < steps; ++s) {
      if (!FillStep(lanes, s * step_halves, step_halves, lane_chunks)) return false;
    }
    columns_.halves.push_back(last_half + 1);
    columns_.step_begin.push_back(columns_.step_begin.back() + steps);
    return true;
  }

  bool FillStep(const Lane (&lanes)[4][4], int first_half, int halves, int lane_chunks) {
    const bool window =
        columns_.method == ColumnMethod::kWindow || columns_.method == ColumnMethod::kWide;
    const int span = columns_.method == ColumnMethod::kWide ? 128 : window ? 64 : 16;
    const size_t vector_bytes = size_t(shape_.blocks) * 16;
    const size_t half_bytes = size_t(1 + chunk_words_) * vector_bytes;
    const size_t at = columns_.steps.size();
    columns_.steps.resize(at + step_bytes());
    int32_t offsets[4] = {};
    // Near the end of the row a window starts earlier instead of reading past it.
    const int last_offset = std::max(0, int(columns_.in_bytes) - span);
    int low = INT32_MAX, high = 0;
    for (int b = 0; b < shape_.blocks; ++b) {
      if (!window) low = INT32_MAX, high = 0;
      for (const Lane& lane : lanes[b]) {
        Extend(lane, lane.first_chunk + first_half * lane_chunks, &low, &high);
        if (halves == 2) {
          Extend(lane, lane.first_chunk + (first_half + 1) * lane_chunks, &low, &high);
        }
      }
      offsets[b] = std::min(low == INT32_MAX ? 0 : low, last_offset);
      if (!window && high - offsets[b] >= span) return false;
    }
    if (window) {
      if (high - offsets[shape_.blocks - 1] >= span) return false;
      std::fill_n(offsets, 4, offsets[shape_.blocks - 1]);
    }
    for (int b = 0; b < shape_.blocks; ++b) {
      for (int l = 0; l < 4; ++l) {
        const Lane& lane = lanes[b][l];
        for (int h = 0; h < halves; ++h) {
          uint8_t* to =
              columns_.steps.data() + at + size_t(h) * half_bytes + size_t(b * 16 + l * 4);
          WriteLane(lane, lane.first_chunk + (first_half + h) * lane_chunks, offsets[b], to,
                    vector_bytes);
        }
      }
    }
    columns_.offsets.insert(columns_.offsets.end(), offsets, offsets + 4);
    return true;
  }

  int Position(const Lane& lane, int tap) const {
    return (weights_.first[size_t(lane.pixel)] - columns_.in_begin + tap) * columns_.channels +
           lane.channel;
  }

  void Extend(const Lane& lane, int chunk, int* low, int* high) const {
    if (lane.pixel < 0) return;
    const int first = chunk * chunk_taps_;
    const int last = std::min(columns_.taps[size_t(lane.pixel)], first + chunk_taps_) - 1;
    if (last < first) return;
    *low = std::min(*low, Position(lane, first));
    *high = std::max(*high, Position(lane, last));
  }

  // A tap without weight may point anywhere: what it loads is multiplied by 0.
  void WriteLane(const Lane& lane, int chunk, int offset, uint8_t* to, size_t vector_bytes) {
    if (lane.pixel < 0 || chunk * chunk_taps_ >= columns_.taps[size_t(lane.pixel)]) return;
    const uint32_t from = uint32_t(Position(lane, chunk * chunk_taps_) - offset);
    const uint32_t step = uint32_t(columns_.channels);
    const uint32_t shuffle = shape_.dot_products
                                 ? (from * 0x01010101u + step * 0x03020100u) & 0x7F7F7F7Fu
                                 : (from | (from + step) << 16) | 0x80008000u;
    std::memcpy(to, &shuffle, 4);
    const uint32_t* words = Words(lane.pixel, chunk);
    for (int w = 0; w < chunk_words_; ++w) {
      std::memcpy(to + size_t(w + 1) * vector_bytes, &words[w], 4);
    }
  }

  const AxisWeights& weights_;
  PreparedColumns& columns_;
  LaneShape shape_;
  bool lanes_share_pixel_ = false;
  int chunk_taps_ = 0;
  int chunk_words_ = 0;
  int chunk_shift_ = 0;
  int chunks_ = 1;  // of the pixel that has most
};

// Gives weights of 22 bits: those that are there, or a copy of them; false if they do not fit.
bool WidenAll(const AxisWeights& weights, PreparedColumns& columns, const AxisWeights** wide) {
  columns.precision = AxisWeights::kPillowPrecision;
  if (weights.precision == AxisWeights::kPillowPrecision) {
    return std::all_of(weights.weights.begin(), weights.weights.end(),
                       [](int32_t w) { return w >= -kLargestWeight && w <= kLargestWeight; });
  }
  columns.twin = weights;
  *wide = &columns.twin;
  bool fits = true;
  for (int32_t& w : columns.twin.weights) fits = Widen(w, weights.precision, &w) && fits;
  return fits;
}

}  // namespace

void PrepareColumns(const AxisWeights& weights, int in_begin, int channels,
                    PreparedColumns* prepared) {
  assert(channels >= 1 && channels <= 4 && weights.size() > 0);
  PreparedColumns& columns = *prepared;
  columns.target = ActiveTarget();
  columns.channels = channels;
  columns.in_begin = in_begin;
  columns.out_bytes = size_t(weights.size()) * size_t(channels);
  int in_end = in_begin;
  for (int i = 0; i < weights.size(); ++i) {
    in_end = std::max(in_end, weights.first[size_t(i)] + weights.count[size_t(i)]);
  }
  columns.in_bytes = size_t(in_end - in_begin) * size_t(channels);

  const LaneShape shape = LaneShapeOf(columns.target);
  const std::vector<int32_t>& all = weights.weights;
  columns.precision = weights.precision;
  columns.short_weights =
      shape.blocks > 0 && AreShort(all.data(), all.size(), weights.precision, shape.dot_products);
  const AxisWeights* split = &weights;
  bool splits = shape.blocks > 0;
  if (splits && !columns.short_weights) splits = WidenAll(weights, columns, &split);
  if (splits) {
    Layout layout(*split, columns);
    if (shape.byte_windows &&
        (layout.Fill(ColumnMethod::kWindow) || layout.Fill(ColumnMethod::kWide))) {
      return;
    }
    if (layout.Fill(ColumnMethod::kPacked) || layout.Fill(ColumnMethod::kSpread)) return;
  }
  columns.method = ColumnMethod::kTwin;
  columns.twin = weights;
}

PreparedColumns PrepareColumns(const AxisWeights& weights, int in_begin, int channels) {
  PreparedColumns columns;
  PrepareColumns(weights, in_begin, channels, &columns);
  return columns;
}

}  // namespace imnorm::kernels
