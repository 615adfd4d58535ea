// A mask becomes a mask of lanes by spreading its 16-bit words to the lanes they belong to and
// testing one bit in each. From zigzag to natural order a row of a block is gathered from the three
// to five vectors it comes from, 36 shuffles for two blocks with AVX2: a scalar loop over nonzero
// coefficients took four times as long.
#include "decode/jpeg/assemble.h"

#include <cstring>

#include "decode/jpeg/zigzag.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/assemble.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

void MarkNonzero(const ZigzagBlock* blocks, size_t count, uint64_t* masks) {
  reference::MarkNonzero(blocks, count, masks);
}

void AssembleBlocks(const ZigzagBlock* blocks, const RefinedBits& bits, int16_t* out) {
  reference::AssembleBlocks(blocks, bits, out);
}

#else

// At most half a block: on AVX-512 a mask's words are those of one vector.
using D16 = hn::CappedTag<int16_t, 32>;
using D8 = hn::Repartition<uint8_t, D16>;
using D64 = hn::Repartition<uint64_t, D16>;
using V16 = hn::Vec<D16>;
using M16 = hn::Mask<D16>;
constexpr size_t kLanes = hn::MaxLanes(D16());

void MarkNonzero(const ZigzagBlock* blocks, size_t count, uint64_t* masks) {
  constexpr size_t kBatch = 64;
  // Stored lane masks are read as whole words, later: a store of parts is not forwarded.
  uint8_t zeros[kBatch * sizeof(uint64_t)];
  const D16 d;
  while (count > 0) {
    const size_t batch = HWY_MIN(count, kBatch);
    for (size_t i = 0; i < batch; ++i) {
      for (size_t k = 0; k < 64; k += kLanes) {
        const V16 reversed = hn::Reverse(d, hn::Load(d, blocks[i].at + k));
        hn::StoreMaskBits(d, hn::Eq(reversed, hn::Zero(d)),
                          zeros + i * sizeof(uint64_t) + (64 - k - kLanes) / 8);
      }
    }
    for (size_t i = 0; i < batch; ++i) {
      uint64_t mask;
      memcpy(&mask, zeros + i * sizeof mask, sizeof mask);
      masks[i] |= ~mask;
    }
    blocks += batch;
    masks += batch;
    count -= batch;
  }
}

// For each coefficient the bytes of its 16-bit word in a mask, and its bit there.
struct MaskPlaces {
  alignas(64) uint16_t word[64];
  alignas(64) uint16_t bit[64];
};
constexpr MaskPlaces MakeMaskPlaces() {
  MaskPlaces places{};
  for (int k = 0; k < 64; ++k) {
    const int first_byte = (63 - k) / 16 * 2;
    places.word[k] = uint16_t(first_byte | (first_byte + 1) << 8);
    places.bit[k] = uint16_t(1 << ((63 - k) % 16));
  }
  return places;
}
alignas(64) constexpr MaskPlaces kMaskPlaces = MakeMaskPlaces();

// The lanes of coefficients k, k + 1, ... that a mask has.
HWY_INLINE M16 LanesOf(uint64_t mask, size_t k) {
  const hn::RebindToUnsigned<D16> du;
  const auto spread = hn::TableLookupBytes(hn::BitCast(D8(), hn::Set(D64(), mask)),
                                           hn::BitCast(D8(), hn::Load(du, kMaskPlaces.word + k)));
  return hn::RebindMask(D16(),
                        hn::TestBit(hn::BitCast(du, spread), hn::Load(du, kMaskPlaces.bit + k)));
}

// Adds a block's refined bits.
HWY_INLINE void AddBits(const int16_t* in, uint64_t negative, uint64_t plane0, uint64_t plane1,
                        uint64_t plane2, int16_t* out) {
  const D16 d;
  for (size_t k = 0; k < 64; k += kLanes) {
    const V16 first = hn::Load(d, in + k);
    V16 more = hn::IfThenElseZero(LanesOf(plane0, k), hn::Set(d, 1));
    more = hn::Or(more, hn::IfThenElseZero(LanesOf(plane1, k), hn::Set(d, 2)));
    if (plane2 != 0) more = hn::Or(more, hn::IfThenElseZero(LanesOf(plane2, k), hn::Set(d, 4)));
    const M16 minus = hn::Or(hn::Lt(first, hn::Zero(d)), LanesOf(negative, k));
    hn::Store(hn::IfThenElse(minus, hn::Sub(first, more), hn::Add(first, more)), d, out + k);
  }
}

#if IMNORM_JPEG_ZIGZAG

HWY_INLINE void Order(const int16_t* const* blocks, int16_t* out) {
  const D16 d;
  for (size_t i = 0; i < 4; ++i) {
    if (blocks[i] == out + 64 * i) continue;
    for (size_t k = 0; k < 64; k += kLanes) {
      hn::Store(hn::Load(d, blocks[i] + k), d, out + 64 * i + k);
    }
  }
}

#else

// A block in each 128 bits; at most two.
using DRow = hn::CappedTag<int16_t, 16>;
using DRow8 = hn::Repartition<uint8_t, DRow>;
using VRow = hn::Vec<DRow>;
constexpr size_t kRowBlocks = hn::MaxLanes(DRow()) / 8;

// The bytes of each row of a block that come from each eight coefficients of the zigzag.
struct RowSources {
  alignas(32) uint8_t bytes[8][8][32];
  bool used[8][8];
};
constexpr RowSources MakeRowSources() {
  RowSources sources{};
  for (int row = 0; row < 8; ++row) {
    for (int from = 0; from < 8; ++from) {
      for (int i = 0; i < 32; ++i) sources.bytes[row][from][i] = 0x80;
    }
  }
  for (int k = 0; k < 64; ++k) {
    const int row = kNaturalOrder.at[k] / 8;
    const int x = kNaturalOrder.at[k] % 8;
    sources.used[row][k / 8] = true;
    for (int i = 0; i < 4; ++i) {
      sources.bytes[row][k / 8][i / 2 * 16 + 2 * x + i % 2] = uint8_t(k % 8 * 2 + i % 2);
    }
  }
  return sources;
}
alignas(32) constexpr RowSources kRowSources = MakeRowSources();

template <int kRow, int kFrom>
HWY_INLINE VRow AddSource(VRow row, VRow from) {
  if constexpr (kRowSources.used[kRow][kFrom]) {
    const DRow8 d8;
    const auto part = hn::TableLookupBytesOr0(hn::BitCast(d8, from),
                                              hn::Load(d8, kRowSources.bytes[kRow][kFrom]));
    return hn::Or(row, hn::BitCast(DRow(), part));
  } else {
    return row;
  }
}

struct ZigzagRows {
  VRow z0, z1, z2, z3, z4, z5, z6, z7;
};

template <int kRow>
HWY_INLINE void StoreRow(const ZigzagRows& z, int16_t* out) {
  VRow row = hn::Zero(DRow());
  row = AddSource<kRow, 0>(row, z.z0);
  row = AddSource<kRow, 1>(row, z.z1);
  row = AddSource<kRow, 2>(row, z.z2);
  row = AddSource<kRow, 3>(row, z.z3);
  row = AddSource<kRow, 4>(row, z.z4);
  row = AddSource<kRow, 5>(row, z.z5);
  row = AddSource<kRow, 6>(row, z.z6);
  row = AddSource<kRow, 7>(row, z.z7);
  const hn::Full128<int16_t> d128;
#if HWY_MAX_BYTES == 16
  hn::Store(row, d128, out + 8 * kRow);
#else
  hn::Store(hn::LowerHalf(d128, row), d128, out + 8 * kRow);
  hn::Store(hn::UpperHalf(d128, row), d128, out + 64 + 8 * kRow);
#endif
}

HWY_INLINE VRow LoadZigzag(const int16_t* const* blocks, size_t i) {
  const hn::Full128<int16_t> d128;
#if HWY_MAX_BYTES == 16
  return hn::Load(d128, blocks[0] + 8 * i);
#else
  return hn::Combine(DRow(), hn::Load(d128, blocks[1] + 8 * i), hn::Load(d128, blocks[0] + 8 * i));
#endif
}

HWY_INLINE void Order(const int16_t* const* blocks, int16_t* out) {
  for (size_t i = 0; i < 4; i += kRowBlocks, blocks += kRowBlocks, out += 64 * kRowBlocks) {
    const ZigzagRows z{LoadZigzag(blocks, 0), LoadZigzag(blocks, 1), LoadZigzag(blocks, 2),
                       LoadZigzag(blocks, 3), LoadZigzag(blocks, 4), LoadZigzag(blocks, 5),
                       LoadZigzag(blocks, 6), LoadZigzag(blocks, 7)};
    StoreRow<0>(z, out);
    StoreRow<1>(z, out);
    StoreRow<2>(z, out);
    StoreRow<3>(z, out);
    StoreRow<4>(z, out);
    StoreRow<5>(z, out);
    StoreRow<6>(z, out);
    StoreRow<7>(z, out);
  }
}

#endif

void AssembleBlocks(const ZigzagBlock* blocks, const RefinedBits& bits, int16_t* out) {
#if IMNORM_JPEG_ZIGZAG
  int16_t* const refined = out;
#else
  alignas(64) int16_t refined[4 * 64];
#endif
  const int16_t* sources[4];
  for (size_t i = 0; i < 4; ++i) {
    sources[i] = blocks[i].at;
    const uint64_t plane0 = bits.plane[0] != nullptr ? bits.plane[0][i] : 0;
    const uint64_t plane1 = bits.plane[1] != nullptr ? bits.plane[1][i] : 0;
    const uint64_t plane2 = bits.plane[2] != nullptr ? bits.plane[2][i] : 0;
    if ((plane0 | plane1 | plane2) == 0) continue;
    AddBits(blocks[i].at, bits.negative[i], plane0, plane1, plane2, refined + 64 * i);
    sources[i] = refined + 64 * i;
  }
  Order(sources, out);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(MarkNonzero)
void MarkNonzero(const ZigzagBlock* blocks, size_t count, uint64_t* masks) {
  IMNORM_DISPATCH(MarkNonzero)(blocks, count, masks);
}

IMNORM_EXPORT(AssembleBlocks)
void AssembleBlocks(const ZigzagBlock* blocks, const RefinedBits& bits, int16_t* out) {
  IMNORM_DISPATCH(AssembleBlocks)(blocks, bits, out);
}

}  // namespace imnorm::jpeg
#endif
