// One lookup gives one or two symbols with their values; the stream is read anew at every step,
// two steps ahead of its use. So the chain from one lookup to the next is shift, load, shift.
//
// The blocks of a group are one loop: where a block ends, the next lookup goes to the next block's
// DC table, by conditional moves. A loop a block, with a branch at its end that nothing foretells,
// takes 6% longer over photographs. Two pictures in one loop, which hides the latency of the chain,
// took 4 to 9% less than this but would have to be decoded in pairs all the way up: not worth it.
#include "decode/jpeg/entropy.h"

#include <cstring>

#include "decode/jpeg/zigzag.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/entropy.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "decode/jpeg/bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The k-th coefficient of a block, in zigzag order, the DC being the first.
HWY_INLINE int16_t& Coefficient(Block* block, uint64_t k) {
#if IMNORM_JPEG_ZIGZAG
  return block->coefficients[k - 1];
#else
  return block->coefficients[kNaturalOrder.at[k - 1]];
#endif
}

// Where the loop stands: in the stream, in a block, and in which table it will look next. `count`
// is that of the block's coefficients so far, zeros included.
struct Cursor {
  Bits bits;
  Block* block;
  const HuffmanTable* table;
  uint64_t count;
};

// Goes on to the next block if `shift` says that it ends this one, at `last` otherwise.
HWY_INLINE void GoOn(Block*& block, const HuffmanTable*& table, uint64_t& count, uint8_t shift,
                     uint64_t last) {
  const HuffmanTable* const next_dc = block->next_dc;
  table = block->ac;
  count = last;
  static_assert(kEndsBlock == 128);
#if HWY_ARCH_X86_64 && defined(__GNUC__)
  // GCC makes a branch of anything that looks like a choice.
  asm("testb %[shift], %[shift]\n\t"
      "cmovsq %[next_dc], %[table]\n\t"
      "cmovsq %[next], %[block]\n\t"
      "cmovsq %[zero], %[count]"
      : [table] "+&r"(table), [block] "+&r"(block), [count] "+&r"(count)
      : [shift] "q"(shift), [next_dc] "rm"(next_dc), [next] "r"(block + 1), [zero] "r"(uint64_t{0})
      : "cc");
#else
  const bool ends = (shift & kEndsBlock) != 0;
  table = ends ? next_dc : table;
  count = ends ? 0 : count;
  block += ends ? 1 : 0;
#endif
}

// What a lookup does not settle: codes longer than the table, blocks that end with index 63, and
// damage. About one block in five comes here. `entry` was dropped from the stream; the rest of `at`
// is as it was before.
//
// Errors:   false: damage
HWY_NOINLINE bool DecodeRareCase(Cursor& at, Entry entry) {
  Bits& bits = at.bits;
  Block* const block = at.block;
  uint64_t last = at.count + entry.last;
  bool ends = (entry.shift & kEndsBlock) != 0;
  if (entry.drop == kLongCode) {
    const HuffmanTable& table = at.count == 0 ? *block->dc : *block->ac;
    bits.bit -= kLongCode;
    const Symbol symbol = SearchSymbol(table, bits.Fresh());
    if (symbol.advance == kNoSuchCode) return false;
    bits.Seek(bits.bit + symbol.bits);
    ends = symbol.advance == kEndOfBlock;
    last = at.count + (ends ? 0 : symbol.advance);
    if (last > 64) return false;
    if (!ends) Coefficient(block, last) = symbol.value;
  } else if (const uint64_t first = at.count + entry.first; first == 64 && last != first) {
    // The second symbol belongs to the next block: take the first one alone.
    bits.bit -= entry.drop;
    bits.Seek(bits.bit + SearchSymbol(*block->ac, bits.Fresh()).bits);
    last = 64;
  }
  if (last > 64) return false;
  ends |= last == 64;
  at.block = ends ? block + 1 : block;
  at.table = ends ? block->next_dc : block->ac;
  at.count = ends ? 0 : last;
  return true;
}

void ClearBlocks(Block* block, const Block* end) {
  const hn::CappedTag<int16_t, 32> d;
  for (; block != end; ++block) {
    for (size_t i = 0; i < 64; i += hn::Lanes(d)) {
      hn::Store(hn::Zero(d), d, block->coefficients + i);
    }
  }
}

bool DecodeBlocks(Block* block, const Block* end, BitPosition& position) {
  ClearBlocks(block, end);
  Bits bits{position.bytes, 0, 0, 0};
  bits.Seek(position.bit);
  const HuffmanTable* table = block->dc;
  uint64_t count = 0;
  do {
    const uint64_t index = bits.next >> (64 - kTableBits);
    const Entry& entry = table->entries[index];
    const uint64_t fresh = bits.Fresh();
    uint64_t whole;  // begins with entry.drop: one load and no mask before the shifts
    memcpy(&whole, &table->entries[SameIndex(index)], sizeof whole);
    const uint64_t drop = entry.drop;
    bits.Drop(whole, drop, fresh);
    const uint64_t first = count + entry.first;
    const uint64_t last = count + entry.last;
    const uint8_t shift = entry.shift;
    // The value bits beyond the table's that the first value still lacks.
    const uint64_t beyond = (fresh & (~uint64_t{0} >> kTableBits)) >> (shift & 63);
    const int16_t value = int16_t(entry.value + int32_t(beyond));
    Coefficient(block, last) = entry.second;
    // Second, since both are the same place where the entry holds one symbol only.
    Coefficient(block, first) = value;
    static_assert(kLongCode == 64);
    if (HWY_UNLIKELY(((last | drop) & 64) != 0)) {
      Cursor at{bits, block, table, count};
      if (!DecodeRareCase(at, entry)) return false;
      bits = at.bits;
      block = at.block;
      table = at.table;
      count = at.count;
    } else {
      GoOn(block, table, count, shift, last);
    }
  } while (block != end);
  position.bit = bits.bit;
  return true;
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(DecodeBlocks)
bool DecodeBlocks(Block* block, const Block* end, BitPosition& position) {
  return IMNORM_DISPATCH(DecodeBlocks)(block, end, position);
}

}  // namespace imnorm::jpeg
#endif
