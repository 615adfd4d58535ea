// Reads the bits of a JPEG XL codestream up to its colour encoding.
#include "decode/jpegxl_header.h"

#include <algorithm>
#include <vector>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr std::string_view kContainer("\0\0\0\x0cJXL \r\n\x87\n", 12);
constexpr std::string_view kCodestream("\xff\x0a");

// A few names of extra channels take kilobytes; nothing else does.
constexpr size_t kLongestHeader = size_t(1) << 16;

// Bits from the lowest of each byte on; behind the end there are zeros, and `ended`.
class Bits {
 public:
  explicit Bits(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  uint32_t Take(int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (at_ / 8 >= bytes_.size()) return value;
      value |= uint32_t(bytes_[at_ / 8] >> (at_ % 8) & 1) << i;
    }
    return value;
  }
  bool Flag() { return Take(1) != 0; }
  void Skip(uint64_t count) { at_ += count; }
  bool ended() const { return at_ > 8 * uint64_t(bytes_.size()); }

  // One of four ways to store a number: so many bits, and what is added.
  struct Way {
    int bits;
    uint32_t offset;
  };
  uint32_t Number(Way a, Way b, Way c, Way d) {
    const Way ways[] = {a, b, c, d};
    const Way& way = ways[Take(2)];
    return way.offset + Take(way.bits);
  }
  uint32_t Kind() { return Number({0, 0}, {0, 1}, {4, 2}, {6, 18}); }

 private:
  std::span<const uint8_t> bytes_;
  uint64_t at_ = 0;
};

uint32_t Side(Bits& bits) { return bits.Number({9, 1}, {13, 1}, {18, 1}, {30, 1}); }

// The width that a fixed ratio gives.
int64_t WidthOf(uint32_t ratio, int64_t height) {
  constexpr int kRatios[][2] = {{1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1}};
  return height * kRatios[ratio - 1][0] / kRatios[ratio - 1][1];
}

void ReadSize(Bits& bits, int64_t& width, int64_t& height) {
  const bool is_small = bits.Flag();
  height = is_small ? (bits.Take(5) + 1) * 8 : Side(bits);
  const uint32_t ratio = bits.Take(3);
  width = ratio != 0 ? WidthOf(ratio, height) : is_small ? (bits.Take(5) + 1) * 8 : Side(bits);
}

void SkipPreview(Bits& bits) {
  const bool eights = bits.Flag();
  const auto side = [&] {
    if (eights) return bits.Number({0, 16}, {0, 32}, {5, 1}, {9, 33});
    return bits.Number({6, 1}, {8, 65}, {10, 321}, {12, 1345});
  };
  side();
  if (bits.Take(3) == 0) side();
}

void SkipAnimation(Bits& bits) {
  bits.Number({0, 100}, {0, 1000}, {10, 1}, {30, 1});
  bits.Number({0, 1}, {0, 1001}, {8, 1}, {10, 1});
  bits.Number({0, 0}, {3, 0}, {16, 0}, {32, 0});
  bits.Flag();
}

// Bits of a sample, and whether it is a float.
int ReadDepth(Bits& bits, bool& is_float) {
  is_float = bits.Flag();
  if (!is_float) return int(bits.Number({0, 8}, {0, 10}, {0, 12}, {6, 1}));
  const int depth = int(bits.Number({0, 32}, {0, 16}, {0, 24}, {6, 1}));
  bits.Take(4);
  return depth;
}

// Reads an extra channel and returns whether it is alpha.
bool ReadExtraChannel(Bits& bits) {
  constexpr uint32_t kAlpha = 0;
  constexpr uint32_t kSpotColor = 2;
  constexpr uint32_t kFilterArray = 5;
  if (bits.Flag()) return true;  // the default is alpha
  const uint32_t kind = bits.Kind();
  bool is_float = false;
  ReadDepth(bits, is_float);
  bits.Number({0, 0}, {0, 3}, {0, 4}, {3, 1});
  bits.Skip(8 * uint64_t(bits.Number({0, 0}, {4, 0}, {5, 16}, {10, 48})));  // its name
  if (kind == kAlpha) bits.Flag();
  if (kind == kSpotColor) bits.Skip(4 * 16);
  if (kind == kFilterArray) bits.Number({0, 1}, {2, 0}, {4, 3}, {8, 19});
  return kind == kAlpha;
}

void ReadMetadata(Bits& bits, JpegXlHeader& header) {
  constexpr uint32_t kGray = 1;
  if (bits.Flag()) return;  // all is as usual
  if (bits.Flag()) {
    header.orientation = int(bits.Take(3)) + 1;
    if (bits.Flag()) {
      int64_t width = 0, height = 0;  // the intrinsic size, which is for layouts
      ReadSize(bits, width, height);
    }
    if (bits.Flag()) SkipPreview(bits);
    header.is_animated = bits.Flag();
    if (header.is_animated) SkipAnimation(bits);
  }
  header.bits = ReadDepth(bits, header.is_float);
  bits.Flag();  // whether words of 16 bits are enough
  header.extra_channels = int(bits.Number({0, 0}, {0, 1}, {4, 2}, {12, 1}));
  for (int i = 0; i < header.extra_channels && !bits.ended(); ++i) {
    if (ReadExtraChannel(bits)) header.has_alpha = true;
  }
  bits.Flag();              // whether colours are XYB
  if (bits.Flag()) return;  // sRGB
  header.has_profile = bits.Flag();
  header.is_gray = bits.Kind() == kGray;
}

// The begin of the codestream, which a container may hold in parts.
std::vector<uint8_t> Codestream(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  std::vector<uint8_t> begin;
  if (StartsWith(bytes, kCodestream)) {
    const auto all = bytes.first(std::min(bytes.size(), kLongestHeader));
    begin.assign(all.begin(), all.end());
    return begin;
  }
  for (uint64_t at = 0; view.Has(at, 8) && begin.size() < kLongestHeader;) {
    uint64_t length = view.U32(at), head = 8;
    if (length == 1) {
      length = view.U64(at + 8);
      head = 16;
    }
    if (length == 0 || length > view.size() - at) length = view.size() - at;
    const auto type = view.Slice(at + 4, 4);
    const bool part = StartsWith(type, "jxlp");
    if (part) head += 4;  // its number
    if (length < head) break;
    if (part || StartsWith(type, "jxlc")) {
      const auto data = view.Slice(at + head, std::min<uint64_t>(length - head, kLongestHeader));
      begin.insert(begin.end(), data.begin(), data.end());
      if (!part) break;
    }
    at += length;
  }
  return begin;
}

}  // namespace

bool IsJpegXl(std::span<const uint8_t> bytes) {
  return StartsWith(bytes, kContainer) || StartsWith(bytes, kCodestream);
}

Result<JpegXlHeader> ReadJpegXlHeader(std::span<const uint8_t> bytes) {
  const std::vector<uint8_t> codestream = Codestream(bytes);
  if (!StartsWith(codestream, kCodestream)) {
    return Fail(ErrorCode::kCorrupt, "there is no codestream in it");
  }
  Bits bits(std::span<const uint8_t>(codestream).subspan(2));
  JpegXlHeader header;
  ReadSize(bits, header.width, header.height);
  ReadMetadata(bits, header);
  if (bits.ended()) return Fail(ErrorCode::kCorrupt, "the file ends before its headers do");
  return header;
}

}  // namespace imnorm
