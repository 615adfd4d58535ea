// torch's float32 weights: every operation rounded as the wheel's code rounds it.
#include "geometry/float_weights.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace imnorm {
namespace {

bool IsKernel(Filter filter) { return filter == Filter::kBilinear || filter == Filter::kBicubic; }

float Evaluate(Filter filter, float x) {
  x = std::fabs(x);
  if (filter == Filter::kBilinear) return x < 1.0f ? 1.0f - x : 0.0f;
  // a = -0.5: (a + 2) x - (a + 3), then times x, then times x plus 1.
  if (x < 1.0f) return std::fma(std::fma(1.5f, x, -2.5f) * x, x, 1.0f);
  // a x - 5 a, then times x plus 8 a, then times x minus 4 a.
  if (x < 2.0f) return std::fma(std::fma(std::fma(-0.5f, x, 2.5f), x, -4.0f), x, 2.0f);
  return 0.0f;
}

// One tap an output: the source that FindTorchWeights finds.
void NearestWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end,
                    int across, AxisWeightsF32* weights) {
  AxisWeightsF64 exact;
  AxisWeights fixed;
  FindTorchWeights(in_size, out_size, filter, out_begin, out_end, &exact, &fixed, across);
  weights->taps = 1;
  weights->first = exact.first;
  weights->count = exact.count;
  weights->weights.assign(exact.first.size(), 1.0f);
}

// What of an axis is the same for all its outputs.
struct Scale {
  float scale;    // source pixels an output
  float support;  // of the filter, in source pixels
  float inverse;  // filter units a source pixel

  Scale(int in_size, int out_size, Filter filter) {
    scale = float(in_size) / float(out_size);
    const float half = filter == Filter::kBilinear ? 1.0f : 2.0f;
    support = scale >= 1.0f ? half * scale : half;
    inverse = scale >= 1.0f ? 1.0f / scale : 1.0f;
  }
};

}  // namespace

void FindFloatWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end,
                      AxisWeightsF32* weights, int across) {
  assert(in_size > 0 && 0 <= out_begin && out_begin < out_end && out_end <= out_size);
  weights->identity = in_size == out_size;
  if (weights->identity || !IsKernel(filter)) {
    const Filter nearest = weights->identity ? Filter::kNearestExact : filter;
    return NearestWeights(in_size, out_size, nearest, out_begin, out_end, across, weights);
  }
  const Scale axis(in_size, out_size, filter);
  weights->taps = 2 * int(std::ceil(axis.support)) + 1;
  weights->first.clear();
  weights->count.clear();
  weights->weights.assign(size_t(out_end - out_begin) * size_t(weights->taps), 0.0f);
  float* row = weights->weights.data();
  for (int out = out_begin; out < out_end; ++out, row += weights->taps) {
    // Sums with the half are formed in double, and so is the product with it.
    const float centre = float(double(axis.scale) * (out + 0.5));
    const int first = std::max(int(double(centre - axis.support) + 0.5), 0);
    const int end = std::min(int(double(centre + axis.support) + 0.5), in_size);
    const int count = std::clamp(end - first, 0, weights->taps);
    float total = 0.0f;
    for (int t = 0; t < count; ++t) {
      const double from_centre = double(float(t + first) - centre) + 0.5;
      row[t] = Evaluate(filter, float(from_centre * double(axis.inverse)));
      total += row[t];
    }
    if (total != 0.0f) std::for_each(row, row + count, [&](float& weight) { weight /= total; });
    weights->first.push_back(first);
    weights->count.push_back(count);
  }
}

}  // namespace imnorm
