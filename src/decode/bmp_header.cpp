// Reads a BMP's headers and palette.
#include "decode/bmp_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr int kFileHeader = 14;

using Masks = std::array<uint32_t, 4>;

bool KnownHeaderSize(uint32_t size) {
  for (uint32_t known : {12u, 40u, 52u, 56u, 64u, 108u, 124u}) {
    if (size == known) return true;
  }
  return false;
}

// The mask layouts that Pillow reads: whole bytes of 32 bits, or 24 and 16 bits in their usual
// order.
bool KnownMasks(int bits, const Masks& masks) {
  constexpr Masks k32[] = {
      {0xff0000, 0xff00, 0xff, 0},          {0xff000000, 0xff0000, 0xff00, 0},
      {0xff000000, 0xff00, 0xff, 0},        {0xff000000, 0xff0000, 0xff00, 0xff},
      {0xff, 0xff00, 0xff0000, 0xff000000}, {0xff0000, 0xff00, 0xff, 0xff000000},
      {0xff000000, 0xff00, 0xff, 0xff0000}, {0, 0, 0, 0}};
  constexpr Masks k16[] = {{0xf800, 0x7e0, 0x1f, 0}, {0x7c00, 0x3e0, 0x1f, 0}};
  if (bits == 32) return std::find(std::begin(k32), std::end(k32), masks) != std::end(k32);
  const Masks opaque{masks[0], masks[1], masks[2], 0};
  if (bits == 24) return opaque == Masks{0xff0000, 0xff00, 0xff, 0};
  return bits == 16 && std::find(std::begin(k16), std::end(k16), opaque) != std::end(k16);
}

tl::unexpected<Error> Unsupported(std::string reason) {
  return Fail(ErrorCode::kUnsupported, std::move(reason));
}

// The palette as Pillow sees it is a ramp of greys (black and white, where there are two).
bool IsRamp(const ByteView& view, const BmpHeader& header) {
  for (uint32_t i = 0; i < header.palette_size; ++i) {
    const uint64_t at = header.palette_offset + uint64_t(i) * uint64_t(header.palette_entry_bytes);
    const uint32_t grey = header.palette_size == 2 ? i * 255 : i;
    for (int c = 0; c < 3; ++c) {
      if (!view.Has(at, 3) || view.U8(at + uint64_t(c)) != grey) return false;
    }
  }
  return true;
}

// Reads the palette's place and size; refuses what Pillow misreads.
Result<void> ParsePalette(const ByteView& view, uint32_t colors, BmpHeader& header) {
  header.palette_offset = uint64_t(kFileHeader + header.header_bytes);
  header.palette_size = colors != 0 ? colors : 1u << header.bits;
  if (header.palette_size > 256) {
    return Unsupported(fmt::format("a palette of {} colours", header.palette_size));
  }
  const uint64_t palette_bytes =
      uint64_t(header.palette_size) * uint64_t(header.palette_entry_bytes);
  if (header.pixel_offset == header.palette_offset || header.pixel_offset == 0) {
    header.pixel_offset = header.palette_offset + palette_bytes;
  }
  if (!view.Has(header.palette_offset, palette_bytes)) {
    return Fail(ErrorCode::kCorrupt, "the file ends within its palette");
  }
  // For such palettes Pillow forgets how many bits a pixel has, unless they are these.
  const bool agreed = header.run_length() ? header.palette_size != 2
                                          : (header.bits == 8) == (header.palette_size != 2);
  if (IsRamp(view, header) && (!agreed || (header.bits == 4 && !header.run_length()))) {
    return Unsupported(
        fmt::format("a palette of {} greys for {}-bit pixels, which readers take in "
                    "different ways",
                    header.palette_size, header.bits));
  }
  return {};
}

Result<void> CheckKind(const BmpHeader& header) {
  if (header.bits != 1 && header.bits != 4 && header.bits != 8 && header.bits != 16 &&
      header.bits != 24 && header.bits != 32) {
    return Unsupported(fmt::format("a BMP of {} bits a pixel", header.bits));
  }
  const bool fits = header.compression == 0 || (header.compression == 1 && header.bits == 8) ||
                    (header.compression == 2 && header.bits == 4) ||
                    (header.compression == kBmpBitfields && header.bits >= 16);
  if (!fits) {
    return Unsupported(
        fmt::format("BMP compression {} with {} bits a pixel", header.compression, header.bits));
  }
  if (header.compression == kBmpBitfields &&
      !KnownMasks(header.bits,
                  {header.masks[0], header.masks[1], header.masks[2], header.masks[3]})) {
    return Unsupported(fmt::format("BMP bit masks {:x} {:x} {:x} {:x}", header.masks[0],
                                   header.masks[1], header.masks[2], header.masks[3]));
  }
  return {};
}

}  // namespace

Result<BmpHeader> ParseBmpHeader(std::span<const uint8_t> bytes) {
  const ByteView view(bytes);
  BmpHeader header;
  if (!view.Has(kFileHeader, 4)) {
    return Fail(ErrorCode::kCorrupt, "the file ends within its header");
  }
  header.pixel_offset = view.U32(10);
  header.header_bytes = int(view.U32(14));
  if (!KnownHeaderSize(view.U32(14))) {
    return Unsupported(fmt::format("a BMP header of {} bytes", view.U32(14)));
  }
  if (!view.Has(kFileHeader, uint64_t(header.header_bytes))) {
    return Fail(ErrorCode::kCorrupt, "the file ends within its header");
  }
  uint32_t colors = 0;
  if (header.header_bytes == 12) {
    header.width = view.U16(18);
    header.height = view.U16(20);
    header.bits = view.U16(24);
    header.palette_entry_bytes = 3;
  } else {
    header.width = int32_t(view.U32(18));
    const int64_t height = int32_t(view.U32(22));
    header.top_down = height < 0;
    header.height = height < 0 ? -height : height;
    header.bits = view.U16(28);
    header.compression = view.U32(30);
    colors = view.U32(46);
  }
  if (header.compression == kBmpBitfields) {
    // With a short header the masks stand behind it, and there is none for alpha.
    const int count = header.header_bytes >= 56 ? 4 : 3;
    if (!view.Has(54, uint64_t(count) * 4)) {
      return Fail(ErrorCode::kCorrupt, "the file ends within its header");
    }
    for (int i = 0; i < count; ++i) header.masks[i] = view.U32(54 + uint64_t(i) * 4);
    if (header.pixel_offset == 0 && header.header_bytes == 40) header.pixel_offset = 54 + 12;
  }
  // No offset: the pixels follow what was read.
  if (header.pixel_offset == 0 && header.bits > 8) {
    header.pixel_offset = uint64_t(kFileHeader + header.header_bytes);
  }
  if (auto kind = CheckKind(header); !kind) return Failed(kind);
  if (header.has_palette()) {
    if (auto palette = ParsePalette(view, colors, header); !palette) {
      return Failed(palette);
    }
  }
  if (header.pixel_offset < uint64_t(kFileHeader + header.header_bytes)) {
    return Fail(ErrorCode::kCorrupt, "the pixels would begin within the header");
  }
  return header;
}

BmpPalette ReadBmpPalette(std::span<const uint8_t> bytes, const BmpHeader& header) {
  const ByteView view(bytes);
  BmpPalette palette;
  for (uint32_t i = 0; i < header.palette_size; ++i) {
    const uint64_t at = header.palette_offset + uint64_t(i) * uint64_t(header.palette_entry_bytes);
    auto& color = palette.colors[i];
    color = {view.U8(at + 2), view.U8(at + 1), view.U8(at)};
    palette.gray = palette.gray && color[0] == color[1] && color[1] == color[2];
  }
  return palette;
}

}  // namespace imnorm
