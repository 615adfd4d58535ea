// Reads the header of a TGA, its palette, its pixels or their runs.
#include "decode/tga.h"

#include <algorithm>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"tga", "icb", "vda", "vst"};
constexpr uint64_t kHeader = 18;
constexpr int kPalette = 1, kColors = 2, kGray = 3;
constexpr int kRuns = 8;

bool IsDepthOf(int kind, int depth) {
  switch (kind) {
    case kPalette:
      return depth == 8;
    case kColors:
      return depth == 16 || depth == 24 || depth == 32;
    default:
      return depth == 8 || depth == 16;
  }
}

// There is no mark at the begin: every field has to be such as a writer leaves it.
bool Recognises(std::span<const uint8_t> bytes) {
  constexpr uint64_t kNeeded = 16;
  const ByteView view(bytes);
  if (!view.Has(0, kNeeded)) return false;
  const int map = view.U8(1), type = view.U8(2), kind = type & ~kRuns;
  if (map > 1 || kind < kPalette || kind > kGray || (map == 1) != (kind == kPalette)) return false;
  const int map_depth = view.U8(7);
  if (map == 0 && (view.U32(3) != 0 || map_depth != 0)) return false;
  if (map == 1) {
    const int entries = view.U16(3) + view.U16(5);
    if (view.U16(5) == 0 || entries > 256) return false;
    if (map_depth != 16 && map_depth != 24 && map_depth != 32) return false;
  }
  if (view.U16(12) == 0 || view.U16(14) == 0) return false;
  if (!view.Has(0, kHeader)) return true;
  const int depth = view.U8(16), flags = view.U8(17);
  return IsDepthOf(kind, depth) && (flags & 0xc0) == 0 && (flags & 15) <= 8;
}

// Whether the extension area of a file with a footer says that there is no alpha.
bool SaysOpaque(const ByteView& view) {
  constexpr std::string_view kFooter("TRUEVISION-XFILE.\0", 18);
  constexpr uint64_t kFooterBytes = 26;
  constexpr uint64_t kAttributes = 494;
  if (view.size() < kFooterBytes) return false;
  const uint64_t footer = view.size() - kFooterBytes;
  if (!StartsWith(view.Slice(footer + 8, kFooter.size()), kFooter)) return false;
  const uint64_t area = view.U32(footer);
  return area != 0 && view.Has(area + kAttributes, 1) && view.U8(area + kAttributes) == 0;
}

Result<TgaHeader> ParseTga(std::span<const uint8_t> bytes) {
  const ByteView view(bytes);
  if (!view.Has(0, kHeader)) {
    return Fail(ErrorCode::kCorrupt, "the file ends before its header does");
  }
  TgaHeader header;
  header.kind = view.U8(2) & ~kRuns;
  header.runs = (view.U8(2) & kRuns) != 0;
  header.width = view.U16(12);
  header.height = view.U16(14);
  header.depth = view.U8(16);
  header.top_down = (view.U8(17) & 0x20) != 0;
  header.right_to_left = (view.U8(17) & 0x10) != 0;
  header.map_at = kHeader + view.U8(0);
  header.data_at = header.map_at;
  if (header.kind == kPalette) {
    header.map_first = view.U16(3);
    header.map_size = view.U16(5);
    header.map_depth = view.U8(7);
    header.data_at += uint64_t(header.map_size) * uint64_t(header.map_depth / 8);
  }
  header.opaque = header.kind == kColors && SaysOpaque(view);
  if (!view.Has(0, header.data_at)) {
    return Fail(ErrorCode::kCorrupt, "the file ends before its pixels begin");
  }
  return header;
}

bool HasAlphaOf(const TgaHeader& header) {
  const int depth = header.kind == kPalette ? header.map_depth : header.depth;
  return header.kind == kGray ? depth == 16 : depth != 24;
}

Result<PictureInfo> ProbeTga(std::span<const uint8_t> bytes) {
  const Result<TgaHeader> header = ParseTga(bytes);
  if (!header) return Failed(header);
  PictureInfo info;
  info.width = header->width;
  info.height = header->height;
  info.channels = header->kind == kGray ? 1 : 3;
  info.has_alpha = HasAlphaOf(*header);
  info.has_palette = header->kind == kPalette;
  if (header->runs) {
    info.decode_bytes =
        uint64_t(info.width) * uint64_t(info.height) * uint64_t(header->pixel_bytes());
  }
  return info;
}

// A colour as the file has it -> R, G, B, A.
std::array<uint8_t, 4> ColorOf(const uint8_t* in, int depth) {
  if (depth >= 24) return {in[2], in[1], in[0], depth == 32 ? in[3] : uint8_t(255)};
  const int word = in[0] | in[1] << 8;
  const auto wide = [](int five) { return uint8_t((five & 31) * 255 / 31); };
  return {wide(word >> 10), wide(word >> 5), wide(word), uint8_t((word >> 15) != 0 ? 0 : 255)};
}

}  // namespace

Result<void> TgaDecoder::Expand(std::span<const uint8_t> data, const TgaHeader& header,
                                const DecodeOptions& options) {
  constexpr uint8_t kRun = 128;
  const size_t pixel = header.pixel_bytes();
  pixels_.resize(size_t(header.width) * size_t(header.height) * pixel);
  size_t at = 0;
  unsigned packets = 0;
  for (size_t out = 0; out < pixels_.size();) {
    if (++packets % 4096 == 0 && options.stopped()) return Stopped();
    if (at >= data.size()) break;
    const uint8_t packet = data[at++];
    const size_t bytes = size_t((packet & 127) + 1) * pixel;
    const size_t stored = packet >= kRun ? pixel : bytes;
    if (data.size() - at < stored || pixels_.size() - out < bytes) {
      at = data.size();
      break;
    }
    for (size_t i = 0; i < bytes; i += stored) {
      std::copy_n(data.data() + at, stored, pixels_.data() + out + i);
    }
    at += stored;
    out += bytes;
    if (out == pixels_.size()) return {};
  }
  return Fail(ErrorCode::kCorrupt, "its runs end before the picture does, or go beyond it");
}

bool TgaDecoder::Convert(const TgaHeader& header, const uint8_t* in, bool indices, size_t samples) {
  const size_t step = header.pixel_bytes();
  const int end = header.map_first + header.map_size;
  for (int x = 0; x < header.width; ++x, in += step) {
    const int place = header.right_to_left ? header.width - 1 - x : x;
    uint8_t* out = row_.data() + size_t(place) * samples;
    if (header.kind == kGray || indices) {
      std::copy_n(in, samples, out);
      continue;
    }
    if (header.kind == kPalette && in[0] >= end) return false;
    const auto color = header.kind == kPalette ? colors_[in[0]] : ColorOf(in, header.depth);
    std::copy_n(color.begin(), samples, out);
    if (samples == 4 && header.opaque) out[3] = 255;
  }
  return true;
}

Result<void> TgaDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                RowConsumer& consumer, DecodeReport& report) {
  const Result<TgaHeader> header = ParseTga(bytes);
  if (!header) return Failed(header);
  if (auto size = CheckSize(header->width, header->height, options); !size) return size;
  const bool indices = options.palette_indices && header->kind == kPalette;
  const bool alpha = HasAlphaOf(*header) && !indices;
  SourceInfo source{header->width, header->height};
  source.kind = header->kind == kGray || indices
                    ? (alpha ? PixelKind::kGrayAlpha : PixelKind::kGray)
                    : (alpha ? PixelKind::kRgba : PixelKind::kRgb);
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;

  colors_ = {};
  for (int i = 0; i < header->map_size; ++i) {
    const auto entry = size_t(header->map_first + i);
    colors_[entry] =
        ColorOf(bytes.data() + header->map_at + uint64_t(i) * uint64_t(header->map_depth / 8),
                header->map_depth);
  }
  const size_t stride = size_t(header->width) * header->pixel_bytes();
  std::span<const uint8_t> data = bytes.subspan(size_t(header->data_at));
  if (header->runs) {
    if (auto expanded = Expand(data, *header, options); !expanded) return expanded;
    data = pixels_;
  } else if (data.size() < stride * size_t(header->height)) {
    return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
  }
  row_.resize(source.stride_bytes());
  for (int y = 0; y < header->height; ++y) {
    const int place = header->top_down ? y : header->height - 1 - y;
    if (!Convert(*header, data.data() + size_t(place) * stride, indices,
                 size_t(source.channels()))) {
      return Fail(ErrorCode::kCorrupt, "a pixel is of a colour that the palette does not have");
    }
    if (!delivery_.Rows(row_.data(), row_.size(), 1)) return Stopped();
  }
  if (alpha && options.alpha == AlphaPolicy::kDrop) report.Say(NoteKind::kAlphaDropped);
  return {};
}

constinit const Codec kTgaCodec = {
    "tga", kExtensions, Recognises, ProbeTga, MakeDecoder<TgaDecoder>, nullptr};

}  // namespace imnorm
