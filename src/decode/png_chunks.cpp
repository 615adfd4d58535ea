// Copies a PNG's critical chunks, each held against its checksum.
#include "decode/png_chunks.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <string>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr uint64_t kSignatureBytes = 8;
constexpr uint64_t kChunkOverhead = 12;  // length, type, checksum

constexpr uint32_t Type(const char (&name)[5]) {
  return uint32_t(uint8_t(name[0])) << 24 | uint32_t(uint8_t(name[1])) << 16 |
         uint32_t(uint8_t(name[2])) << 8 | uint32_t(uint8_t(name[3]));
}

bool MakesPixels(uint32_t type) {
  return type == Type("IHDR") || type == Type("PLTE") || type == Type("tRNS") ||
         type == Type("IDAT") || type == Type("IEND");
}

bool IsName(uint32_t type) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    const uint32_t letter = (type >> shift & 0xff) | 0x20;
    if (letter < 'a' || letter > 'z') return false;
  }
  return true;
}

// Bit 5 of the first letter: a chunk that a reader must know, or give up.
bool IsCritical(uint32_t type) { return (type & 0x20000000) == 0; }

std::string NameOf(uint32_t type) {
  std::string name;
  for (int shift = 24; shift >= 0; shift -= 8) name += char(type >> shift & 0x7f);
  return name;
}

// What to say of a chunk that is whole, and that a reader must know and does not.
std::string UnreadKind(uint32_t type, uint64_t at) {
  if (type == Type("CgBI") && at == kSignatureBytes) {
    return "PNG optimised for iPhones (CgBI) is not read; Xcode's pngcrush "
           "-revert-iphone-optimizations turns it back";
  }
  return fmt::format("PNG with a {} chunk, which is not known and not to be passed over",
                     NameOf(type));
}

}  // namespace

Result<PngChunks> KeepPixelChunks(std::span<const uint8_t> bytes, std::vector<uint8_t>& storage) {
  const ByteView view(bytes, true);
  PngChunks result{bytes};
  storage.clear();
  uint64_t kept_from = 0;  // what stands between here and `at` is kept and not yet copied
  uint64_t at = kSignatureBytes;
  while (view.Has(at, kChunkOverhead)) {
    const uint64_t length = view.U32(at);
    const uint32_t type = view.U32(at + 4);
    if (!view.Has(at, length + kChunkOverhead)) break;
    const uint64_t next = at + length + kChunkOverhead;
    if (!MakesPixels(type) && (!IsCritical(type) || IsName(type))) {
      const auto checked = view.Slice(at + 4, length + 4);
      if (crc32(0, checked.data(), uInt(checked.size())) != view.U32(next - 4)) {
        return Fail(ErrorCode::kCorrupt,
                    fmt::format("the checksum of a {} chunk does not hold", NameOf(type)));
      }
      if (IsCritical(type)) return Fail(ErrorCode::kUnsupported, UnreadKind(type, at));
      result.animated = result.animated || (type == Type("acTL") && view.U32(at + 8) > 1);
      storage.insert(storage.end(), bytes.begin() + ptrdiff_t(kept_from),
                     bytes.begin() + ptrdiff_t(at));
      kept_from = next;
    }
    at = next;
    if (type == Type("IEND")) break;
  }
  // libspng takes an end of which the checksum is cut off.
  if (view.Has(at, 8) && !view.Has(at, kChunkOverhead) && view.U32(at + 4) == Type("IEND")) {
    return Fail(ErrorCode::kCorrupt, "the file ends within its last chunk (IEND)");
  }
  if (kept_from == 0) return result;
  storage.insert(storage.end(), bytes.begin() + ptrdiff_t(kept_from), bytes.end());
  result.bytes = storage;
  return result;
}

}  // namespace imnorm
