// How every entropy loop reads its bits: anew at every step, two steps ahead of their use.
//
// Include after foreach_target.h. Plain C++ in every target: those with BMI2 shift without flags or
// a fixed register.

// Per-target include guard
#if defined(IMNORM_JPEG_BITS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef IMNORM_JPEG_BITS_INL_H_
#undef IMNORM_JPEG_BITS_INL_H_
#else
#define IMNORM_JPEG_BITS_INL_H_
#endif

#include <cstdint>
#include <cstring>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// `next` serves the coming lookup, `later` the one after it. Fresh bits are at least 57; two drops
// of at most 21 leave 15 of them, enough for a lookup.
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
  // The serial chain of the whole decoder. `count` is the lowest six bits of `shift`, apart from
  // kLongCode, which shifts by nothing.
  HWY_INLINE void Drop(uint64_t shift, uint64_t count, uint64_t fresh) {
    next = later << (shift & 63);
    later = fresh << (shift & 63);
    bit += count;
  }
};

// The same index, which the compiler takes for another one. A load from a table by it has its
// address within; several loads by one index share an address that is computed first, which is a
// cycle of the eight between two lookups.
HWY_INLINE uint64_t SameIndex(uint64_t index) {
#if defined(__GNUC__)
  asm("" : "+r"(index));
#endif
  return index;
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
