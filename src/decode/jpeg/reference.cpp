// The plain twins that judge the kernels: libjpeg-turbo's arithmetic, sample by sample.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "decode/jpeg/assemble.h"
#include "decode/jpeg/color.h"
#include "decode/jpeg/idct.h"
#include "decode/jpeg/unstuff.h"
#include "decode/jpeg/upsample.h"
#include "decode/jpeg/zigzag.h"

namespace imnorm::jpeg::reference {
namespace {

uint8_t Clamp(int v) { return uint8_t(std::clamp(v, 0, 255)); }

// jidctint.c on eight values `step` apart; kShift is CONST_BITS less or more the pass's scaling.
void TransformLine(const int32_t* in, int step, int shift, int32_t* out) {
  const int32_t z2 = in[2 * step];
  const int32_t z3 = in[6 * step];
  const int32_t middle = (z2 + z3) * 4433;
  const int32_t even2 = middle - z3 * 15137;
  const int32_t even3 = middle + z2 * 6270;
  const int32_t even0 = (in[0] + in[4 * step]) * 8192;
  const int32_t even1 = (in[0] - in[4 * step]) * 8192;
  const int32_t even[4] = {even0 + even3, even1 + even2, even1 - even2, even0 - even3};
  const int32_t x7 = in[7 * step];
  const int32_t x5 = in[5 * step];
  const int32_t x3 = in[3 * step];
  const int32_t x1 = in[1 * step];
  const int32_t z5 = (x7 + x3 + x5 + x1) * 9633;
  const int32_t za = (x7 + x1) * -7373;
  const int32_t zb = (x5 + x3) * -20995;
  const int32_t zc = (x7 + x3) * -16069 + z5;
  const int32_t zd = (x5 + x1) * -3196 + z5;
  const int32_t odd[4] = {x1 * 12299 + za + zd, x3 * 25172 + zb + zc, x5 * 16819 + zb + zd,
                          x7 * 2446 + za + zc};
  const int32_t round = 1 << (shift - 1);
  for (int i = 0; i < 4; ++i) {
    out[i * step] = (even[i] + odd[i] + round) >> shift;
    out[(7 - i) * step] = (even[i] - odd[i] + round) >> shift;
  }
}

bool TransformBlock(const int16_t* block, const Dequantizer& dequantizer, uint8_t* out,
                    size_t stride_bytes) {
  int32_t values[64];
  for (int i = 0; i < 64; ++i) {
    if (std::abs(block[i]) > dequantizer.limit[i]) return false;
    values[i] = block[i] * dequantizer.factor[i];
  }
  int32_t columns[64];
  for (int x = 0; x < 8; ++x) TransformLine(values + x, 8, 11, columns + x);
  for (const int32_t v : columns) {
    if (v < -kMaxFirstPass - 1 || v > kMaxFirstPass) return false;
  }
  for (int y = 0; y < 8; ++y) {
    int32_t row[8];
    TransformLine(columns + 8 * y, 1, 18, row);
    for (int x = 0; x < 8; ++x) out[size_t(y) * stride_bytes + size_t(x)] = Clamp(row[x] + 128);
  }
  return true;
}

struct Pixel {
  int r, g, b;
};

Pixel YccPixel(const PlaneRow& in, int x) {
  const int luma = in.plane[0][x];
  const int u = in.plane[1][x] - 128;
  const int w = in.plane[2][x] - 128;
  return {Clamp(luma + ((91881 * w + 32768) >> 16)),
          Clamp(luma + ((-22554 * u - 46802 * w + 32768) >> 16)),
          Clamp(luma + ((116130 * u + 32768) >> 16))};
}

Pixel RgbPixel(const PlaneRow& in, int x) {
  return {in.plane[0][x], in.plane[1][x], in.plane[2][x]};
}

void StoreRgb(const Pixel& pixel, uint8_t* out) {
  out[0] = uint8_t(pixel.r);
  out[1] = uint8_t(pixel.g);
  out[2] = uint8_t(pixel.b);
}

uint8_t Gray(const Pixel& p) {
  return uint8_t((19595 * p.r + 38470 * p.g + 7471 * p.b + 32768) >> 16);
}

}  // namespace

Unstuffed Unstuff(const uint8_t* in, size_t size, uint8_t* out) {
  Unstuffed done;
  while (done.read < size) {
    const uint8_t byte = in[done.read];
    if (byte == 0xff) {
      if (done.read + 1 == size) break;
      if (in[done.read + 1] != 0) {
        done.at_marker = true;
        break;
      }
      ++done.read;
    }
    out[done.written++] = byte;
    ++done.read;
  }
  return done;
}

size_t FindMarker(const uint8_t* in, size_t size) {
  size_t at = 0;
  while (at + 1 < size && !(in[at] == 0xff && in[at + 1] != 0)) ++at;
  return at;
}

void MarkNonzero(const ZigzagBlock* blocks, size_t count, uint64_t* masks) {
  for (size_t i = 0; i < count; ++i) {
    for (int k = 0; k < 64; ++k) {
      if (blocks[i].at[k] != 0) masks[i] |= uint64_t{1} << (63 - k);
    }
  }
}

void AssembleBlocks(const ZigzagBlock* blocks, const RefinedBits& bits, int16_t* out) {
  for (int i = 0; i < 4; ++i, out += 64) {
    for (int k = 0; k < 64; ++k) {
      const int first = blocks[i].at[k];
      int more = 0;
      for (int bit = 0; bit < kMaxLowBits; ++bit) {
        if (bits.plane[bit] != nullptr) more |= int(bits.plane[bit][i] >> (63 - k) & 1) << bit;
      }
      const bool minus =
          first < 0 || (bits.negative != nullptr && (bits.negative[i] >> (63 - k) & 1) != 0);
      out[kNaturalOrder.at[k]] = int16_t(minus ? first - more : first + more);
    }
  }
}

bool TransformBlocks(const int16_t* const* blocks, const Dequantizer& dequantizer, uint8_t* out,
                     size_t stride_bytes) {
  for (int block = 0; block < 4; ++block) {
    if (!TransformBlock(blocks[block], dequantizer, out + 8 * block, stride_bytes)) return false;
  }
  return true;
}

void UpsampleRow(const uint8_t* in, int count, uint8_t* out) {
  for (int i = 0; i < count; ++i) {
    out[2 * i] = uint8_t((3 * in[i] + in[i - 1] + 1) >> 2);
    out[2 * i + 1] = uint8_t((3 * in[i] + in[i + 1] + 2) >> 2);
  }
}

void BlendRow(const uint8_t* near, const uint8_t* far, int bias, int count, uint8_t* out) {
  for (int i = 0; i < count; ++i) out[i] = uint8_t((3 * near[i] + far[i] + bias) >> 2);
}

void UpsampleRows(const uint8_t* near, const uint8_t* far, int count, uint8_t* out) {
  const auto sum = [&](int i) { return 3 * near[i] + far[i]; };
  for (int i = 0; i < count; ++i) {
    out[2 * i] = uint8_t((3 * sum(i) + sum(i - 1) + 8) >> 4);
    out[2 * i + 1] = uint8_t((3 * sum(i) + sum(i + 1) + 7) >> 4);
  }
}

void YccToRgb(const PlaneRow& in, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels; ++x) StoreRgb(YccPixel(in, x), out + 3 * x);
}

void YccToGray(const PlaneRow& in, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels; ++x) out[x] = Gray(YccPixel(in, x));
}

void Interleave(const PlaneRow& in, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels; ++x) StoreRgb(RgbPixel(in, x), out + 3 * x);
}

void RgbToGray(const PlaneRow& in, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels; ++x) out[x] = Gray(RgbPixel(in, x));
}

}  // namespace imnorm::jpeg::reference
