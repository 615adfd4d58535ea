// Compiled once a target for its shifts by a register (BMI2, 4 to 13 % of the time) and for copies
// of 16 bytes. A table entry is looked up before the refill that follows it: the refill leaves the
// low bits as they are, so it stands beside the lookup and not in front of it (10 to 15 %).
#include "decode/png/symbols.h"

#include <cstring>

#include "decode/png/huffman.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/png/symbols.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

#ifndef IMNORM_PNG_MATCH_PATTERNS
#define IMNORM_PNG_MATCH_PATTERNS
namespace imnorm::png {

// How 16 bytes repeat the first `distance`, and how many of them are whole repetitions.
struct MatchPatterns {
  alignas(16) uint8_t index[16][16] = {};
  uint8_t step[16] = {};
};
constexpr MatchPatterns MakeMatchPatterns() {
  MatchPatterns patterns;
  for (int distance = 1; distance < 16; ++distance) {
    for (int i = 0; i < 16; ++i) patterns.index[distance][i] = uint8_t(i % distance);
    patterns.step[distance] = uint8_t(16 - 16 % distance);
  }
  return patterns;
}
inline constexpr MatchPatterns kMatchPatterns = MakeMatchPatterns();

}  // namespace imnorm::png
#endif

HWY_BEFORE_NAMESPACE();
namespace imnorm::png {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

struct BitReader {
  const uint8_t* in;
  uint64_t bits;
  uint32_t
      count;  // modulo 64: entries are subtracted whole, what stands above their 6 bits is noise
};

HWY_INLINE void Refill(BitReader& r) {
  uint64_t next;
  std::memcpy(&next, r.in, 8);
  r.bits |= next << (r.count & 63);
  r.in += (~r.count & 63) >> 3;
  r.count |= 56;
}

HWY_INLINE void Consume(BitReader& r, uint32_t entry) {
  r.bits >>= entry & 63;
  r.count -= entry;
}

HWY_INLINE uint64_t LowBits(uint64_t bits, uint32_t count) {
  return bits & ((uint64_t{1} << count) - 1);
}

// Base and extra bits of a length or distance.
HWY_INLINE uint32_t ValueOf(const BitReader& r, uint32_t entry) {
  return (entry >> 12) + uint32_t(LowBits(r.bits, entry & 63) >> (entry >> 8 & 15));
}

// The entry of a code that is longer than the main lookup.
HWY_INLINE uint32_t InSubtable(BitReader& r, const uint32_t* table, uint32_t entry) {
  Consume(r, entry);
  return table[(entry >> 12 & 0xffff) + LowBits(r.bits, entry >> 8 & 15)];
}

// Tail: whole vectors, up to 15 bytes too many.
HWY_INLINE void CopyMatch(uint8_t* out, uint32_t distance, uint32_t length) {
  const uint8_t* from = out - distance;
#if HWY_TARGET == HWY_SCALAR
  for (uint32_t i = 0; i < length; ++i) out[i] = from[i];
#else
  const hn::FixedTag<uint8_t, 16> d;
  if (HWY_LIKELY(distance >= 16)) {
    uint8_t* const end = out + length;
    do {
      hn::StoreU(hn::LoadU(d, from), d, out);
      out += 16;
      from += 16;
    } while (out < end);
    return;
  }
  const auto pattern =
      hn::TableLookupBytes(hn::LoadU(d, from), hn::Load(d, kMatchPatterns.index[distance]));
  const size_t step = kMatchPatterns.step[distance];
  uint8_t* const end = out + length;
  do {
    hn::StoreU(pattern, d, out);
    out += step;
  } while (out < end);
#endif
}

HWY_INLINE bool GivesLiterals(uint32_t entry) { return (entry & 0xc0) != 0; }

SymbolsEnd DecodeSymbols(SymbolState* state, const uint32_t* literals, const uint32_t* distances) {
  constexpr uint32_t kLiteralMask = (1u << kLiteralBits) - 1;
  constexpr uint32_t kDistanceMask = (1u << kDistanceBits) - 1;
  BitReader r = {state->in, state->bits, state->count};
  uint8_t* out = state->out;
  uint8_t* const limit = state->limit;
  const uint8_t* const in_stop = state->in_stop;
  if (r.in > in_stop) return SymbolsEnd::kInputSpent;
  SymbolsEnd end = SymbolsEnd::kOutputFull;
  Refill(r);
  uint32_t entry = literals[r.bits & kLiteralMask];
  const auto put_literals = [&]() HWY_ATTR {
    const uint32_t bytes = entry >> 8;
    std::memcpy(out, &bytes, 4);
    out += entry >> 6 & 3;
    Consume(r, entry);
    entry = literals[r.bits & kLiteralMask];
  };
  // A refill leaves 56 bits or more: enough for four lookups of 11, or for one and a length and
  // distance of 48 with it after the refill in between.
  while (out < limit) {
    if (HWY_UNLIKELY(r.in > in_stop)) {
      end = SymbolsEnd::kInputSpent;
      break;
    }
    if (GivesLiterals(entry)) {
      put_literals();
      if (GivesLiterals(entry)) {
        put_literals();
        if (GivesLiterals(entry)) {
          put_literals();
          if (GivesLiterals(entry)) put_literals();
        }
      }
      Refill(r);
      if (GivesLiterals(entry)) continue;
    }
    if (HWY_UNLIKELY((entry & (kSubtable | kEndOfBlock | kInvalid)) != 0)) {
      if ((entry & kSubtable) != 0) {
        entry = InSubtable(r, literals, entry);
        if (GivesLiterals(entry)) {
          put_literals();
          Refill(r);
          continue;
        }
      }
      if ((entry & kEndOfBlock) != 0) {
        Consume(r, entry);
        end = SymbolsEnd::kBlockEnd;
        break;
      }
      if ((entry & kInvalid) != 0) {
        end = SymbolsEnd::kBad;
        break;
      }
    }
    const uint32_t length = ValueOf(r, entry);
    Consume(r, entry);
    uint32_t far = distances[r.bits & kDistanceMask];
    if (HWY_UNLIKELY((far & (kSubtable | kInvalid)) != 0)) {
      if ((far & kSubtable) != 0) far = InSubtable(r, distances, far);
      if ((far & kInvalid) != 0) {
        end = SymbolsEnd::kBad;
        break;
      }
    }
    const uint32_t distance = ValueOf(r, far);
    Consume(r, far);
    if (HWY_UNLIKELY((r.count & 63) < kLiteralBits)) Refill(r);
    entry = literals[r.bits & kLiteralMask];
    Refill(r);
    if (HWY_UNLIKELY(distance > size_t(out - state->oldest))) {
      end = SymbolsEnd::kBad;
      break;
    }
    CopyMatch(out, distance, length);
    out += length;
  }
  state->in = r.in;
  state->count = r.count & 63;
  state->bits = LowBits(r.bits, state->count);
  state->out = out;
  return end;
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::png
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::png {

IMNORM_EXPORT(DecodeSymbols)
SymbolsEnd DecodeSymbols(SymbolState* state, const uint32_t* literals, const uint32_t* distances) {
  return IMNORM_DISPATCH(DecodeSymbols)(state, literals, distances);
}

}  // namespace imnorm::png
#endif
