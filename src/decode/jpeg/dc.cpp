// DC scans: one lookup a block, or one bit.
#include "decode/jpeg/dc.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/dc.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "decode/jpeg/bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {

bool DecodeDcs(const DcPlace* places, int count, int units, int low_bits, BitPosition& position) {
  Bits bits{position.bytes, 0, 0, 0};
  bits.Seek(position.bit);
  uint32_t damaged = 0;
  for (ptrdiff_t unit = 0; unit < units; ++unit) {
    for (int i = 0; i < count; ++i) {
      const DcPlace& place = places[i];
      const uint64_t index = bits.next >> (64 - kTableBits);
      const Entry& entry = place.table->entries[index];
      const uint64_t fresh = bits.Fresh();
      const uint64_t beyond = (fresh & (~uint64_t{0} >> kTableBits)) >> (entry.shift & 63);
      int32_t difference = entry.value + int32_t(beyond);
      if (HWY_UNLIKELY(entry.drop == kLongCode)) {
        const Symbol symbol = SearchSymbol(*place.table, fresh);
        if (symbol.advance == kNoSuchCode) return false;
        difference = symbol.value;
        bits.Seek(bits.bit + symbol.bits);
      } else {
        const uint64_t drop = place.table->entries[SameIndex(index)].drop;
        bits.Drop(drop, drop, fresh);
      }
      // Unsigned: a damaged stream may run past any type.
      const uint32_t dc = *place.predictor + uint32_t(difference);
      const uint32_t shifted = dc << low_bits;
      *place.predictor = dc;
      damaged |= (dc + 0x4000u) >> 15 | (shifted + 0x4000u) >> 15;
      place.coefficient[unit * place.step] = int16_t(shifted);
    }
  }
  position.bit = bits.bit;
  return damaged == 0;
}

// Not more bits a unit than are fresh.
static_assert(kMaxBlocksPerMcu <= 57);

void RefineDcs(const DcPlace* places, int count, int units, int low_bits, BitPosition& position) {
  Bits bits{position.bytes, position.bit, 0, 0};
  for (ptrdiff_t unit = 0; unit < units; ++unit) {
    uint64_t fresh = bits.Fresh();
    for (int i = 0; i < count; ++i) {
      const auto bit = int16_t(fresh >> 63 << low_bits);
      places[i].coefficient[unit * places[i].step] |= bit;
      fresh <<= 1;
    }
    bits.bit += uint64_t(count);
  }
  position.bit = bits.bit;
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(DecodeDcs)
bool DecodeDcs(const DcPlace* places, int count, int units, int low_bits, BitPosition& position) {
  return IMNORM_DISPATCH(DecodeDcs)(places, count, units, low_bits, position);
}

IMNORM_EXPORT(RefineDcs)
void RefineDcs(const DcPlace* places, int count, int units, int low_bits, BitPosition& position) {
  IMNORM_DISPATCH(RefineDcs)(places, count, units, low_bits, position);
}

}  // namespace imnorm::jpeg
#endif
