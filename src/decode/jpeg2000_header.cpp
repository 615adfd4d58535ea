// Walks the boxes of a .jp2 and the marker segments of its codestream.
#include "decode/jpeg2000_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr std::string_view kSignature("\0\0\0\x0cjP  \r\n\x87\n", 12);
constexpr std::string_view kCodestream("\xff\x4f\xff\x51");

// Marker codes.
constexpr uint16_t kSize = 0xff51;
constexpr uint16_t kCodingStyle = 0xff52;
constexpr uint16_t kComponentStyle = 0xff53;
constexpr uint16_t kTilePart = 0xff90;
constexpr uint16_t kData = 0xff93;

// Colour spaces that a .jp2 names by number.
constexpr uint32_t kCmykSpace = 12;
constexpr uint32_t kRgbSpace = 16;
constexpr uint32_t kGraySpace = 17;

tl::unexpected<Error> Cut() {
  return Fail(ErrorCode::kCorrupt, "the file ends before its headers do");
}

tl::unexpected<Error> Unread(std::string_view what) {
  return Fail(ErrorCode::kUnsupported,
              fmt::format("JPEG 2000 {} is not read; convert it to PNG, for instance with "
                          "opj_decompress of OpenJPEG",
                          what));
}

// A box: what it is, and where its content lies.
struct Box {
  uint32_t type = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
};

constexpr uint32_t Type(const char (&name)[5]) {
  return uint32_t(uint8_t(name[0])) << 24 | uint32_t(uint8_t(name[1])) << 16 |
         uint32_t(uint8_t(name[2])) << 8 | uint8_t(name[3]);
}

// The box at `at`; false where there is none before `end`. One that is cut off ends with the file.
bool NextBox(const ByteView& view, uint64_t at, uint64_t end, Box& box) {
  if (at + 8 > end || !view.Has(at, 8)) return false;
  uint64_t length = view.U32(at);
  box.type = view.U32(at + 4);
  box.begin = at + 8;
  if (length == 1) {
    length = view.U64(at + 8);
    box.begin = at + 16;
  }
  if (length == 0 || length > end - at) length = end - at;
  box.end = at + length;
  return box.begin <= box.end;
}

// Colours that stand in another order than Pillow, which does not look, takes them to.
bool IsInOrder(const ByteView& view, const Box& box) {
  constexpr uint32_t kColor = 0;
  constexpr uint32_t kWholeImage = 0;
  for (uint64_t at = box.begin + 2; at + 6 <= box.end; at += 6) {
    const uint32_t channel = view.U16(at);
    const uint32_t meaning = view.U16(at + 4);
    if (view.U16(at + 2) == kColor && meaning != kWholeImage && meaning != channel + 1)
      return false;
  }
  return true;
}

Result<void> ReadColors(const ByteView& view, const Box& box, Jpeg2000Header& header) {
  constexpr uint8_t kByNumber = 1;
  if (view.U8(box.begin) != kByNumber) {
    header.has_profile = true;
    if (box.end - box.begin > 3) {
      header.profile = view.Slice(box.begin + 3, box.end - box.begin - 3);
    }
    return {};
  }
  switch (view.U32(box.begin + 3)) {
    case kRgbSpace:
      header.colors = Jpeg2000Colors::kRgb;
      return {};
    case kGraySpace:
      header.colors = Jpeg2000Colors::kGray;
      return {};
    case kCmykSpace:
      header.colors = Jpeg2000Colors::kCmyk;
      return {};
    default:
      return Unread(fmt::format("of colour space {}", view.U32(box.begin + 3)));
  }
}

Result<void> ReadBoxes(const ByteView& view, const Box& parent, Jpeg2000Header& header) {
  bool colored = false;
  Box box;
  for (uint64_t at = parent.begin; NextBox(view, at, parent.end, box); at = box.end) {
    if (box.type == Type("pclr")) return Unread("with a palette");
    if (box.type == Type("cdef") && !IsInOrder(view, box)) {
      return Unread("with channels in another order");
    }
    if (box.type == Type("colr") && !colored) {
      colored = true;
      if (auto read = ReadColors(view, box, header); !read) return read;
    }
  }
  return {};
}

Result<void> ReadSize(const ByteView& view, uint64_t at, uint64_t length, Jpeg2000Header& header) {
  constexpr uint64_t kFixed = 38;
  header.components = view.U16(at + 36);
  if (length < kFixed || length != kFixed + 3 * uint64_t(header.components)) {
    return Fail(ErrorCode::kCorrupt, "its size segment is of another length than it says");
  }
  const uint64_t x = view.U32(at + 4), y = view.U32(at + 8);
  const uint64_t left = view.U32(at + 12), top = view.U32(at + 16);
  const uint64_t tile_x = view.U32(at + 20), tile_y = view.U32(at + 24);
  const uint64_t first_x = view.U32(at + 28), first_y = view.U32(at + 32);
  const bool whole = x > left && y > top && tile_x > 0 && tile_y > 0 && first_x <= left &&
                     first_y <= top && first_x + tile_x > left && first_y + tile_y > top;
  if (!whole) return Fail(ErrorCode::kCorrupt, "its size or its tiles make no sense");
  header.width = int64_t(x - left);
  header.height = int64_t(y - top);
  header.tiles = ((x - first_x + tile_x - 1) / tile_x) * ((y - first_y + tile_y - 1) / tile_y);
  header.tile_width = std::min<uint64_t>(tile_x, uint64_t(header.width));
  header.tile_height = std::min<uint64_t>(tile_y, uint64_t(header.height));
  if (header.components < 1 || header.components > 4) {
    return Unread(fmt::format("of {} components", header.components));
  }
  for (int i = 0; i < header.components; ++i) {
    const uint64_t component = at + kFixed + 3 * uint64_t(i);
    header.bits = std::max(header.bits, (view.U8(component) & 127) + 1);
    if (view.U8(component + 1) != 1 || view.U8(component + 2) != 1) {
      return Unread("with subsampled colours");
    }
  }
  if (header.bits > 16) return Unread(fmt::format("of {} bits", header.bits));
  return {};
}

// What a COD or COC segment says from the number of levels on: how many blocks and precincts there
// will be. A precinct is of one resolution, a block of a quarter of a precinct at most.
void ReadCoding(const ByteView& view, uint64_t at, bool has_precincts, Jpeg2000Header& header) {
  constexpr int kMostLevels = 32;
  const int levels = std::min<int>(view.U8(at), kMostLevels);
  const int block = ((view.U8(at + 1) & 15) + 2) + ((view.U8(at + 2) & 15) + 2);
  uint64_t blocks = 0, precincts = 0;
  for (int i = 0; i <= levels; ++i) {
    const int sides = has_precincts ? view.U8(at + 5 + uint64_t(i)) : 0xff;
    const uint64_t width = (header.tile_width >> (levels - i)) + 1;
    const uint64_t height = (header.tile_height >> (levels - i)) + 1;
    precincts += ((width >> (sides & 15)) + 2) * ((height >> (sides >> 4)) + 2);
    const int smallest = std::min(block, std::max(0, (sides & 15) + (sides >> 4) - 2));
    blocks += (width * height >> smallest) + 3;
  }
  header.blocks = std::max(header.blocks, blocks);
  header.precincts = std::max(header.precincts, precincts);
}

// The segments of a header from `at` on, up to its end marker or the next tile part. Returns where
// that stands.
Result<uint64_t> ReadSegments(const ByteView& view, uint64_t at, Jpeg2000Header& header) {
  while (true) {
    if (!view.Has(at, 4)) return Cut();
    const uint16_t marker = view.U16(at);
    if (marker == kTilePart || marker == kData) return at;
    const uint64_t length = view.U16(at + 2);
    if (marker < 0xff00 || length < 2) {
      return Fail(ErrorCode::kCorrupt, "there is no marker where one has to be");
    }
    if (!view.Has(at + 2, length)) return Cut();
    if (marker == kSize) {
      if (auto read = ReadSize(view, at + 2, length, header); !read) return Failed(read);
    } else if (marker == kCodingStyle) {
      ReadCoding(view, at + 9, (view.U8(at + 4) & 1) != 0, header);
    } else if (marker == kComponentStyle) {
      ReadCoding(view, at + 6, (view.U8(at + 5) & 1) != 0, header);
    }
    at += 2 + length;
  }
}

Result<void> ReadCodestream(const ByteView& view, uint64_t at, Jpeg2000Header& header) {
  if (view.U32(at) != 0xff4fff51) return Cut();
  Result<uint64_t> part = ReadSegments(view, at + 2, header);
  if (!part) return Failed(part);
  if (header.components == 0) return Fail(ErrorCode::kCorrupt, "its headers say no size");
  // Tile parts may have coding styles of their own.
  while (view.Has(*part, 12) && view.U16(*part) == kTilePart) {
    const uint64_t length = view.U32(*part + 6);
    const Result<uint64_t> data = ReadSegments(view, *part + 12, header);
    if (!data) return Failed(data);
    if (length == 0) break;  // to the end
    if (length < 14) return Fail(ErrorCode::kCorrupt, "a tile part is shorter than its header");
    *part += length;
  }
  return {};
}

}  // namespace

bool IsJpeg2000(std::span<const uint8_t> bytes) {
  return StartsWith(bytes, kSignature) || StartsWith(bytes, kCodestream);
}

Result<Jpeg2000Header> ReadJpeg2000Header(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  Jpeg2000Header header;
  if (StartsWith(bytes, kCodestream)) {
    auto read = ReadCodestream(view, 0, header);
    if (!read) return Failed(read);
    return header;
  }
  Box box;
  for (uint64_t at = 0; NextBox(view, at, view.size(), box); at = box.end) {
    if (box.type == Type("jp2h")) {
      if (auto read = ReadBoxes(view, box, header); !read) return Failed(read);
    }
    if (box.type == Type("jp2c")) {
      if (auto read = ReadCodestream(view, box.begin, header); !read) return Failed(read);
      return header;
    }
  }
  return Cut();
}

}  // namespace imnorm
