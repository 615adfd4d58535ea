// A whole resize by the kernels, row-driven as the product does it: bands in, a ring, rows out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "imnorm/geometry.h"
#include "kernels/kernels.h"
#include "kernels/resize.h"

namespace imnorm::testing {

inline AxisWeights Weights(ResizeEngine engine, int in_size, int out_size, Filter filter, int begin,
                           int end) {
  if (engine == ResizeEngine::kPillow) {
    return MakeAxisWeights(in_size, out_size, filter, begin, end);
  }
  AxisWeightsF64 exact;
  AxisWeights fixed;
  FindTorchWeights(in_size, out_size, filter, begin, end, &exact, &fixed);
  return fixed;
}

// What one picture size and filter come to; `window` is of the resized picture.
struct PreparedResize {
  AxisWeights x, y;
  kernels::PreparedColumns columns;
  int in_x = 0, in_y = 0, in_y_end = 0;

  PreparedResize(int in_width, int in_height, int out_width, int out_height, Filter filter,
                 const Rect& window, int channels, ResizeEngine engine = ResizeEngine::kPillow)
      : x(Weights(engine, in_width, out_width, filter, window.x, window.x + window.width)),
        y(Weights(engine, in_height, out_height, filter, window.y, window.y + window.height)) {
    in_x = x.first.front();
    in_y = y.first.front();
    in_y_end = y.first.back() + y.count.back();
    columns = kernels::PrepareColumns(x, in_x, channels);
  }
};

// Resizes `in` (the whole picture) into `out` (the window).
inline void Resize(const PreparedResize& plan, const uint8_t* in, size_t in_stride,
                   std::vector<uint8_t>* ring, uint8_t* out) {
  constexpr int kBand = 16;
  const size_t row_bytes = plan.columns.out_bytes;
  const int taps = *std::max_element(plan.y.count.begin(), plan.y.count.end());
  const int ring_rows = (taps + kBand + kBand - 1) / kBand * kBand;
  ring->resize(size_t(ring_rows) * row_bytes);
  std::vector<const uint8_t*> rows(static_cast<size_t>(taps));
  int next = 0;
  for (int y = plan.in_y; y < plan.in_y_end; y += kBand) {
    const int count = std::min(kBand, plan.in_y_end - y);
    kernels::ResampleRows(
        plan.columns, in + size_t(y) * in_stride + size_t(plan.in_x * plan.columns.channels),
        in_stride, count, ring->data() + size_t((y - plan.in_y) % ring_rows) * row_bytes,
        row_bytes);
    for (; next < plan.y.size(); ++next) {
      const size_t at = size_t(next);
      if (plan.y.first[at] + plan.y.count[at] > y + count) break;
      for (int t = 0; t < plan.y.count[at]; ++t) {
        rows[size_t(t)] =
            ring->data() + size_t((plan.y.first[at] + t - plan.in_y) % ring_rows) * row_bytes;
      }
      const int32_t* weights = plan.y.weights.data() + at * size_t(plan.y.taps);
      kernels::BlendRows(rows.data(), {weights, plan.y.count[at], plan.y.precision}, row_bytes,
                         out + at * row_bytes);
    }
  }
}

}  // namespace imnorm::testing
