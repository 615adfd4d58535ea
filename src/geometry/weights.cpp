// Computes the weights of every filter, in Pillow's own arithmetic.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "imnorm/geometry.h"

namespace imnorm {
namespace {

constexpr int kPrecisionBits = AxisWeights::kPillowPrecision;  // 32 - 8 - 2

double Sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

// Pillow's kernels, evaluated in its own order of operations: the weights' last bits count.
double Evaluate(Filter filter, double x) {
  switch (filter) {
    case Filter::kBox:
      return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
    case Filter::kBilinear:
      x = std::fabs(x);
      return x < 1.0 ? 1.0 - x : 0.0;
    case Filter::kHamming:
      x = std::fabs(x);
      if (x == 0.0) return 1.0;
      if (x >= 1.0) return 0.0;
      x *= std::numbers::pi;
      // The constants are floats in Pillow, and that moves a pixel now and then.
      return std::sin(x) / x * (double(0.54f) + double(0.46f) * std::cos(x));
    case Filter::kBicubic: {
      constexpr double a = -0.5;
      x = std::fabs(x);
      if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
      if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
      return 0.0;
    }
    case Filter::kLanczos:
      return x >= -3.0 && x < 3.0 ? Sinc(x) * Sinc(x / 3) : 0.0;
    case Filter::kNearest:
    case Filter::kArea:
    case Filter::kNearestExact:
      break;
  }
  assert(false && "not a kernel filter");
  return 0.0;
}

double Support(Filter filter) {
  switch (filter) {
    case Filter::kBox:
      return 0.5;
    case Filter::kBilinear:
    case Filter::kHamming:
      return 1.0;
    case Filter::kBicubic:
      return 2.0;
    default:
      return 3.0;
  }
}

void KernelWeights(int in_size, double length, int out_size, Filter filter, int begin, int end,
                   AxisWeightsF64& axis) {
  const double scale = length / out_size;
  const double filter_scale = std::max(scale, 1.0);
  const double support = Support(filter) * filter_scale;
  const double inverse = 1.0 / filter_scale;
  // The widest window any output can have, so that rows of `weights` have one length.
  const int taps = std::min(int(std::ceil(support)) * 2 + 1, in_size);
  axis.taps = taps;
  axis.weights.assign(size_t(end - begin) * size_t(taps), 0.0);
  for (int out = begin; out < end; ++out) {
    const double center = (out + 0.5) * scale;
    const int first = std::max(0, int(center - support + 0.5));
    const int count = std::min(in_size, int(center + support + 0.5)) - first;
    assert(count <= taps);
    double* w = axis.weights.data() + size_t(out - begin) * size_t(taps);
    double total = 0.0;
    for (int t = 0; t < count; ++t) {
      w[t] = Evaluate(filter, (t + first - center + 0.5) * inverse);
      total += w[t];
    }
    for (int t = 0; t < count && total != 0.0; ++t) w[t] /= total;
    axis.first.push_back(first);
    axis.count.push_back(count);
  }
}

// One tap an output. The position is a running sum of steps, whose rounding errors Pillow keeps;
// an output whose sum runs past the end stays 0, as there.
void NearestWeights(int in_size, int out_size, int begin, int end, AxisWeightsF64& axis) {
  axis.taps = 1;
  const double step = double(in_size) / out_size;
  double at = step * 0.5;
  for (int out = 0; out < end; ++out, at += step) {
    if (out < begin) continue;
    const int source = int(at);
    const bool inside = source < in_size;
    axis.first.push_back(inside ? source : in_size - 1);
    axis.count.push_back(inside ? 1 : 0);
    axis.weights.push_back(inside ? 1.0 : 0.0);
  }
}

}  // namespace

void FindAxisWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end,
                     AxisWeightsF64* exact, double length) {
  assert(in_size > 0 && out_size > 0 && 0 <= out_begin && out_begin < out_end &&
         out_end <= out_size);
  exact->first.clear();
  exact->count.clear();
  exact->weights.clear();
  exact->identity = in_size == out_size;
  // A pass that keeps the size is skipped in Pillow; one tap of weight 1 has the same effect.
  if (filter == Filter::kNearest || in_size == out_size) {
    NearestWeights(in_size, out_size, out_begin, out_end, *exact);
  } else {
    KernelWeights(in_size, length > 0.0 ? length : in_size, out_size, filter, out_begin, out_end,
                  *exact);
  }
}

void RoundAxisWeights(const AxisWeightsF64& exact, AxisWeights* fixed) {
  fixed->taps = exact.taps;
  fixed->first = exact.first;
  fixed->count = exact.count;
  fixed->identity = exact.identity;
  fixed->precision = kPrecisionBits;
  fixed->weights.resize(exact.weights.size());
  for (size_t i = 0; i < exact.weights.size(); ++i) {
    const double scaled = exact.weights[i] * (1 << kPrecisionBits);
    fixed->weights[i] = int32_t(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  }
}

AxisWeightsF64 MakeAxisWeightsF64(int in_size, int out_size, Filter filter, int out_begin,
                                  int out_end) {
  AxisWeightsF64 exact;
  FindAxisWeights(in_size, out_size, filter, out_begin, out_end, &exact);
  return exact;
}

AxisWeights MakeAxisWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end) {
  AxisWeights fixed;
  RoundAxisWeights(MakeAxisWeightsF64(in_size, out_size, filter, out_begin, out_end), &fixed);
  return fixed;
}

}  // namespace imnorm
