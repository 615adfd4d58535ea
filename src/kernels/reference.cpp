// The slow plain twin of every kernel: the judge, and the fallback where a target has no vectors.
#include <algorithm>
#include <cstring>

#include "kernels/kernels.h"

namespace imnorm::kernels::reference {
namespace {

uint8_t Clip8(int32_t accumulated, int precision) {
  return uint8_t(std::clamp(accumulated >> precision, 0, 255));
}

}  // namespace

void ResampleRows(const AxisWeights& weights, int in_begin, const uint8_t* in,
                  size_t in_stride_bytes, int rows, int channels, uint8_t* out,
                  size_t out_stride_bytes) {
  for (int y = 0; y < rows; ++y, in += in_stride_bytes, out += out_stride_bytes) {
    for (int x = 0; x < weights.size(); ++x) {
      const int32_t* w = weights.weights.data() + size_t(x) * size_t(weights.taps);
      const uint8_t* from = in + ptrdiff_t(weights.first[size_t(x)] - in_begin) * channels;
      for (int c = 0; c < channels; ++c) {
        int32_t sum = 1 << (weights.precision - 1);
        for (int t = 0; t < weights.count[size_t(x)]; ++t) sum += w[t] * from[t * channels + c];
        out[x * channels + c] = Clip8(sum, weights.precision);
      }
    }
  }
}

void BlendRows(const uint8_t* const* rows, const RowTaps& taps, size_t n, uint8_t* out) {
  for (size_t i = 0; i < n; ++i) {
    int32_t sum = 1 << (taps.precision - 1);
    for (int t = 0; t < taps.count; ++t) sum += taps.weights[t] * rows[t][i];
    out[i] = Clip8(sum, taps.precision);
  }
}

void MapRow(const ValueTable& table, const uint8_t* in, int pixels, const int* order, Layout layout,
            uint8_t* const* planes) {
  const size_t bytes = ElementBytes(table.dtype);
  const int channels = table.channels;
  for (int c = 0; c < channels; ++c) {
    const uint8_t* elements = static_cast<const uint8_t*>(table.channel(c));
    const size_t step = layout == Layout::kNchw ? bytes : bytes * size_t(channels);
    uint8_t* out = layout == Layout::kNchw ? planes[c] : planes[0] + size_t(c) * bytes;
    for (int x = 0; x < pixels; ++x, out += step) {
      std::memcpy(out, elements + size_t(in[x * channels + order[c]]) * bytes, bytes);
    }
  }
}

void AddSums(const uint8_t* in, size_t pixels, int channels, RowSums* sums) {
  for (size_t i = 0; i < pixels; ++i, in += channels) {
    for (int c = 0; c < channels; ++c) {
      const uint64_t v = in[c];
      sums->sum[c] += v;
      sums->sum_squares[c] += v * v;
      sums->min[c] = std::min(sums->min[c], in[c]);
      sums->max[c] = std::max(sums->max[c], in[c]);
    }
    if (channels >= 3) {
      sums->cross[0] += uint64_t(in[0]) * in[1];
      sums->cross[1] += uint64_t(in[0]) * in[2];
      sums->cross[2] += uint64_t(in[1]) * in[2];
    }
  }
}

void AddHistogram(const uint8_t* in, size_t pixels, int channels, uint64_t* histogram) {
  for (size_t i = 0; i < pixels; ++i) {
    for (int c = 0; c < channels; ++c) ++histogram[size_t(c) * 256 + *in++];
  }
}

}  // namespace imnorm::kernels::reference
