// The baseline's entropy loop, with ends of many blocks: an entry that holds nothing else has their
// number in place of a value, so moving on and storing are one path without branches.
#include "decode/jpeg/band.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/band.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "decode/jpeg/bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {

// Where the loop stands: in the stream, at which block, and how many of its coefficients are done,
// those before the band included. Blocks are addresses, since the last end may lead far past them.
struct BandPlace {
  Bits bits;
  uintptr_t block;
  uint64_t count;
};
constexpr int64_t kBlockBytes = sizeof(ZigzagBlock);
static_assert(kBlockBytes == 128);

// The k-th coefficient of a block, the DC being the first.
HWY_INLINE int16_t& Coefficient(uintptr_t block, uint64_t k) {
  return reinterpret_cast<int16_t*>(block)[k - 1];
}

// Decodes one symbol by searching for its code: what a lookup does not settle.
HWY_NOINLINE bool DecodeSymbol(const Band& band, BandPlace& at) {
  const uint64_t stream = at.bits.Fresh();
  const FoundCode found = SearchCode(band.table->codes, stream);
  if (found.symbol < 0) return false;
  const int run = found.symbol >> 4;
  const int size = found.symbol & 15;
  int64_t ended = 0;
  if (EndsBlocks(found.symbol)) {
    at.bits.Seek(at.bits.bit + uint64_t(found.length + run));
    ended = (1 << run) + ValueBits(stream, found.length, run);
  } else {
    at.bits.Seek(at.bits.bit + uint64_t(found.length + size));
    at.count += uint64_t(run) + 1;
    const uint64_t limit = uint64_t(band.last_k) + 1;
    if (at.count > limit) return false;
    const int value = SignedValue(stream, found.length, size);
    Coefficient(at.block, at.count) = int16_t(value * (1 << band.low_bits));
    ended = at.count == limit ? 1 : 0;
  }
  if (ended == 0) return true;
  at.block += uintptr_t(ended * kBlockBytes);
  at.count = uint64_t(band.begin_k);
  return true;
}

// Goes on to count `last` of a block, or `step` bytes on to the start of the band in a block if
// `shift` says that this block ends.
HWY_INLINE void GoOn(uintptr_t& block, uint64_t& count, uint8_t shift, int64_t step, uint64_t last,
                     uint64_t start) {
  static_assert(kEndsBlock == 128);
#if HWY_ARCH_X86_64 && defined(__GNUC__)
  // GCC makes a branch of anything that looks like a choice.
  asm("testb %[shift], %[shift]\n\t"
      "cmovnsq %[zero], %[step]\n\t"
      "cmovsq %[start], %[last]"
      : [step] "+&r"(step), [last] "+&r"(last)
      : [shift] "q"(shift), [zero] "r"(uint64_t{0}), [start] "r"(start)
      : "cc");
#else
  const bool ends = (shift & kEndsBlock) != 0;
  step = ends ? step : 0;
  last = ends ? start : last;
#endif
  block += uintptr_t(step);
  count = last;
}

// The same for a band that ends before 63, where a block ends in two ways: after `limit`
// coefficients as well.
HWY_INLINE void GoOnWithin(uintptr_t& block, uint64_t& count, uint8_t shift, int64_t ended,
                           uint64_t last, uint64_t start, uint64_t limit) {
  int64_t step = kBlockBytes;
  uint64_t next = start;
#if HWY_ARCH_X86_64 && defined(__GNUC__)
  asm("cmpq %[limit], %[last]\n\t"
      "cmovbq %[zero], %[step]\n\t"
      "cmovbq %[last], %[next]\n\t"
      "testb %[shift], %[shift]\n\t"
      "cmovsq %[ended], %[step]\n\t"
      "cmovsq %[start], %[next]"
      : [step] "+&r"(step), [next] "+&r"(next)
      : [shift] "q"(shift), [zero] "r"(uint64_t{0}), [start] "r"(start), [limit] "r"(limit),
        [last] "r"(last), [ended] "r"(ended * kBlockBytes)
      : "cc");
#else
  const bool ends = (shift & kEndsBlock) != 0;
  step = ends ? ended * kBlockBytes : last < limit ? 0 : step;
  next = !ends && last < limit ? last : start;
#endif
  block += uintptr_t(step);
  count = next;
}

// `block` leads to where the last end leads.
template <bool kTo63>
HWY_INLINE bool DecodeBlocks(const Band& band, uintptr_t& first_block, uintptr_t end,
                             BitPosition& position) {
  // In locals: GCC 12 keeps a struct that the loop copies in vector registers, at a fifth of the
  // speed.
  const HuffmanTable& table = *band.table;
  const int low_bits = band.low_bits;
  const uint64_t start = uint64_t(band.begin_k);
  const uint64_t limit = uint64_t(band.last_k) + 1;
  Bits bits{position.bytes, 0, 0, 0};
  bits.Seek(position.bit);
  uintptr_t block = first_block;
  uint64_t count = start;
  uint64_t past_limit = 0;
  while (block < end) {
    const uint64_t index = bits.next >> (64 - kTableBits);
    const Entry& entry = table.entries[index];
    const uint64_t fresh = bits.Fresh();
    uint64_t whole;  // begins with entry.drop: one load and no mask before the shifts
    memcpy(&whole, &table.entries[SameIndex(index)], sizeof whole);
    const uint64_t drop = entry.drop;
    bits.Drop(whole, drop, fresh);
    const uint64_t first = count + entry.first;
    const uint64_t last = kTo63 ? count + entry.last : first;
    const uint8_t shift = entry.shift;
    const uint64_t beyond = (fresh & (~uint64_t{0} >> kTableBits)) >> (shift & 63);
    const int32_t value = entry.value + int32_t(beyond);
    static_assert(kLongCode == 64);
    // Where a block ends with coefficient 63, the entry's second symbol may belong to the next one.
    if (HWY_UNLIKELY(kTo63 ? ((last | drop) & 64) != 0 : drop == kLongCode)) {
      BandPlace at{bits, block, count};
      at.bits.bit -= drop;
      if (!DecodeSymbol(band, at)) return false;
      bits = at.bits;
      block = at.block;
      count = at.count;
      continue;
    }
    static_assert(kLoneEnd == 64);
    const int32_t lone_end = int32_t(uint32_t(shift) << 25) >> 31;  // -1 or 0
    const auto coefficient = int16_t(uint32_t(value & ~lone_end) << low_bits);
    if constexpr (kTo63) {
      Coefficient(block, last) = entry.second;
      // Second, since both are the same place where the entry holds one symbol only.
      Coefficient(block, first) = coefficient;
      const int64_t ended = (value & lone_end) | (1 & ~lone_end);
      GoOn(block, count, shift, ended * kBlockBytes, last, start);
    } else {
      Coefficient(block, first) = coefficient;
      past_limit |= (limit - first) >> 63;
      GoOnWithin(block, count, shift, value, first, start, limit);
    }
  }
  first_block = block;
  position.bit = bits.bit;
  return past_limit == 0;
}

bool DecodeBand(ZigzagBlock* block, ZigzagBlock* end, const Band& band, BitPosition& position,
                int64_t& ended_blocks) {
  const int64_t skipped = HWY_MIN(ended_blocks, int64_t{end - block});
  ended_blocks -= skipped;
  block += skipped;
  if (block == end) return true;
  auto at = reinterpret_cast<uintptr_t>(block);
  const auto stop = reinterpret_cast<uintptr_t>(end);
  const bool sound = band.last_k == 63 ? DecodeBlocks<true>(band, at, stop, position)
                                       : DecodeBlocks<false>(band, at, stop, position);
  ended_blocks = int64_t(at - stop) / kBlockBytes;
  return sound;
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(DecodeBand)
bool DecodeBand(ZigzagBlock* block, ZigzagBlock* end, const Band& band, BitPosition& position,
                int64_t& ended_blocks) {
  return IMNORM_DISPATCH(DecodeBand)(block, end, band, position, ended_blocks);
}

}  // namespace imnorm::jpeg
#endif
