// Reads the blocks of a GIF up to its first frame, and the LZW codes of that.
#include "decode/gif.h"

#include <algorithm>
#include <cstring>

#include "decode/bytes.h"
#include "decode/gif_animation.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"gif"};
constexpr int kLargestCodeBits = 12;

// The end of a chain of sub-blocks, behind the empty one that ends it; the file's size where it is
// cut off.
uint64_t EndOfBlocks(const ByteView& view, uint64_t at) {
  while (view.Has(at, 1)) {
    const int length = view.U8(at);
    at += 1 + uint64_t(length);
    if (length == 0) return at;
  }
  return view.size();
}

// Takes the colours of a palette; one that maps every index to itself is none, as in Pillow.
void ReadPalette(const ByteView& view, uint64_t at, int bits, GifHeader& header) {
  header.colors = {};
  header.palette_bits = 0;
  header.gray = true;
  bool ramp = true;
  for (int i = 0; i < 1 << bits; ++i) {
    auto& color = header.colors[size_t(i)];
    for (int c = 0; c < 3; ++c) color[size_t(c)] = view.U8(at + uint64_t(3 * i + c));
    const bool gray = color[0] == color[1] && color[1] == color[2];
    header.gray = header.gray && gray;
    ramp = ramp && gray && color[0] == i;
  }
  if (!ramp) header.palette_bits = bits;
}

void ReadFrame(const ByteView& view, uint64_t at, GifHeader& header) {
  header.frame = {view.U16(at), view.U16(at + 2), view.U16(at + 4), view.U16(at + 6)};
  header.width = std::max(header.width, header.frame.x + header.frame.width);
  header.height = std::max(header.height, header.frame.y + header.frame.height);
  const int flags = view.U8(at + 8);
  header.interlaced = (flags & 64) != 0;
  header.data_at = at + 9;
  if ((flags & 128) != 0) {
    const int bits = (flags & 7) + 1;
    const bool other = header.palette_bits > 0;
    ReadPalette(view, header.data_at, bits, header);
    header.ambiguous = other && header.palette_bits == 0;
    header.data_at += uint64_t(3) << bits;
  }
  header.code_bits = view.U8(header.data_at);
  ++header.data_at;
}

// Where the codes of a frame begin whose descriptor stands at `at`.
uint64_t DataOf(const ByteView& view, uint64_t at) {
  const int flags = view.U8(at + 8);
  return at + 10 + ((flags & 128) != 0 ? uint64_t(3) << ((flags & 7) + 1) : 0);
}

// A graphic control: what is transparent, and what becomes of the frame.
void ReadControl(const ByteView& view, uint64_t at, GifHeader& header) {
  const int flags = view.U8(at);
  if ((flags & 1) != 0) header.transparent = view.U8(at + 3);
  if ((flags >> 2 & 7) != 0) header.disposal = flags >> 2 & 7;
}

}  // namespace

Result<GifHeader> ParseGif(std::span<const uint8_t> bytes, uint64_t frame) {
  const ByteView view(bytes);
  GifHeader header;
  header.width = view.U16(6);
  header.height = view.U16(8);
  uint64_t at = 13;
  if (const int flags = view.U8(10); (flags & 128) != 0) {
    const int bits = (flags & 7) + 1;
    header.background = view.U8(11);
    ReadPalette(view, at, bits, header);
    at += uint64_t(3) << bits;
  }
  const GifHeader of_file = header;  // its palette
  while (view.Has(at, 1) && view.U8(at) != ';') {
    const uint8_t kind = view.U8(at);
    if (kind == '!') {
      const bool control = view.U8(at + 1) == 0xf9 && view.U8(at + 2) >= 4;
      if (control && header.frames <= frame) ReadControl(view, at + 3, header);
      at = EndOfBlocks(view, at + 2);
    } else if (kind == ',') {
      if (header.frames <= frame) ReadFrame(view, at + 1, header);
      if (view.Has(at, 10)) ++header.frames;
      at = EndOfBlocks(view, DataOf(view, at + 1));
      if (header.frames <= frame) {  // what a control says is of one frame
        header.transparent = -1;
        header.colors = of_file.colors;
        header.gray = of_file.gray;
        header.palette_bits = of_file.palette_bits;
        header.ambiguous = false;
      }
    } else {
      ++at;  // readers pass over what is no block
    }
  }
  if (header.frames <= frame) {
    return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
  }
  if (header.frame.width == 0 || header.frame.height == 0) {
    return NoPixels(header.frame.width, header.frame.height);
  }
  if (header.ambiguous && frame == 0) {
    return Fail(ErrorCode::kUnsupported,
                "a frame's palette of greys beside another palette of the file, which readers take "
                "in different ways");
  }
  if (header.code_bits < 1 || header.code_bits > 8) {
    return Fail(ErrorCode::kCorrupt, "its smallest codes have no possible length");
  }
  return header;
}

namespace {

PixelKind KindOf(const GifHeader& header, bool alpha) {
  if (header.gray || header.palette_bits == 0) {
    return alpha ? PixelKind::kGrayAlpha : PixelKind::kGray;
  }
  return alpha ? PixelKind::kRgba : PixelKind::kRgb;
}

bool Recognises(std::span<const uint8_t> bytes) {
  return StartsWith(bytes, "GIF87a") || StartsWith(bytes, "GIF89a");
}

Result<PictureInfo> ProbeGif(std::span<const uint8_t> bytes) {
  const Result<GifHeader> header = ParseGif(bytes);
  if (!header) return Failed(header);
  PictureInfo info;
  info.width = header->width;
  info.height = header->height;
  info.channels = KindOf(*header, false) == PixelKind::kGray ? 1 : 3;
  info.bits = header->palette_bits > 0 ? header->palette_bits : header->code_bits;
  info.has_palette = true;
  info.has_alpha = header->transparent >= 0;
  info.progressive = header->interlaced;
  info.frames = header->frames;
  if (header->interlaced) {
    info.decode_bytes = uint64_t(header->frame.width) * uint64_t(header->frame.height);
  }
  return info;
}

}  // namespace

void GifCodes::Start(std::span<const uint8_t> bytes, uint64_t at, int code_bits) {
  bytes_ = bytes;
  at_ = at;
  block_left_ = 0;
  bits_ = 0;
  bit_count_ = 0;
  clear_ = 1 << code_bits;
  pending_at_ = pending_.size();
  Clear();
}

void GifCodes::Clear() {
  next_ = clear_ + 2;
  last_ = -1;
  code_bits_ = 1;
  while (1 << code_bits_ <= clear_) ++code_bits_;
}

int GifCodes::NextCode() {
  while (bit_count_ < code_bits_) {
    if (at_ >= bytes_.size()) return -1;
    if (block_left_ == 0) {
      block_left_ = bytes_[at_++];
      if (block_left_ == 0) return -1;
      continue;
    }
    bits_ |= uint32_t(bytes_[at_++]) << bit_count_;
    bit_count_ += 8;
    --block_left_;
  }
  const int code = int(bits_ & ((1u << code_bits_) - 1));
  bits_ >>= code_bits_;
  bit_count_ -= code_bits_;
  return code;
}

bool GifCodes::Expand(int code) {
  int at = code;
  if (last_ < 0) {
    if (code >= clear_) return false;
  } else if (code >= next_) {
    // The entry that is just being made: the last string and its own first index.
    if (code > next_) return false;
    pending_[--pending_at_] = last_first_;
    at = last_;
  }
  // No string is longer than there are codes: each entry's prefix was made before it.
  for (; at >= clear_; at = prefix_[size_t(at)]) pending_[--pending_at_] = index_[size_t(at)];
  pending_[--pending_at_] = uint8_t(at);
  if (last_ >= 0 && next_ < kMostCodes) {
    prefix_[size_t(next_)] = uint16_t(last_);
    index_[size_t(next_)] = uint8_t(at);
    if (next_ == (1 << code_bits_) - 1 && code_bits_ < kLargestCodeBits) ++code_bits_;
    ++next_;
  }
  last_ = code;
  last_first_ = uint8_t(at);
  return true;
}

bool GifCodes::Read(uint8_t* out, size_t count) {
  for (;;) {
    const size_t step = std::min(count, pending_.size() - pending_at_);
    std::copy_n(pending_.data() + pending_at_, step, out);
    pending_at_ += step;
    out += step;
    count -= step;
    if (count == 0) return true;
    const int code = NextCode();
    if (code == clear_) {
      Clear();
    } else if (code < 0 || code == clear_ + 1 || !Expand(code)) {
      return false;
    }
  }
}

namespace {

tl::unexpected<Error> Broken() {
  return Fail(ErrorCode::kCorrupt, "its LZW codes end before the picture does, or make no sense");
}

}  // namespace

Result<void> ReadGifFrame(std::span<const uint8_t> bytes, const GifHeader& header,
                          const DecodeOptions& options, GifCodes& codes,
                          std::vector<uint8_t>& indices) {
  struct Pass {
    int first, step;
  };
  static constexpr Pass kPasses[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
  static constexpr Pass kAtOnce[] = {{0, 1}};
  const auto width = size_t(header.frame.width);
  indices.resize(width * size_t(header.frame.height));
  codes.Start(bytes, header.data_at, header.code_bits);
  const auto passes = header.interlaced ? std::span<const Pass>(kPasses) : kAtOnce;
  for (const Pass& pass : passes) {
    for (int y = pass.first; y < header.frame.height; y += pass.step) {
      if (options.stopped()) return Stopped();
      if (!codes.Read(indices.data() + size_t(y) * width, width)) return Broken();
    }
  }
  return {};
}

void GifDecoder::Convert(const GifHeader& header, PixelKind kind, bool indices) {
  const bool colors = kind == PixelKind::kRgb || kind == PixelKind::kRgba;
  const bool mapped = header.palette_bits > 0 && !indices;
  uint8_t* out = row_.data();
  for (uint8_t index : canvas_) {
    const auto& color = header.colors[index];
    *out++ = mapped ? color[0] : index;
    if (colors) {
      *out++ = color[1];
      *out++ = color[2];
    }
    if (HasAlpha(kind)) *out++ = index == header.transparent ? 0 : 255;
  }
}

Result<void> GifDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                RowConsumer& consumer, DecodeReport& report) {
  if (options.frame.value_or(0) > 0) {
    if (auto size = CheckSize(report.picture.width, report.picture.height, options); !size) {
      return size;
    }
    const Result<FrameCanvas*> canvas = player_.Seek<GifAnimation>(bytes, options);
    if (!canvas) return Failed(canvas);
    const PictureInfo& picture = report.picture;
    if (picture.has_alpha && options.alpha == AlphaPolicy::kDrop) {
      report.Say(NoteKind::kAlphaDropped);
    }
    return DeliverCanvas(**canvas, picture, options, consumer, delivery_);
  }
  const Result<GifHeader> header = ParseGif(bytes);
  if (!header) return Failed(header);
  if (auto size = CheckSize(header->width, header->height, options); !size) return size;
  const bool indices = options.palette_indices;
  const bool alpha = header->transparent >= 0 && options.alpha != AlphaPolicy::kDrop && !indices;
  SourceInfo source{header->width, header->height};
  source.kind = indices ? PixelKind::kGray : KindOf(*header, alpha);
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;

  const Rect& frame = header->frame;
  if (header->interlaced) {
    auto read = ReadGifFrame(bytes, *header, options, codes_, frame_);
    if (!read) return read;
  } else {
    codes_.Start(bytes, header->data_at, header->code_bits);
  }
  canvas_.resize(size_t(header->width));
  row_.resize(source.stride_bytes());
  for (int y = 0; y < header->height; ++y) {
    std::fill(canvas_.begin(), canvas_.end(), uint8_t(std::max(header->transparent, 0)));
    if (y >= frame.y && y < frame.y + frame.height) {
      uint8_t* place = canvas_.data() + frame.x;
      if (header->interlaced) {
        std::copy_n(frame_.data() + size_t(y - frame.y) * size_t(frame.width), frame.width, place);
      } else if (!codes_.Read(place, size_t(frame.width))) {
        return Broken();
      }
    }
    Convert(*header, source.kind, indices);
    if (!delivery_.Rows(row_.data(), row_.size(), 1)) return Stopped();
  }
  if (header->frames > 1) {
    report.Say(NoteKind::kFurtherFrames, "an animated GIF: its first frame is read");
  }
  if (header->transparent >= 0 && options.alpha == AlphaPolicy::kDrop) {
    report.Say(NoteKind::kAlphaDropped);
  }
  return {};
}

constinit const Codec kGifCodec = {
    .name = "gif",
    .extensions = kExtensions,
    .recognises = Recognises,
    .probe = ProbeGif,
    .make = MakeDecoder<GifDecoder>,
    .version = nullptr,
    .probe_frame = ProbeGifFrame,
};

}  // namespace imnorm
