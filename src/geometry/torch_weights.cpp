// torch's fixed point for byte samples: 16-bit weights, one precision an axis.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "imnorm/geometry.h"

namespace imnorm {
namespace {

constexpr int kMostBits = 22;
constexpr int kUnitBits = 14;  // what a weight of 1 gives
// Up to here width and height of an output together take torch's loop for small pictures.
constexpr int64_t kSmallSum = 128;

// One tap an output, its place in float32.
void NearestWeights(int in_size, int out_size, Filter filter, int across, int begin, int end,
                    AxisWeightsF64* exact) {
  exact->taps = 1;
  exact->identity = in_size == out_size;
  exact->first.clear();
  exact->count.assign(size_t(end - begin), 1);
  exact->weights.assign(size_t(end - begin), 1.0);
  const float step = float(in_size) / float(out_size);
  const bool is_small = int64_t{out_size} + across <= kSmallSum;
  for (int out = begin; out < end; ++out) {
    float at = float(out) * step;
    if (filter == Filter::kNearestExact) {
      const float centre = float(out) + 0.5f;
      at = is_small ? centre * step : std::max(std::fma(centre, step, -0.5f), 0.0f) + 0.5f;
    }
    exact->first.push_back(std::min(int(at), in_size - 1));
  }
}

// The most bits with which every weight stays below 1 << 15.
int PrecisionOf(const AxisWeightsF64& whole) {
  double top = 0.0;
  for (const double weight : whole.weights) top = std::max(top, weight);
  int precision = 0;
  while (precision < kMostBits &&
         int64_t(0.5 + top * double(int64_t{1} << (precision + 1))) < (1 << 15)) {
    ++precision;
  }
  return precision;
}

template <typename T>
void KeepPart(std::vector<T>& values, int begin, int end, int each) {
  values.erase(values.begin() + ptrdiff_t(end) * each, values.end());
  values.erase(values.begin(), values.begin() + ptrdiff_t(begin) * each);
}

void Round(const AxisWeightsF64& exact, int precision, AxisWeights* fixed) {
  fixed->taps = exact.taps;
  fixed->first = exact.first;
  fixed->count = exact.count;
  fixed->identity = exact.identity;
  fixed->precision = precision;
  fixed->weights.resize(exact.weights.size());
  for (size_t i = 0; i < exact.weights.size(); ++i) {
    const double scaled = exact.weights[i] * double(1 << precision);
    fixed->weights[i] = int16_t(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  }
}

}  // namespace

void FindTorchWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end,
                      AxisWeightsF64* exact, AxisWeights* fixed, int across) {
  assert(in_size > 0 && 0 <= out_begin && out_begin < out_end && out_end <= out_size);
  const bool kernel = filter != Filter::kNearest && filter != Filter::kNearestExact;
  if (!kernel || in_size == out_size) {
    NearestWeights(in_size, out_size, filter, across, out_begin, out_end, exact);
    Round(*exact, kUnitBits, fixed);
    return;
  }
  // The precision is the whole axis's, whatever part of it is asked for.
  FindAxisWeights(in_size, out_size, filter, 0, out_size, exact);
  const int precision = PrecisionOf(*exact);
  KeepPart(exact->first, out_begin, out_end, 1);
  KeepPart(exact->count, out_begin, out_end, 1);
  KeepPart(exact->weights, out_begin, out_end, exact->taps);
  Round(*exact, precision, fixed);
}

}  // namespace imnorm
