// Converts blocks of elements, and counts what an output type cannot hold.
#include "normalize/layers/elements.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernels/layer_kernels.h"

namespace imnorm {
namespace {

struct QuantisedEnds {
  int lowest;
  int highest;
};
QuantisedEnds EndsOf(ElementType dtype) {
  return dtype == ElementType::kI8 ? QuantisedEnds{-128, 127} : QuantisedEnds{0, 255};
}

// Finite float32 values from this one up round to infinity.
constexpr float kFirstBeyondF16 = 65520.0f;
constexpr float kFirstBeyondBF16 = 0x1.ffp+127f;

size_t CountOverflows(const float* values, size_t n, float first_beyond) {
  uint32_t beyond = 0;
  for (size_t i = 0; i < n; ++i) {
    const float size = std::fabs(values[i]);
    beyond += uint32_t(size >= first_beyond) & uint32_t(size <= std::numeric_limits<float>::max());
  }
  return beyond;
}

// The first float32 that rounds, half to even, to more than `most`.
float FirstAbove(int most) {
  const float half = float(most) + 0.5f;
  const bool half_goes_up = most % 2 != 0;
  return half_goes_up ? half : std::nextafter(half, std::numeric_limits<float>::infinity());
}

// As numpy's astype(float32).
template <typename T>
const float* Rounded(const uint8_t* in, size_t n, float* scratch) {
  const T* from = reinterpret_cast<const T*>(in);
  for (size_t i = 0; i < n; ++i) scratch[i] = float(from[i]);
  return scratch;
}

// Rounds to nearest even without a call: adding 1.5 * 2^23 leaves no fraction bits. Clamping to
// +-1024 first keeps that valid and saturates all the same, since |qzero| <= 255. NaN becomes
// qzero.
template <typename T>
void Quantize(const float* values, size_t n, float qscale, int qzero, int lowest, int highest,
              uint8_t* out) {
  constexpr float kRound = 12582912.0f;
  T* to = reinterpret_cast<T*>(out);
  for (size_t i = 0; i < n; ++i) {
    float q = values[i] / qscale;
    q = q == q ? q : 0.0f;
    q = std::min(std::max(q, -1024.0f), 1024.0f);
    q = (q + kRound) - kRound;
    to[i] = T(std::min(std::max(int(q) + qzero, lowest), highest));
  }
}

}  // namespace

const float* AsFloat32(ElementType type, const uint8_t* in, size_t n, float* scratch) {
  switch (type) {
    case ElementType::kU8:
      kernels::LayerFromU8(in, n, scratch);
      return scratch;
    case ElementType::kF16:
      kernels::LayerFromF16(reinterpret_cast<const uint16_t*>(in), n, scratch);
      return scratch;
    case ElementType::kBF16:
      kernels::LayerFromBF16(reinterpret_cast<const uint16_t*>(in), n, scratch);
      return scratch;
    case ElementType::kF32:
      return reinterpret_cast<const float*>(in);
    case ElementType::kF64:
      return Rounded<double>(in, n, scratch);
    case ElementType::kI8:
      return Rounded<int8_t>(in, n, scratch);
    case ElementType::kU16:
      return Rounded<uint16_t>(in, n, scratch);
    case ElementType::kI16:
      return Rounded<int16_t>(in, n, scratch);
    case ElementType::kI32:
      return Rounded<int32_t>(in, n, scratch);
    case ElementType::kI64:
      return Rounded<int64_t>(in, n, scratch);
    case ElementType::kBool:
      for (size_t i = 0; i < n; ++i) scratch[i] = in[i] != 0 ? 1.0f : 0.0f;
      return scratch;
  }
  return nullptr;
}

size_t CountNotFinite(const float* values, size_t n) {
  uint32_t finite = 0;
  for (size_t i = 0; i < n; ++i) {
    finite += uint32_t(std::fabs(values[i]) <= std::numeric_limits<float>::max());
  }
  return n - finite;
}

size_t NonFiniteResults(const float* values, const float* results, size_t n) {
  constexpr float kMost = std::numeric_limits<float>::max();
  uint32_t made = 0;
  for (size_t i = 0; i < n; ++i) {
    made += uint32_t(std::fabs(values[i]) <= kMost) & uint32_t(!(std::fabs(results[i]) <= kMost));
  }
  return made;
}

void CountLost(const LayerJob& job, const float* values, size_t n, ValueCounts& met) {
  if (job.dtype == ElementType::kF32) return;
  if (job.dtype == ElementType::kF16) {
    met.overflowed += CountOverflows(values, n, kFirstBeyondF16);
    return;
  }
  if (job.dtype == ElementType::kBF16) {
    met.overflowed += CountOverflows(values, n, kFirstBeyondBF16);
    return;
  }
  const float qscale = job.quantize ? float(job.qscale) : 1.0f;
  const int qzero = job.quantize ? job.qzero : 0;
  const float first_below = -FirstAbove(qzero - EndsOf(job.dtype).lowest);
  const float first_above = FirstAbove(EndsOf(job.dtype).highest - qzero);
  uint32_t nan = 0;
  uint32_t beyond = 0;
  for (size_t i = 0; i < n; ++i) {
    const float q = values[i] / qscale;
    nan += uint32_t(q != q);
    beyond += uint32_t(q <= first_below) | uint32_t(q >= first_above);
  }
  met.nan_stored += nan;
  met.saturated += beyond;
}

void StoreElements(const LayerJob& job, const float* values, size_t n, uint8_t* out) {
  const float qscale = job.quantize ? float(job.qscale) : 1.0f;
  const int qzero = job.quantize ? job.qzero : 0;
  switch (job.dtype) {
    case ElementType::kF32:
      std::memcpy(out, values, n * sizeof(float));
      return;
    case ElementType::kF16:
      kernels::LayerToF16(values, n, reinterpret_cast<uint16_t*>(out));
      return;
    case ElementType::kBF16:
      kernels::LayerToBF16(values, n, reinterpret_cast<uint16_t*>(out));
      return;
    case ElementType::kU8:
      Quantize<uint8_t>(values, n, qscale, qzero, 0, 255, out);
      return;
    case ElementType::kI8:
      Quantize<int8_t>(values, n, qscale, qzero, -128, 127, out);
      return;
    default:
      assert(!"CheckOutputType refused it");
  }
}

void InterleavePlanes(const uint8_t* planes, int64_t channels, int64_t plane, size_t element_bytes,
                      uint8_t* out) {
  for (int64_t i = 0; i < plane; ++i) {
    for (int64_t c = 0; c < channels; ++c, out += element_bytes) {
      std::memcpy(out, planes + size_t(c * plane + i) * element_bytes, element_bytes);
    }
  }
}

}  // namespace imnorm
