#include "decode/exif.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string_view>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr int kOrientationTag = 0x0112;
constexpr int kPicturesTag = 0xb001;  // of MPF: the number of images

bool StartsWith(std::span<const uint8_t> bytes, std::string_view prefix) {
  return bytes.size() >= prefix.size() &&
         std::memcmp(bytes.data(), prefix.data(), prefix.size()) == 0;
}

int Sensible(uint64_t orientation) {
  return orientation >= 1 && orientation <= 8 ? int(orientation) : 1;
}

// The value of a one-number entry; 0 for any other type or count.
uint64_t EntryValue(const ByteView& view, uint64_t entry, bool big) {
  const uint64_t count = big ? view.U64(entry + 4) : view.U32(entry + 4);
  const uint64_t value = entry + (big ? 12 : 8);
  if (count != 1) return 0;
  switch (view.U16(entry + 2)) {
    case 1:
    case 6:
      return view.U8(value);
    case 3:
    case 8:
      return view.U16(value);
    case 4:
    case 9:
    case 13:
      return view.U32(value);
    case 16:
      return big ? view.U64(value) : 0;
    default:
      return 0;
  }
}

// The bytes of one value of a TIFF type; 0 for types that Pillow passes over.
int TypeBytes(int type) {
  constexpr int kBytes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};
  return type < int(std::size(kBytes)) ? kBytes[type] : 0;
}

// Calls visit(view, offset of the entry, whether it is a BigTIFF) for the first directory's
// entries.
template <typename Visit>
void ForEachEntry(std::span<const uint8_t> tiff, Visit&& visit) {
  if (StartsWith(tiff, std::string_view("Exif\0\0", 6))) tiff = tiff.subspan(6);
  const bool big_endian = StartsWith(tiff, "MM");
  if (!big_endian && !StartsWith(tiff, "II")) return;
  const ByteView view(tiff, big_endian);
  const int version = view.U16(2);
  if (version != 42 && version != 43) return;
  const bool big = version == 43;
  const uint64_t directory = big ? view.U64(8) : view.U32(4);
  const uint64_t count = big ? view.U64(directory) : view.U16(directory);
  const uint64_t entry_size = big ? 20 : 12;
  uint64_t entry = directory + (big ? 8 : 2);
  for (uint64_t i = 0; i < count && view.Has(entry, entry_size); ++i, entry += entry_size) {
    const auto unit = uint64_t(TypeBytes(view.U16(entry + 2)));
    if (unit == 0) continue;
    const uint64_t values = big ? view.U64(entry + 4) : view.U32(entry + 4);
    const uint64_t offset = big ? view.U64(entry + 12) : view.U32(entry + 8);
    if (values > view.size()) return;
    if (unit * values > (big ? 8u : 4u) && !view.Has(offset, unit * values)) return;
    visit(view, entry, big);
  }
}

// The value of a tag of one number; 0 where there is none.
uint64_t TagValue(std::span<const uint8_t> tiff, int tag) {
  uint64_t value = 0;
  ForEachEntry(tiff, [&](const ByteView& view, uint64_t entry, bool big) {
    if (view.U16(entry) == tag) value = EntryValue(view, entry, big);
  });
  return value;
}

int PngOrientation(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  int orientation = 1;
  for (uint64_t at = 8; view.Has(at, 12);) {
    const uint64_t length = view.U32(at);
    const auto type = view.Slice(at + 4, 4);
    if (StartsWith(type, "IEND")) break;
    // Pillow keeps the last eXIf chunk it meets, wherever it stands.
    if (StartsWith(type, "eXIf")) orientation = TiffOrientation(view.Slice(at + 8, length));
    at += 12 + length;
  }
  return orientation;
}

int WebpOrientation(std::span<const uint8_t> bytes) {
  const ByteView view(bytes);
  if (!StartsWith(view.Slice(12, 4), "VP8X")) return 1;
  for (uint64_t at = 12; view.Has(at, 8);) {
    const uint64_t length = view.U32(at + 4);
    if (StartsWith(view.Slice(at, 4), "EXIF")) return TiffOrientation(view.Slice(at + 8, length));
    at += 8 + length + (length & 1);
  }
  return 1;
}

}  // namespace

JpegHeader ScanJpeg(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  JpegHeader header;
  bool exif_seen = false;
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
    if (marker == 0xda || marker == 0xd9) break;
    const uint64_t length = view.U16(at + 2);
    const auto body = length >= 2 ? view.Slice(at + 4, length - 2) : std::span<const uint8_t>();
    const bool frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame) {
      header.height = view.U16(at + 5);
      header.width = view.U16(at + 7);
      header.components = view.U8(at + 9);
      header.progressive = (marker & 3) == 2;
    } else if (marker == 0xe1 && !exif_seen && StartsWith(body, std::string_view("Exif\0", 5))) {
      exif_seen = true;
      header.orientation = TiffOrientation(body);
    } else if (marker == 0xe2 && StartsWith(body, std::string_view("MPF\0", 4))) {
      header.pictures = std::max<uint64_t>(1, TagValue(body.subspan(4), kPicturesTag));
    }
    at += 2 + (length >= 2 ? length : 2);
  }
  return header;
}

int TiffOrientation(std::span<const uint8_t> tiff) {
  int orientation = 1;
  ForEachEntry(tiff, [&](const ByteView& view, uint64_t entry, bool big) {
    if (view.U16(entry) == kOrientationTag) orientation = Sensible(EntryValue(view, entry, big));
  });
  return orientation;
}

int FindOrientation(Format format, std::span<const uint8_t> bytes) {
  switch (format) {
    case Format::kJpeg:
      return ScanJpeg(bytes).orientation;
    case Format::kPng:
      return PngOrientation(bytes);
    case Format::kWebp:
      return WebpOrientation(bytes);
    case Format::kTiff:
      return TiffOrientation(bytes);
    case Format::kBmp:
    case Format::kPnm:
    case Format::kUnknown:
      return 1;
  }
  return 1;
}

}  // namespace imnorm
