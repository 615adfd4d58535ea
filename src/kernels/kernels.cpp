#include "kernels/kernels.h"

namespace imnorm::kernels {

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
