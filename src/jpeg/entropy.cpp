// One lookup gives one or two symbols with their values; the stream is read anew at every step,
// two steps ahead of its use. So the chain from one lookup to the next is shift, load, shift, and
// the only branch is for the end of a block and codes longer than the table together.
//
// Plain C++ in every target: those with BMI2 shift without flags or a fixed register.
#include "jpeg/entropy.h"

#include <cstring>

#include "jpeg/zigzag.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "jpeg/entropy.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {

// `next` serves the coming lookup, `later` the one after it. Fresh bits are at least 57; two drops
// of at most 20 leave 17 of them, enough for a lookup.
struct Bits {
  const uint8_t* bytes;
  uint64_t bit;
  uint64_t next;
  uint64_t later;

  HWY_INLINE uint64_t Fresh() const {
    uint64_t big_endian;
    memcpy(&big_endian, bytes + (bit >> 3), sizeof big_endian);
    return __builtin_bswap64(big_endian) << (bit & 7);
  }
  HWY_INLINE void Seek(uint64_t to) {
    bit = to;
    next = later = Fresh();
  }
};

HWY_INLINE uint64_t RotateRight(uint64_t x, uint64_t n) { return x >> n | x << (64 - n); }

// Drops an entry's bits: the serial chain of the whole decoder.
HWY_INLINE void Drop(Bits& bits, uint64_t entry, uint64_t fresh) {
  bits.next = bits.later << (entry & 63);
  bits.later = fresh << (entry & 63);
  bits.bit += entry & 63;
}

// The value bits beyond the table's that an entry's first value still lacks.
template <int kBits>
HWY_INLINE uint64_t Beyond(uint64_t entry, uint64_t fresh) {
  return (fresh & (~uint64_t{0} >> kBits)) >> (RotateRight(entry, 24) & 63);
}

// Decodes the AC coefficients of one block; returns its last index: kEndOfBlock plus the index of
// the last coefficient, 63 for a full block, anything else if it is damaged.
HWY_INLINE uint64_t DecodeAc(Bits& bits, const BlockTables& tables, int16_t* out) {
  uint64_t k = 0;
  while (true) {
    uint64_t entry, first, last = k;
    do {
      k = last;
      entry = tables.ac[bits.next >> (64 - kAcBits)];
      const uint64_t fresh = bits.Fresh();
      Drop(bits, entry, fresh);
      first = k + uint8_t(entry >> 8);
      last = k + uint8_t(entry >> 16);
      out[kNaturalOrder.at[last]] = int16_t(entry >> 48);
      // Second, since both indices are the same where the entry holds one symbol only.
      out[kNaturalOrder.at[first]] =
          int16_t(RotateRight(entry, 32) + Beyond<kAcBits>(entry, fresh));
    } while (HWY_LIKELY(last < 63));
    if (HWY_UNLIKELY((entry & kLongCode) != 0)) {
      const Symbol symbol = SearchSymbol(*tables.ac_codes, bits.Fresh(), kAcBits);
      bits.Seek(bits.bit + symbol.bits);
      k += symbol.advance;
      out[kNaturalOrder.at[k]] = symbol.value;
      if (k >= 63) return k;
      continue;
    }
    if (first == 63 && last != first) {
      // The second symbol belongs to the next block: take the first one alone.
      bits.bit -= entry & 63;
      bits.Seek(bits.bit + SearchSymbol(*tables.ac_codes, bits.Fresh(), 1).bits);
      return 63;
    }
    return last;
  }
}

HWY_INLINE int32_t DecodeDifference(Bits& bits, const BlockTables& tables) {
  const uint64_t entry = tables.dc[bits.next >> (64 - kDcBits)];
  const uint64_t fresh = bits.Fresh();
  if (HWY_UNLIKELY((entry & kLongCode) != 0)) {
    const Symbol symbol = SearchSymbol(*tables.dc_codes, fresh, kDcBits);
    bits.Seek(bits.bit + symbol.bits);
    // No such code: a difference that leads out of every range.
    return symbol.advance > kEndOfBlock ? 1 << 30 : symbol.value;
  }
  Drop(bits, entry, fresh);
  return int16_t(entry >> 32) + int32_t(Beyond<kDcBits>(entry, fresh));
}

bool DecodeMcus(const BlockTables* plan, int blocks, int mcus, BitPosition& position,
                int16_t* coefficients, uint32_t* busy) {
  Bits bits{position.bytes, 0, 0, 0};
  bits.Seek(position.bit);
  uint32_t damaged = 0;
  for (int m = 0; m < mcus; ++m) {
    for (const BlockTables* tables = plan; tables < plan + blocks; ++tables) {
      uint32_t& predictor = position.predictor[tables->component];
      // Unsigned: a damaged stream may run past any type.
      predictor += uint32_t(DecodeDifference(bits, *tables));
      damaged |= (predictor + 0x4000u) >> 15;
      coefficients[0] = int16_t(predictor);
      const uint64_t last = DecodeAc(bits, *tables, coefficients);
      damaged |= uint32_t(last != 63) & uint32_t(last - kEndOfBlock >= 64);
      busy[tables->component] |= uint32_t(last ^ kEndOfBlock);
      coefficients += 64;
    }
  }
  position.bit = bits.bit;
  return damaged == 0;
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(DecodeMcus)
bool DecodeMcus(const BlockTables* plan, int blocks, int mcus, BitPosition& position,
                int16_t* coefficients, uint32_t* busy) {
  return IMNORM_DISPATCH(DecodeMcus)(plan, blocks, mcus, position, coefficients, busy);
}

}  // namespace imnorm::jpeg
#endif
