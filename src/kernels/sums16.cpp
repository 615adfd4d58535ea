// Adds up 16-bit samples and pictures of many channels.
#include "kernels/sums16.h"

#include <algorithm>
#include <cstring>

namespace imnorm::kernels {
namespace {

template <typename T>
void AddTyped(const uint8_t* in, size_t pixels, size_t channels, PictureSums& sums) {
  constexpr size_t kLevels = size_t{1} << (8 * sizeof(T));
  const auto sample = [&](size_t i) {
    T value;
    std::memcpy(&value, in + i * sizeof(T), sizeof(T));
    return uint64_t(value);
  };
  const bool paired = !sums.cross.empty();
  for (size_t i = 0; i < pixels * channels; i += channels) {
    size_t pair = 0;
    for (size_t c = 0; c < channels; ++c) {
      const uint64_t v = sample(i + c);
      sums.sum[c] += v;
      sums.sum_squares[c] += v * v;
      sums.min[c] = std::min(sums.min[c], uint32_t(v));
      sums.max[c] = std::max(sums.max[c], uint32_t(v));
      if (!sums.histogram.empty()) ++sums.histogram[c * kLevels + v];
      for (size_t d = c + 1; d < channels && paired; ++d) sums.cross[pair++] += v * sample(i + d);
    }
  }
}

}  // namespace

void AddSumsWide(const uint8_t* in, size_t pixels, int channels, ElementType type,
                 PictureSums& sums) {
  if (type == ElementType::kU16) {
    AddTyped<uint16_t>(in, pixels, size_t(channels), sums);
  } else {
    AddTyped<uint8_t>(in, pixels, size_t(channels), sums);
  }
}

}  // namespace imnorm::kernels
