// Histograms of u8 rows: plain code, since what counts is that counters do not wait for each other.
#include <cstring>

#include "kernels/kernels.h"

namespace imnorm::kernels {
namespace {

// Neighbouring pixels are alike: counting them in one table would make each increment wait for
// the store of the one before. Pixel x counts in table x % 4.
template <int kChannels>
void Count(const uint8_t* in, size_t pixels, uint32_t (*counts)[4][256]) {
  size_t x = 0;
  for (; x + 4 <= pixels; x += 4, in += 4 * kChannels) {
    for (int p = 0; p < 4; ++p) {
      for (int c = 0; c < kChannels; ++c) ++counts[p][c][in[p * kChannels + c]];
    }
  }
  for (; x < pixels; ++x, in += kChannels) {
    for (int c = 0; c < kChannels; ++c) ++counts[x % 4][c][in[c]];
  }
}

}  // namespace

void AddHistogram(const uint8_t* in, size_t pixels, int channels, HistogramTables* tables) {
  switch (channels) {
    case 1:
      return Count<1>(in, pixels, tables->counts);
    case 2:
      return Count<2>(in, pixels, tables->counts);
    case 3:
      return Count<3>(in, pixels, tables->counts);
    default:
      return Count<4>(in, pixels, tables->counts);
  }
}

void FlushHistogram(HistogramTables* tables, int channels, uint64_t* histogram) {
  for (auto& table : tables->counts) {
    for (int c = 0; c < channels; ++c) {
      for (int v = 0; v < 256; ++v) histogram[c * 256 + v] += table[c][v];
      std::memset(table[c], 0, sizeof table[c]);
    }
  }
}

void AddHistogram(const uint8_t* in, size_t pixels, int channels, uint64_t* histogram) {
  reference::AddHistogram(in, pixels, channels, histogram);
}

}  // namespace imnorm::kernels
