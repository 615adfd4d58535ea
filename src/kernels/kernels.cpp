#include "kernels/kernels.h"

namespace imnorm::kernels {

void ResampleRows(const AxisWeights& weights, int in_begin, const uint8_t* in,
                  size_t in_stride_bytes, int rows, int channels, uint8_t* out,
                  size_t out_stride_bytes) {
  reference::ResampleRows(weights, in_begin, in, in_stride_bytes, rows, channels, out,
                          out_stride_bytes);
}

void BlendRows(const uint8_t* const* rows, const int32_t* weights, int taps, size_t n,
               uint8_t* out) {
  reference::BlendRows(rows, weights, taps, n, out);
}

void MapRow(const ValueTable& table, const uint8_t* in, int pixels, const int* order, Layout layout,
            uint8_t* const* planes) {
  reference::MapRow(table, in, pixels, order, layout, planes);
}

void AddSums(const uint8_t* in, size_t pixels, int channels, RowSums* sums) {
  reference::AddSums(in, pixels, channels, sums);
}

void AddHistogram(const uint8_t* in, size_t pixels, int channels, uint64_t* histogram) {
  reference::AddHistogram(in, pixels, channels, histogram);
}

}  // namespace imnorm::kernels
