// The plain twins that judge the kernels: one byte or sample at a time.
#include <cstdint>
#include <cstdlib>

#include "decode/png/adler.h"
#include "decode/png/samples.h"
#include "decode/png/unfilter.h"

namespace imnorm::png::reference {
namespace {

int PaethOf(int a, int b, int c) {
  const int of_a = std::abs(b - c);
  const int of_b = std::abs(a - c);
  const int of_c = std::abs(a + b - 2 * c);
  if (of_a <= of_b && of_a <= of_c) return a;
  return of_b <= of_c ? b : c;
}

int Predict(int filter, int a, int b, int c) {
  switch (filter) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return (a + b) >> 1;
    case 4:
      return PaethOf(a, b, c);
    default:
      return 0;
  }
}

}  // namespace

bool UnfilterRows(const FilteredRows& job) {
  const uint8_t* in = job.in;
  const uint8_t* above = job.above;
  uint8_t* out = job.out;
  const size_t pixel = size_t(job.pixel_bytes);
  for (int y = 0; y < job.rows; ++y) {
    const int filter = *in++;
    if (filter > 4) return false;
    for (size_t i = 0; i < job.stride; ++i) {
      const int a = i >= pixel ? out[i - pixel] : 0;
      const int c = i >= pixel ? above[i - pixel] : 0;
      out[i] = uint8_t(in[i] + Predict(filter, a, above[i], c));
    }
    above = out;
    in += job.stride;
    out += job.stride;
  }
  return true;
}

uint32_t Adler32(uint32_t sum, const uint8_t* in, size_t size) {
  constexpr uint32_t kBase = 65521;
  uint32_t a = sum & 0xffff;
  uint32_t b = sum >> 16;
  for (size_t i = 0; i < size; ++i) {
    a = (a + in[i]) % kBase;
    b = (b + a) % kBase;
  }
  return b << 16 | a;
}

void SwapBytes(const uint8_t* in, size_t samples, uint8_t* out) {
  for (size_t i = 0; i < samples; ++i) {
    const uint16_t sample = uint16_t(in[2 * i] << 8 | in[2 * i + 1]);
    out[2 * i] = uint8_t(sample);
    out[2 * i + 1] = uint8_t(sample >> 8);
  }
}

}  // namespace imnorm::png::reference
