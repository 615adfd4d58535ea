// Reads the rows of netpbm files; those of 8-bit binary ones are the file's own bytes.
#include "decode/pnm.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "decode/pnm_plain.h"

namespace imnorm {
namespace {

// A file is as long as its header says, at least.
Result<void> CheckLength(std::span<const uint8_t> bytes, const PnmHeader& header) {
  const auto samples = uint64_t(header.width) * uint64_t(header.height) * uint64_t(header.channels);
  // Every plain sample takes a digit, and all but those of P1 a space.
  const uint64_t needed = !header.plain()   ? header.row_bytes() * uint64_t(header.height)
                          : header.bitmap() ? samples
                                            : 2 * samples - 1;
  if (bytes.size() - header.pixel_offset < needed) {
    return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
  }
  return {};
}

PixelKind KindOf(const PnmHeader& header) {
  if (header.floats()) return PixelKind::kBands;
  if (header.channels <= 2) return header.has_alpha ? PixelKind::kGrayAlpha : PixelKind::kGray;
  return header.has_alpha ? PixelKind::kRgba : PixelKind::kRgb;
}

// Every sample's value on the scale of the output: Python's round(v / maxval * out_max); in a
// bitmap 1 is black.
void FillScale(const PnmHeader& header, int out_max, std::vector<uint16_t>& table) {
  table.resize(size_t(header.sample_bytes() == 1 ? 256 : 65536));
  for (size_t v = 0; v < table.size(); ++v) {
    const double scaled = std::nearbyint(double(v) / header.maxval * out_max);
    table[v] = uint16_t(std::min(double(out_max), scaled));
  }
  if (header.bitmap()) std::swap(table[0], table[1]);
}

}  // namespace

bool PnmDecoder::DeliverScaled() {
  const size_t samples = row_.size();
  if (wide_) {
    for (uint16_t& sample : row_) sample = scale_[sample];
    return delivery_.Rows(reinterpret_cast<const uint8_t*>(row_.data()), samples * 2, 1);
  }
  narrow_.resize(samples);
  for (size_t i = 0; i < samples; ++i) narrow_[i] = uint8_t(scale_[row_[i]]);
  return delivery_.Rows(narrow_.data(), samples, 1);
}

Result<void> PnmDecoder::DeliverPlain(std::span<const uint8_t> bytes, const PnmHeader& header) {
  PnmPlainSamples samples(bytes.subspan(size_t(header.pixel_offset)), header.bitmap(),
                          header.maxval);
  for (int64_t y = 0; y < header.height; ++y) {
    if (auto read = samples.Read(row_.data(), row_.size()); !read) return read;
    if (!DeliverScaled()) return Stopped();
  }
  return {};
}

bool PnmDecoder::DeliverBinary(const uint8_t* pixels, const PnmHeader& header) {
  const uint64_t stride = header.row_bytes();
  if (!header.bitmap() && header.maxval == 255) {
    return delivery_.Rows(pixels, size_t(stride), int(header.height));
  }
  for (int64_t y = 0; y < header.height; ++y, pixels += stride) {
    if (header.bitmap()) {
      for (size_t x = 0; x < row_.size(); ++x) row_[x] = pixels[x / 8] >> (7 - x % 8) & 1;
    } else if (header.sample_bytes() == 1) {
      std::copy_n(pixels, row_.size(), row_.begin());
    } else {
      for (size_t i = 0; i < row_.size(); ++i) {
        row_[i] = uint16_t(pixels[2 * i] << 8 | pixels[2 * i + 1]);
      }
    }
    if (!DeliverScaled()) return false;
  }
  return true;
}

bool PnmDecoder::DeliverFloats(const uint8_t* pixels, const PnmHeader& header) {
  floats_.resize(size_t(header.width) * size_t(header.channels));
  for (int64_t y = header.height - 1; y >= 0; --y) {  // the last row comes first in the file
    const uint8_t* in = pixels + uint64_t(y) * header.row_bytes();
    for (float& value : floats_) {
      const uint32_t bits =
          header.little_endian ? uint32_t(in[0]) | in[1] << 8 | in[2] << 16 | uint32_t(in[3]) << 24
                               : uint32_t(in[3]) | in[2] << 8 | in[1] << 16 | uint32_t(in[0]) << 24;
      value = std::bit_cast<float>(bits);
      in += 4;
    }
    if (!delivery_.Rows(reinterpret_cast<const uint8_t*>(floats_.data()), floats_.size() * 4, 1)) {
      return false;
    }
  }
  return true;
}

Result<void> PnmDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                RowConsumer& consumer, DecodeReport& report) {
  const Result<PnmHeader> header = ParsePnmHeader(bytes);
  if (!header) return Failed(header);
  if (auto size = CheckSize(header->width, header->height, options); !size) return size;
  if (auto length = CheckLength(bytes, *header); !length) return length;

  SourceInfo source{int(header->width), int(header->height), KindOf(*header)};
  source.bands = header->channels;
  const bool gray = header->channels <= 2;
  wide_ = !header->floats() && header->maxval > 255 && (gray || options.depth == 16);
  source.type = header->floats() ? ElementType::kF32 : wide_ ? ElementType::kU16 : ElementType::kU8;
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  if (header->floats()) {
    if (!DeliverFloats(bytes.data() + header->pixel_offset, *header)) return Stopped();
    return {};
  }
  FillScale(*header, wide_ ? 65535 : 255, scale_);
  row_.resize(size_t(header->width) * size_t(header->channels));
  if (header->plain()) {
    if (auto delivered = DeliverPlain(bytes, *header); !delivered) return delivered;
  } else if (!DeliverBinary(bytes.data() + header->pixel_offset, *header)) {
    return Stopped();
  }
  if (header->maxval > 255 && options.depth == 8) report.Say(NoteKind::kBitsReduced);
  if (HasAlpha(source.kind) && options.alpha == AlphaPolicy::kDrop) {
    report.Say(NoteKind::kAlphaDropped);
  }
  return {};
}

namespace {

constexpr std::string_view kExtensions[] = {"pbm", "pgm", "ppm", "pnm", "pam", "pfm"};

bool Recognises(std::span<const uint8_t> bytes) {
  if (bytes.size() < 3 || bytes[0] != 'P') return false;
  const uint8_t kind = bytes[1];
  const uint8_t next = bytes[2];
  // P7\n begins a PAM; P7 332 is the old format of xv's thumbnails.
  if (kind == '7' || kind == 'F' || kind == 'f') return next == '\n';
  return kind >= '1' && kind <= '6' &&
         (next == ' ' || (next >= '\t' && next <= '\r') || next == '#');
}

Result<PictureInfo> ProbePnm(std::span<const uint8_t> bytes) {
  const Result<PnmHeader> header = ParsePnmHeader(bytes);
  if (!header) return Failed(header);
  constexpr int64_t kLargestSide = std::numeric_limits<int32_t>::max();
  if (header->width < 1 || header->height < 1) return NoPixels(header->width, header->height);
  PictureInfo info;
  info.width = int(std::min(header->width, kLargestSide));
  info.height = int(std::min(header->height, kLargestSide));
  info.has_alpha = header->has_alpha;
  info.channels = header->channels - (header->has_alpha ? 1 : 0);
  info.bits = header->floats() ? 32 : std::bit_width(unsigned(header->maxval));
  return info;
}

}  // namespace

constinit const Codec kPnmCodec = {
    "pnm", kExtensions, Recognises, ProbePnm, MakeDecoder<PnmDecoder>, nullptr};

}  // namespace imnorm
