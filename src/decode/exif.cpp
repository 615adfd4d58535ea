// Reads EXIF and other TIFF structures as far as Pillow does.
#include "decode/exif.h"

#include <iterator>
#include <string_view>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr int kOrientationTag = 0x0112;

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

// Calls visit(view, offset of the entry, whether it is a BigTIFF) for the entries of the directory
// at an offset, or of the first.
template <typename Visit>
void ForEachEntry(std::span<const uint8_t> tiff, Visit&& visit, uint64_t offset = 0) {
  if (StartsWith(tiff, std::string_view("Exif\0\0", 6))) tiff = tiff.subspan(6);
  const bool big_endian = StartsWith(tiff, "MM");
  if (!big_endian && !StartsWith(tiff, "II")) return;
  const ByteView view(tiff, big_endian);
  const int version = view.U16(2);
  if (version != 42 && version != 43) return;
  const bool big = version == 43;
  const uint64_t directory = offset != 0 ? offset : big ? view.U64(8) : view.U32(4);
  const uint64_t count = big ? view.U64(directory) : view.U16(directory);
  const uint64_t entry_size = big ? 20 : 12;
  uint64_t entry = directory + (big ? 8 : 2);
  for (uint64_t i = 0; i < count && view.Has(entry, entry_size); ++i, entry += entry_size) {
    const auto unit = uint64_t(TypeBytes(view.U16(entry + 2)));
    if (unit == 0) continue;
    const uint64_t values = big ? view.U64(entry + 4) : view.U32(entry + 4);
    const uint64_t at = big ? view.U64(entry + 12) : view.U32(entry + 8);
    if (values > view.size()) return;
    if (unit * values > (big ? 8u : 4u) && !view.Has(at, unit * values)) return;
    visit(view, entry, big);
  }
}

}  // namespace

uint64_t TiffTagNumber(std::span<const uint8_t> tiff, int tag) {
  uint64_t value = 0;
  ForEachEntry(tiff, [&](const ByteView& view, uint64_t entry, bool big) {
    if (view.U16(entry) == tag) value = EntryValue(view, entry, big);
  });
  return value;
}

int TiffOrientation(std::span<const uint8_t> tiff, uint64_t directory) {
  int orientation = 1;
  const auto visit = [&](const ByteView& view, uint64_t entry, bool big) {
    if (view.U16(entry) == kOrientationTag) orientation = Sensible(EntryValue(view, entry, big));
  };
  ForEachEntry(tiff, visit, directory);
  return orientation;
}

}  // namespace imnorm
