// Refinement on masks. The nonzero coefficients of a block ("old" ones) and its zeros are fixed
// while it is refined: a symbol's new coefficient is the zero of a known number, found by
// depositing one bit, and the old ones passed on the way take as many bits of the stream as lie
// between. Those bits are gathered as one number and deposited on all old coefficients at the
// block's end. A block among ended ones costs a population count and a deposit, and nothing where
// it has no old coefficients.
//
// Bits are deposited from the bottom, and the last bit read is the lowest one: so a mask's lowest
// bit is its last coefficient, and zeros are counted from the end of the band.
//
// Dropped: moving on to the next block by conditional moves (20% slower: the state no longer fits
// the registers), and two scans in one loop (3 to 6% of the whole on large pictures, none on small
// ones).
#include "decode/jpeg/refine.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/refine.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "decode/jpeg/bits-inl.h"
#include "kernels/deposit.h"

// Targets whose CPUs all have BMI2 and LZCNT.
#undef IMNORM_JPEG_BMI2
#define IMNORM_JPEG_BMI2 (HWY_ARCH_X86_64 && HWY_TARGET <= HWY_AVX2 && HWY_TARGET != HWY_SCALAR)

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {

HWY_INLINE uint64_t CountOnes(uint64_t mask) { return uint64_t(__builtin_popcountll(mask)); }

// Puts the lowest bits of `bits` on the set bits of a mask.
HWY_INLINE uint64_t Deposit(uint64_t bits, uint64_t mask) {
#if IMNORM_JPEG_BMI2
  return _pdep_u64(bits, mask);
#else
  uint64_t result = 0;
  for (; mask != 0; mask &= mask - 1, bits >>= 1) {
    if ((bits & 1) != 0) result |= mask & (0 - mask);
  }
  return result;
#endif
}

// Goes through the zeros of a block from the top. With PDEP `next` is the number of the next zero
// as a bit, counted from the bottom; without, all zeros that are left.
#if IMNORM_JPEG_BMI2
HWY_INLINE uint64_t FirstZero(uint64_t zeros) {
  return uint64_t{1} << ((CountOnes(zeros) - 1) & 63);
}
#else
HWY_INLINE uint64_t FirstZero(uint64_t zeros) { return zeros; }
#endif

// The zero behind `passed` others; 0: there is none.
HWY_INLINE uint64_t TakeZero(uint64_t zeros, uint64_t passed, uint64_t& next) {
#if IMNORM_JPEG_BMI2
  next >>= passed;
  const uint64_t zero = _pdep_u64(next, zeros);
  next >>= 1;
#else
  (void)zeros;
  constexpr uint64_t kTop = uint64_t{1} << 63;
  for (; passed > 0 && next != 0; --passed) next ^= kTop >> __builtin_clzll(next);
  const uint64_t zero = next != 0 ? kTop >> __builtin_clzll(next) : 0;
  next ^= zero;
#endif
  return zero;
}

// The place of a mask's highest bit, from the top.
HWY_INLINE uint64_t LeadingZeros(uint64_t mask) {
#if IMNORM_JPEG_BMI2
  uint64_t count;
  asm("lzcntq %[mask], %[count]" : [count] "=r"(count) : [mask] "r"(mask) : "cc");
  return count;
#else
  return uint64_t(__builtin_clzll(mask));
#endif
}

// Takes up to 63 bits.
HWY_INLINE uint64_t Take(const uint8_t* bytes, uint64_t& bit, uint64_t count) {
  Bits bits{bytes, bit, 0, 0};
  uint64_t fresh = bits.Fresh();
  if (HWY_UNLIKELY(count > 57)) fresh |= uint64_t{bytes[(bit >> 3) + 8]} >> (8 - (bit & 7));
  bit += count;
  return (fresh >> 1) >> (63 - count);
}

// A symbol of a refinement scan.
struct RefinementSymbol {
  uint64_t drop;      // bits of code and value
  uint64_t zeros;     // to pass
  uint64_t is_new;    // 0 or 1
  uint64_t negative;  // all ones or 0
  int64_t ended;      // blocks; 0: none
};

// Those that end blocks, and codes that are not in the table; drop 0: there is no such code.
HWY_NOINLINE RefinementSymbol FindRareSymbol(const HuffmanTable& table, uint64_t fresh) {
  const FoundCode found = SearchCode(table.codes, fresh);
  if (found.symbol < 0) return {};
  const int high = found.symbol >> 4;
  const int low = found.symbol & 15;
  RefinementSymbol symbol{};
  symbol.drop = uint64_t(found.length);
  if (EndsBlocks(found.symbol)) {
    symbol.drop += uint64_t(high);
    symbol.ended = (1 << high) + ValueBits(fresh, found.length, high);
    return symbol;
  }
  symbol.drop += uint64_t(low);
  symbol.zeros = uint64_t(high);
  symbol.is_new = uint64_t(low);
  symbol.negative = (fresh << found.length) >> 63 != 0 ? 0 : ~uint64_t{0};
  return symbol;
}

// The blocks from `x` to before `stop`, which have bits for their old coefficients only.
HWY_INLINE void RefineOld(const RefinedMasks& masks, int x, int stop, uint64_t in_band,
                          BitPosition& position) {
  uint64_t bit = position.bit;
  for (; x < stop; ++x) {
    const uint64_t old = masks.nonzero[x] & in_band;
    if (old == 0) continue;
    masks.plane[x] |= Deposit(Take(position.bytes, bit, CountOnes(old)), old);
  }
  position.bit = bit;
}

// Drops a symbol of `drop` bits and the n bits behind it, which it adds to the corrections.
HWY_INLINE void GatherOld(uint64_t fresh, uint64_t drop, uint64_t n, Bits& bits,
                          uint64_t& corrections) {
  const uint64_t total = drop + n;
  if (HWY_LIKELY(total <= 21)) {
    corrections = corrections << n | ((fresh << drop) >> 1) >> (63 - n);
    bits.Drop(total, total, fresh);
  } else {
    bits.bit += drop;
    corrections = corrections << (n & 63) | Take(bits.bytes, bits.bit, n);
    bits.Seek(bits.bit);
  }
}

bool RefineBand(const RefinedMasks& masks, int count, const Band& band, BitPosition& position,
                int64_t& ended_blocks) {
  const HuffmanTable& table = *band.table;
  const uint64_t start = uint64_t(band.begin_k);
  const uint64_t last_k = uint64_t(band.last_k);
  const uint64_t in_band = (~uint64_t{0} >> start) & (~uint64_t{0} << (63 - last_k));
  int64_t ended = ended_blocks;
  // In plain locals: see DecodeBlocks in band.cpp.
  Bits bits{position.bytes, 0, 0, 0};
  bits.Seek(position.bit);
  for (int x = 0; x < count;) {
    if (ended > 0) {
      const int stop = int(HWY_MIN(int64_t{count}, x + ended));
      ended -= stop - x;
      BitPosition at{bits.bytes, bits.bit};
      RefineOld(masks, x, stop, in_band, at);
      bits.Seek(at.bit);
      x = stop;
      continue;
    }
    const uint64_t old = masks.nonzero[x] & in_band;
    const uint64_t zeros = ~masks.nonzero[x] & in_band;
    uint64_t next_zero = FirstZero(zeros);
    uint64_t from = start;     // the next coefficient to look at
    uint64_t corrections = 0;  // bits of the old ones so far
    uint64_t fresh_ones = 0;
    uint64_t negative_ones = 0;
    do {
      const uint64_t index = bits.next >> (64 - kTableBits);
      const Entry& entry = table.entries[index];
      const uint64_t fresh = bits.Fresh();
      uint64_t drop = entry.drop;
      uint64_t passed = table.entries[SameIndex(index)].first;
      uint64_t is_new = entry.last;
      uint64_t negative = uint64_t(int64_t{entry.second});
      if (HWY_UNLIKELY(drop == kLongCode || (entry.shift & kEndsBlock) != 0)) {
        const uint64_t beyond = (fresh & (~uint64_t{0} >> kTableBits)) >> (entry.shift & 63);
        ended = entry.value + int64_t(beyond);
        if (drop == kLongCode) {
          const RefinementSymbol symbol = FindRareSymbol(table, fresh);
          if (symbol.drop == 0) return false;
          drop = symbol.drop;
          passed = symbol.zeros;
          is_new = symbol.is_new;
          negative = symbol.negative;
          ended = symbol.ended;
        }
        if (ended > 0) {
          --ended;
          const uint64_t n = CountOnes(old & (~uint64_t{0} >> from));
          GatherOld(fresh, drop, n, bits, corrections);
          break;
        }
      }
      const uint64_t zero = TakeZero(zeros, passed, next_zero);
      if (HWY_UNLIKELY(zero == 0)) return false;
      // Coefficients passed that are not zeros: k - from - passed. The sums in this order, so that
      // only one of them comes after k.
      const uint64_t before = drop - passed - from;
      const uint64_t k = LeadingZeros(zero);
      uint64_t total = k + before;
#if defined(__GNUC__)
      asm("" : "+r"(total));  // or the compiler puts the sums in a row
#endif
      from = k + 1;
      fresh_ones |= zero & (0 - is_new);
      negative_ones |= zero & negative & (0 - is_new);
      GatherOld(fresh, drop, total - drop, bits, corrections);
    } while (from <= last_k);
    masks.plane[x] |= fresh_ones | Deposit(corrections, old);
    masks.nonzero[x] |= fresh_ones;
    masks.negative[x] |= negative_ones;
    ++x;
  }
  position.bit = bits.bit;
  ended_blocks = ended;
  return true;
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(RefineBand)
bool RefineBand(const RefinedMasks& masks, int count, const Band& band, BitPosition& position,
                int64_t& ended_blocks) {
  // The SSE4 code does without PDEP.
  const kernels::Target active = kernels::ActiveTarget();
  const bool too_slow = active < kernels::kSse4 && kernels::DepositsSlowly();
  return RefineBandTargets[too_slow ? kernels::kSse4 : active](masks, count, band, position,
                                                               ended_blocks);
}

}  // namespace imnorm::jpeg
#endif
