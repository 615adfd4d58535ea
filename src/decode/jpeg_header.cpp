// Walks the markers of a JPEG, and asks its metadata for orientation and further pictures.
#include "decode/jpeg_header.h"

#include <algorithm>
#include <string_view>

#include "decode/bytes.h"
#include "decode/exif.h"
#include "decode/tiff_directory.h"

namespace imnorm {
namespace {

constexpr int kPicturesTag = 0xb001;  // of MPF: the number of images
constexpr int kEntriesTag = 0xb002;   // what it says of each
constexpr uint64_t kEntryBytes = 16;

// Of components whose sampling factors stand from `at` on, a byte in three.
uint64_t CoefficientBytes(const JpegHeader& header, const ByteView& view, uint64_t at) {
  uint64_t blocks = 0, across = 1, down = 1;
  for (int c = 0; c < header.components; ++c) {
    const auto factors = uint64_t(view.U8(at + uint64_t(c) * 3 + 1));
    across = std::max(across, factors >> 4);
    down = std::max(down, factors & 15);
    blocks += (factors >> 4) * (factors & 15);
  }
  const auto units = [](int side, uint64_t most) {
    return (uint64_t(side) + 8 * most - 1) / (8 * most);
  };
  return units(header.width, across) * units(header.height, down) * blocks * 64 * 2;
}

// Calls visit(marker, where it stands, its body) for each segment up to the first scan, that of the
// scan included.
template <typename Visit>
void ForEachSegment(const ByteView& view, Visit visit) {
  for (uint64_t at = 2; view.Has(at, 4);) {
    if (view.U8(at) != 0xff) {
      ++at;
      continue;
    }
    const int marker = view.U8(at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0 || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;  // these have no length
      continue;
    }
    const uint64_t length = view.U16(at + 2);
    visit(marker, at, length >= 2 ? view.Slice(at + 4, length - 2) : std::span<const uint8_t>());
    if (marker == 0xda || marker == 0xd9) return;
    at += 2 + (length >= 2 ? length : 2);
  }
}

constexpr int kApp2 = 0xe2;
constexpr std::string_view kProfileMark("ICC_PROFILE\0", 12);

}  // namespace

JpegHeader ScanJpeg(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  JpegHeader header;
  bool exif_seen = false;
  ForEachSegment(view, [&](int marker, uint64_t at, std::span<const uint8_t> body) {
    const bool frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (marker == 0xda) {
      header.one_scan = view.U8(at + 4) >= header.components;
    } else if (frame) {
      header.bits = view.U8(at + 4);
      header.height = view.U16(at + 5);
      header.width = view.U16(at + 7);
      header.components = view.U8(at + 9);
      header.progressive = (marker & 3) == 2;
      header.coefficient_bytes = CoefficientBytes(header, view, at + 10);
    } else if (marker == 0xe1 && !exif_seen && StartsWith(body, std::string_view("Exif\0", 5))) {
      exif_seen = true;
      header.orientation = TiffOrientation(body);
    } else if (marker == kApp2 && StartsWith(body, kProfileMark)) {
      header.has_profile = true;
    } else if (marker == kApp2 && StartsWith(body, std::string_view("MPF\0", 4))) {
      header.pictures = std::max<uint64_t>(1, TiffTagNumber(body.subspan(4), kPicturesTag));
      header.index_at = at + 8;
      header.index_bytes = body.size() - 4;
    }
  });
  return header;
}

std::span<const uint8_t> PictureOfJpeg(std::span<const uint8_t> bytes, uint64_t number) {
  if (number == 0) return bytes;
  const JpegHeader header = ScanJpeg(bytes);
  const auto index = ByteView(bytes).Slice(header.index_at, header.index_bytes);
  const auto entries = TiffDirectory(index).Bytes(kEntriesTag);
  const ByteView view(entries, StartsWith(index, "MM"));
  if (number >= header.pictures || !view.Has(number * kEntryBytes, kEntryBytes)) return {};
  const uint64_t at =
      header.index_at + view.U32(number * kEntryBytes + 8);  // behind attributes, size
  return at < bytes.size() ? bytes.subspan(size_t(at)) : std::span<const uint8_t>();
}

std::vector<std::span<const uint8_t>> JpegProfileParts(std::span<const uint8_t> bytes) {
  std::vector<std::span<const uint8_t>> parts;
  constexpr size_t kMost = 256;  // one more than there can be
  ForEachSegment(ByteView(bytes, true), [&](int marker, uint64_t, std::span<const uint8_t> body) {
    const bool part =
        marker == kApp2 && StartsWith(body, kProfileMark) && body.size() >= kProfileMark.size() + 2;
    if (part && parts.size() < kMost) parts.push_back(body);
  });
  return parts;
}

}  // namespace imnorm
