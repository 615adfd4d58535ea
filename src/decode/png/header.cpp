// Reads the chunks of a PNG up to its data, and refuses what is not decoded here.
#include "decode/png/header.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "decode/bytes.h"

namespace imnorm::png {
namespace {

constexpr uint8_t kSignature[] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
constexpr size_t kChunkHead = 8;       // length and type
constexpr size_t kChunkOverhead = 12;  // and the checksum
constexpr uint32_t kMostSide = 1u << 25;

constexpr uint32_t Type(const char (&name)[5]) {
  return uint32_t(uint8_t(name[0])) << 24 | uint32_t(uint8_t(name[1])) << 16 |
         uint32_t(uint8_t(name[2])) << 8 | uint32_t(uint8_t(name[3]));
}

// Bit 5 of the first letter: a chunk that may be passed over.
bool IsAncillary(uint32_t type) { return (type & 0x20000000) != 0; }

bool DepthFits(ColorType color, int depth) {
  switch (color) {
    case ColorType::kGray:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case ColorType::kPalette:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case ColorType::kRgb:
    case ColorType::kGrayAlpha:
    case ColorType::kRgba:
      return depth == 8 || depth == 16;
  }
  return false;
}

// Adds one chunk after another, in the order of the file.
class ChunkRules {
 public:
  explicit ChunkRules(Header& header) : header_(header) { header_ = Header(); }

  Reason Add(uint32_t type, const uint8_t* chunk, uint32_t length);
  bool ended() const { return ended_; }

 private:
  Reason AddIhdr(const uint8_t* body, uint32_t length);
  Reason AddPalette(const uint8_t* body, uint32_t length);
  Reason AddTransparency(const uint8_t* body, uint32_t length);
  Reason AddData(const uint8_t* chunk, uint32_t length);
  Reason AddEnd(uint32_t length);

  Header& header_;
  bool begun_ = false;
  bool in_data_ = false;  // the last chunk was an IDAT
  bool ended_ = false;
};

Reason ChunkRules::Add(uint32_t type, const uint8_t* chunk, uint32_t length) {
  const uint8_t* const body = chunk + kChunkHead;
  if (begun_ == (type == Type("IHDR"))) return "IHDR is not the first chunk, once";
  if (type == Type("IDAT")) return AddData(chunk, length);
  in_data_ = false;
  if (type == Type("IHDR")) return AddIhdr(body, length);
  if (type == Type("PLTE")) return AddPalette(body, length);
  if (type == Type("tRNS")) return AddTransparency(body, length);
  if (type == Type("IEND")) return AddEnd(length);
  if (!IsAncillary(type)) return "a critical chunk that is not known";
  if (type == Type("acTL")) {
    if (length < 4) return "an animation without a number of frames";
    header_.animated = header_.animated || ByteView({body, 4}, true).U32(0) > 1;
  }
  return {};
}

Reason ChunkRules::AddIhdr(const uint8_t* body, uint32_t length) {
  if (length != 13) return "IHDR of another length";
  const ByteView view({body, length}, true);
  const uint32_t width = view.U32(0);
  const uint32_t height = view.U32(4);
  if (width == 0 || height == 0 || width > kMostSide || height > kMostSide) return "size";
  header_.width = int(width);
  header_.height = int(height);
  header_.depth = body[8];
  header_.color = ColorType(body[9]);
  if (!DepthFits(header_.color, header_.depth)) return "kind of pixels";
  if (body[10] != 0 || body[11] != 0 || body[12] > 1) return "unknown methods";
  header_.interlaced = body[12] == 1;
  begun_ = true;
  return {};
}

Reason ChunkRules::AddPalette(const uint8_t* body, uint32_t length) {
  if (!header_.data.empty() || !header_.palette.empty() || header_.transparent() ||
      header_.color == ColorType::kGray || header_.color == ColorType::kGrayAlpha) {
    return "a palette where none belongs";
  }
  const uint32_t most = header_.color == ColorType::kPalette ? 1u << header_.depth : 256;
  if (length == 0 || length % 3 != 0 || length / 3 > most) return "a palette of another length";
  header_.palette = {body, length};
  return {};
}

Reason ChunkRules::AddTransparency(const uint8_t* body, uint32_t length) {
  if (!header_.data.empty() || header_.transparent()) return "tRNS where none belongs";
  switch (header_.color) {
    case ColorType::kPalette:
      if (length == 0 || length > header_.palette.size() / 3) return "tRNS of another length";
      break;
    case ColorType::kGray:
    case ColorType::kRgb: {
      const uint32_t samples = header_.color == ColorType::kGray ? 1 : 3;
      if (length != 2 * samples) return "tRNS of another length";
      const ByteView view({body, length}, true);
      for (uint32_t i = 0; i < samples; ++i) {
        if (view.U16(2 * i) >> header_.depth != 0) return "a transparent colour out of range";
      }
      break;
    }
    case ColorType::kGrayAlpha:
    case ColorType::kRgba:
      return "tRNS where none belongs";
  }
  header_.transparency = {body, length};
  return {};
}

Reason ChunkRules::AddData(const uint8_t* chunk, uint32_t length) {
  if (header_.data.empty()) {
    if (header_.color == ColorType::kPalette && header_.palette.empty()) return "no palette";
    header_.data = {chunk, size_t{0}};
    in_data_ = true;
  }
  if (!in_data_) return "a chunk between the pixels";
  header_.data = {header_.data.data(), header_.data.size() + length + kChunkOverhead};
  header_.data_bytes += length;
  return {};
}

Reason ChunkRules::AddEnd(uint32_t length) {
  if (header_.data.empty()) return "no pixels";
  if (length != 0) return "an end that holds something";
  ended_ = true;
  return {};
}

}  // namespace

int Header::channels() const {
  switch (color) {
    case ColorType::kGray:
    case ColorType::kPalette:
      return 1;
    case ColorType::kGrayAlpha:
      return 2;
    case ColorType::kRgb:
      return 3;
    case ColorType::kRgba:
      return 4;
  }
  return 0;
}

Reason ReadHeader(std::span<const uint8_t> bytes, Header& header) {
  const ByteView view(bytes, true);
  if (bytes.size() < sizeof kSignature ||
      std::memcmp(bytes.data(), kSignature, sizeof kSignature) != 0) {
    return "signature";
  }
  ChunkRules rules(header);
  for (size_t at = sizeof kSignature; !rules.ended();) {
    if (!view.Has(at, kChunkOverhead)) return "ends before its end";
    const uint32_t length = view.U32(at);
    if (!view.Has(at, uint64_t{length} + kChunkOverhead)) return "ends before its end";
    const uint8_t* const chunk = bytes.data() + at;
    const uint32_t sum = view.U32(at + kChunkHead + length);
    if (crc32_z(0, chunk + 4, size_t{length} + 4) != sum) return "a checksum";
    if (const Reason reason = rules.Add(view.U32(at + 4), chunk, length); !reason.empty()) {
      return reason;
    }
    at += size_t{length} + kChunkOverhead;
  }
  return {};
}

size_t DataReader::Read(uint8_t* to, size_t count) {
  size_t done = 0;
  while (done < count && left_ > 0) {
    if (in_chunk_ == 0) {
      if (opened_) at_ += kChunkOverhead - kChunkHead;
      in_chunk_ = ByteView({at_, 4}, true).U32(0);
      at_ += kChunkHead;
      opened_ = true;
      continue;
    }
    const size_t take = std::min({count - done, in_chunk_, left_});
    std::memcpy(to + done, at_, take);
    done += take;
    at_ += take;
    in_chunk_ -= take;
    left_ -= take;
  }
  return done;
}

}  // namespace imnorm::png
