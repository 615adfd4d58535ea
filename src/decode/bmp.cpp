// Reads a BMP's rows, which mostly stand bottom up, and delivers them top down.
#include "decode/bmp.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>

#include "decode/bmp_header.h"
#include "decode/bytes.h"

namespace imnorm {
namespace {

// Run-length data can only be read from the first row of the file on, which is the last one of most
// pictures: they are skimmed once, and then read block by block from the last to the first.
constexpr int64_t kBlockPixels = int64_t{1} << 18;

Result<void> CheckLength(std::span<const uint8_t> bytes, const BmpHeader& header) {
  const uint64_t needed = header.run_length() ? 0 : header.row_bytes() * uint64_t(header.height);
  if (header.pixel_offset > bytes.size() || bytes.size() - header.pixel_offset < needed) {
    return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
  }
  return {};
}

// Which byte of a pixel holds a channel, from its mask.
int ByteOf(uint32_t mask) { return std::countr_zero(mask) / 8; }

// Where red, green, blue and alpha stand in a pixel of 24 or 32 bits.
struct ByteOrder {
  int red = 2, green = 1, blue = 0, alpha = 3;
};

ByteOrder OrderOf(const BmpHeader& header) {
  ByteOrder order;
  if (header.compression != kBmpBitfields || header.masks[0] == 0) return order;
  order.red = ByteOf(header.masks[0]);
  order.green = ByteOf(header.masks[1]);
  order.blue = ByteOf(header.masks[2]);
  if (header.masks[3] != 0) order.alpha = ByteOf(header.masks[3]);
  return order;
}

bool HasAlphaChannel(const BmpHeader& header) {
  if (header.bits != 32 || header.compression != kBmpBitfields) return false;
  // Pillow takes masks of nothing for BGRA.
  return header.masks[3] != 0 || header.masks[0] == 0;
}

void Read16(const uint8_t* in, int64_t width, bool six_bit_green, uint8_t* out) {
  for (int64_t i = 0; i < width; ++i, in += 2, out += 3) {
    const int pixel = in[0] | in[1] << 8;
    if (six_bit_green) {
      out[0] = uint8_t((pixel >> 11 & 31) * 255 / 31);
      out[1] = uint8_t((pixel >> 5 & 63) * 255 / 63);
    } else {
      out[0] = uint8_t((pixel >> 10 & 31) * 255 / 31);
      out[1] = uint8_t((pixel >> 5 & 31) * 255 / 31);
    }
    out[2] = uint8_t((pixel & 31) * 255 / 31);
  }
}

void ReadBytes(const uint8_t* in, int64_t width, int pixel_bytes, const ByteOrder& order,
               bool alpha, uint8_t* out) {
  for (int64_t i = 0; i < width; ++i, in += pixel_bytes) {
    *out++ = in[order.red];
    *out++ = in[order.green];
    *out++ = in[order.blue];
    if (alpha) *out++ = in[order.alpha];
  }
}

}  // namespace

void BmpDecoder::ColorRow(const uint8_t* indices, int64_t width, uint8_t* out) const {
  for (int64_t i = 0; i < width; ++i) {
    const auto& color = palette_.colors[indices[i]];
    if (gray_) {
      *out++ = color[0];
    } else {
      out = std::copy(color.begin(), color.end(), out);
    }
  }
}

void BmpDecoder::ConvertRow(const BmpHeader& header, const uint8_t* in, uint8_t* out) const {
  if (header.has_palette()) {
    const int per_byte = 8 / header.bits;
    const uint8_t mask = uint8_t((1 << header.bits) - 1);
    uint8_t indices[8];
    for (int64_t x = 0; x < header.width; x += per_byte, ++in) {
      for (int i = 0; i < per_byte; ++i) indices[i] = *in >> (8 - header.bits * (i + 1)) & mask;
      const int64_t count = std::min<int64_t>(per_byte, header.width - x);
      ColorRow(indices, count, out + x * (gray_ ? 1 : 3));
    }
  } else if (header.bits == 16) {
    Read16(in, header.width, header.masks[1] == 0x7e0, out);
  } else {
    ReadBytes(in, header.width, header.bits / 8, OrderOf(header), HasAlphaChannel(header), out);
  }
}

Result<void> BmpDecoder::DeliverRows(std::span<const uint8_t> bytes, const BmpHeader& header) {
  const uint8_t* pixels = bytes.data() + header.pixel_offset;
  const int64_t top = delivery_.window().y;
  const int64_t bottom = top + delivery_.window().height;
  for (int64_t y = 0; y < header.height; ++y) {
    if (y >= top && y < bottom) {
      const int64_t stored = header.top_down ? y : header.height - 1 - y;
      ConvertRow(header, pixels + uint64_t(stored) * header.row_bytes(), row_.data());
    }
    if (!delivery_.Rows(row_.data(), row_.size(), 1)) return Stopped();
  }
  return {};
}

Result<void> BmpDecoder::DeliverRuns(std::span<const uint8_t> bytes, const BmpHeader& header) {
  const int64_t block_rows = std::max<int64_t>(1, kBlockPixels / header.width);
  BmpRleReader reader(bytes, header.pixel_offset, header.width, header.compression == kBmpRle4);
  blocks_.clear();
  for (int64_t row = 0; row < header.height; row += block_rows) {
    blocks_.push_back(reader);
    if (!reader.Skip(std::min(block_rows, header.height - row) * header.width)) {
      return Fail(ErrorCode::kCorrupt, "its run-length data end before the picture does");
    }
  }
  indices_.resize(size_t(std::min(block_rows, header.height) * header.width));
  const auto blocks = int64_t(blocks_.size());
  for (int64_t i = 0; i < blocks; ++i) {
    const int64_t block = header.top_down ? i : blocks - 1 - i;
    const int64_t rows = std::min(block_rows, header.height - block * block_rows);
    blocks_[size_t(block)].Read(indices_.data(), rows * header.width);
    for (int64_t j = 0; j < rows; ++j) {
      const int64_t row = header.top_down ? j : rows - 1 - j;
      ColorRow(indices_.data() + row * header.width, header.width, row_.data());
      if (!delivery_.Rows(row_.data(), row_.size(), 1)) return Stopped();
    }
  }
  return {};
}

Result<void> BmpDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                RowConsumer& consumer, DecodeReport& report) {
  const Result<BmpHeader> header = ParseBmpHeader(bytes);
  if (!header) return Failed(header);
  if (auto size = CheckSize(header->width, header->height, options); !size) return size;
  if (auto length = CheckLength(bytes, *header); !length) return length;

  gray_ = false;
  if (header->has_palette()) {
    palette_ = ReadBmpPalette(bytes, *header);
    gray_ = palette_.gray;
    if (options.palette_indices) {
      gray_ = true;
      for (int i = 0; i < 256; ++i) palette_.colors[i][0] = uint8_t(i);
    }
  }
  SourceInfo source{int(header->width), int(header->height)};
  source.kind = gray_                      ? PixelKind::kGray
                : HasAlphaChannel(*header) ? PixelKind::kRgba
                                           : PixelKind::kRgb;
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  row_.resize(source.stride_bytes());
  if (HasAlpha(source.kind) && options.alpha == AlphaPolicy::kDrop) {
    report.Say(NoteKind::kAlphaDropped);
  }
  if (header->run_length()) return DeliverRuns(bytes, *header);
  return DeliverRows(bytes, *header);
}

namespace {

constexpr std::string_view kExtensions[] = {"bmp", "dib"};

// "BM" alone begins many a text: the size of the header that follows must be a known one.
bool Recognises(std::span<const uint8_t> bytes) {
  constexpr uint8_t kHeaderSizes[] = {12, 16, 40, 52, 56, 64, 108, 124};
  return bytes.size() >= 16 && StartsWith(bytes, "BM") && bytes[15] == 0 &&
         std::ranges::find(kHeaderSizes, bytes[14]) != std::end(kHeaderSizes);
}

Result<PictureInfo> ProbeBmp(std::span<const uint8_t> bytes) {
  const Result<BmpHeader> header = ParseBmpHeader(bytes);
  if (!header) return Failed(header);
  if (header->width < 1 || header->height < 1) return NoPixels(header->width, header->height);
  PictureInfo info;
  info.width = int(header->width);
  info.height = int(std::min<int64_t>(header->height, std::numeric_limits<int32_t>::max()));
  info.has_palette = header->has_palette();
  info.has_alpha = HasAlphaChannel(*header);
  info.channels = header->has_palette() && ReadBmpPalette(bytes, *header).gray ? 1 : 3;
  const int bits_of_word = header->masks[1] == 0x7e0 ? 6 : 5;
  info.bits = header->has_palette() ? header->bits : header->bits == 16 ? bits_of_word : 8;
  return info;
}

}  // namespace

constinit const Codec kBmpCodec = {
    "bmp", kExtensions, Recognises, ProbeBmp, MakeDecoder<BmpDecoder>, nullptr};

}  // namespace imnorm
