// Float pixels -> exact sums.
//
// The quick path needs no carry and no shift a sample: a sample is an integer mantissa times a
// power of two, and mantissas (or products of them) of equal powers are added in 128-bit bins, one
// a power. The bins go into the exact sum once a block. Measured against adding every sample to the
// exact sum: 3 to 4 times the speed.
#include <algorithm>
#include <bit>
#include <cmath>

#include "imnorm/statistics.h"
#include "statistics/big_integer.h"

namespace imnorm {
namespace {

__extension__ typedef __int128 SignedWide;

// value == mantissa * 2^(power - kBias), 0 < power < kPowers.
template <typename Sample>
struct FloatLayout;
template <>
struct FloatLayout<float> {
  using Bits = uint32_t;
  static constexpr int kFractionBits = 23;
  static constexpr int kPowers = 256;
  static constexpr int kBias = 150;
};
template <>
struct FloatLayout<double> {
  using Bits = uint64_t;
  static constexpr int kFractionBits = 52;
  static constexpr int kPowers = 2048;
  static constexpr int kBias = 1075;
};

struct Parts {
  int64_t mantissa;
  int power;
};

template <typename Sample>
Parts Split(Sample value) {
  using L = FloatLayout<Sample>;
  const auto bits = std::bit_cast<typename L::Bits>(value);
  const int field = int(bits >> L::kFractionBits) & (L::kPowers - 1);
  constexpr auto kImplicit = typename L::Bits{1} << L::kFractionBits;
  const int64_t fraction = int64_t(bits & (kImplicit - 1));
  const int64_t mantissa = fraction | (field != 0 ? int64_t(kImplicit) : 0);
  return {std::signbit(value) ? -mantissa : mantissa, field + (field == 0)};
}

// Products have 106 bits at most, so a bin holds 2^21 of them.
constexpr size_t kBlock = 65536;

template <typename Sample>
class Bins {
 public:
  // Fewer samples than this cost less one by one than the walk over all bins afterwards.
  static constexpr size_t kWorthwhile = FloatLayout<Sample>::kPowers / 2;

  void Add(const Sample* in, size_t count, size_t stride, ExactSum* sum) {
    for (size_t i = 0; i < count; ++i) {
      const Parts x = Split(in[i * stride]);
      bins_[x.power] += x.mantissa;
    }
    Flush(FloatLayout<Sample>::kPowers, FloatLayout<Sample>::kBias, sum);
  }

  void AddProducts(const Sample* a, const Sample* b, size_t count, size_t stride, ExactSum* sum) {
    for (size_t i = 0; i < count; ++i) {
      const Parts x = Split(a[i * stride]), y = Split(b[i * stride]);
      bins_[x.power + y.power] += SignedWide(x.mantissa) * y.mantissa;
    }
    Flush(2 * FloatLayout<Sample>::kPowers, 2 * FloatLayout<Sample>::kBias, sum);
  }

 private:
  void Flush(int powers, int bias, ExactSum* sum) {
    for (int power = 0; power < powers; ++power) {
      if (bins_[power] == 0) continue;
      const bool negative = bins_[power] < 0;
      const Wide magnitude = negative ? -Wide(bins_[power]) : Wide(bins_[power]);
      sum->AddScaled(uint64_t(magnitude >> 64), uint64_t(magnitude), power - bias, negative);
      bins_[power] = 0;
    }
  }

  SignedWide bins_[2 * FloatLayout<Sample>::kPowers] = {};
};

template <typename Sample>
bool AllFinite(const Sample* in, size_t count, size_t stride) {
  using L = FloatLayout<Sample>;
  constexpr auto kInfinite = typename L::Bits(L::kPowers - 1) << L::kFractionBits;
  bool finite = true;
  for (size_t i = 0; i < count; ++i) {
    finite &= (std::bit_cast<typename L::Bits>(in[i * stride]) & kInfinite) != kInfinite;
  }
  return finite;
}

template <typename Sample>
void AddExtremes(const Sample* in, size_t count, size_t stride, bool first, double* low,
                 double* high) {
  Sample least = in[0], most = in[0];
  for (size_t i = 1; i < count; ++i) {
    least = std::min(least, in[i * stride]);
    most = std::max(most, in[i * stride]);
  }
  // + 0.0: no -0, which min and max cannot order.
  *low = first ? double(least) + 0.0 : std::min(*low, double(least) + 0.0);
  *high = first ? double(most) + 0.0 : std::max(*high, double(most) + 0.0);
}

// Counts what is wrong with a pixel; false if nothing is.
template <typename Sample>
bool CountNonfinite(const Sample* pixel, size_t channel_stride, FloatSums* sums) {
  bool finite = true;
  for (size_t c = 0; c < size_t(sums->channels); ++c) {
    const Sample value = pixel[c * channel_stride];
    if (std::isfinite(value)) continue;
    finite = false;
    auto& counter = std::isnan(value) ? sums->nan
                    : value > 0       ? sums->positive_infinity
                                      : sums->negative_infinity;
    ++counter[c];
  }
  if (!finite) ++sums->nonfinite_pixels;
  return !finite;
}

template <typename Sample>
void AddPixel(const Sample* pixel, size_t channel_stride, FloatSums* sums) {
  size_t pair = 0;
  for (size_t c = 0; c < size_t(sums->channels); ++c) {
    const Sample value = pixel[c * channel_stride];
    sums->sum[c].Add(double(value));
    sums->sum_squares[c].AddProduct(double(value), double(value));
    AddExtremes(&value, 1, 1, sums->pixels == 0, &sums->min[c], &sums->max[c]);
    if (sums->cross.empty()) continue;
    for (size_t other = c + 1; other < size_t(sums->channels); ++other) {
      sums->cross[pair++].AddProduct(double(value), double(pixel[other * channel_stride]));
    }
  }
  ++sums->pixels;
}

template <typename Sample>
void AddFiniteBlock(const Sample* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
                    Bins<Sample>* bins, FloatSums* sums) {
  const size_t channels = size_t(sums->channels);
  size_t pair = 0;
  for (size_t c = 0; c < channels; ++c) {
    const Sample* plane = in + c * channel_stride;
    bins->Add(plane, pixels, pixel_stride, &sums->sum[c]);
    bins->AddProducts(plane, plane, pixels, pixel_stride, &sums->sum_squares[c]);
    AddExtremes(plane, pixels, pixel_stride, sums->pixels == 0, &sums->min[c], &sums->max[c]);
    if (sums->cross.empty()) continue;
    for (size_t other = c + 1; other < channels; ++other) {
      bins->AddProducts(plane, in + other * channel_stride, pixels, pixel_stride,
                        &sums->cross[pair++]);
    }
  }
  sums->pixels += pixels;
}

template <typename Sample>
void AddPixels(const Sample* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
               FloatSums* sums) {
  Bins<Sample> bins;
  while (pixels > 0) {
    const size_t count = std::min(pixels, kBlock);
    bool finite = count >= Bins<Sample>::kWorthwhile;
    for (size_t c = 0; finite && c < size_t(sums->channels); ++c) {
      finite = AllFinite(in + c * channel_stride, count, pixel_stride);
    }
    if (finite) {
      AddFiniteBlock(in, count, pixel_stride, channel_stride, &bins, sums);
    } else {
      for (size_t i = 0; i < count; ++i) {
        const Sample* pixel = in + i * pixel_stride;
        if (!CountNonfinite(pixel, channel_stride, sums)) AddPixel(pixel, channel_stride, sums);
      }
    }
    in += count * pixel_stride;
    pixels -= count;
  }
}

}  // namespace

void FloatSums::Reset(int new_width, int new_height, int new_channels, bool with_cross) {
  const size_t count = size_t(new_channels);
  *this = {};
  width = new_width;
  height = new_height;
  channels = new_channels;
  sum.resize(count);
  sum_squares.resize(count);
  if (with_cross) cross.resize(count * (count - 1) / 2);
  min.resize(count);
  max.resize(count);
  nan.resize(count);
  positive_infinity.resize(count);
  negative_infinity.resize(count);
}

void AddFloatPixels(const float* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
                    FloatSums* sums) {
  AddPixels(in, pixels, pixel_stride, channel_stride, sums);
}

void AddFloatPixels(const double* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
                    FloatSums* sums) {
  AddPixels(in, pixels, pixel_stride, channel_stride, sums);
}

}  // namespace imnorm
