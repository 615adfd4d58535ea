// Calls libwebp, for large pictures piece by piece.
#include "decode/webp.h"

#include <fmt/format.h>
#include <webp/decode.h>

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

#include "decode/bytes.h"
#include "decode/embedded_profile.h"
#include "decode/exif.h"

namespace imnorm {
namespace {

tl::unexpected<Error> Failure(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return Fail(ErrorCode::kUnsupported, "a WebP feature that libwebp does not read");
    case VP8_STATUS_USER_ABORT:
      return Stopped();
    case VP8_STATUS_OUT_OF_MEMORY:
      throw std::bad_alloc();
    default:
      return Fail(ErrorCode::kCorrupt, "damaged WebP data");
  }
}

// Above this a picture is given to libwebp in pieces, one for about so many pixels, and the run can
// end between them. Below it takes a fraction of a second, and is given whole.
constexpr int64_t kPixelsGivenWhole = int64_t{1} << 24;
constexpr int64_t kPixelsOfPiece = int64_t{1} << 20;

// WebPDecode in steps; VP8_STATUS_USER_ABORT: told to stop.
VP8StatusCode DecodeInPieces(std::span<const uint8_t> bytes, const DecodeOptions& options,
                             int64_t pixels, WebPDecoderConfig& config) {
  const std::unique_ptr<WebPIDecoder, void (*)(WebPIDecoder*)> decoder(
      WebPIDecode(nullptr, 0, &config), WebPIDelete);
  if (!decoder) return VP8_STATUS_OUT_OF_MEMORY;
  const auto pieces = uint64_t(pixels / kPixelsOfPiece) + 1;
  VP8StatusCode status = VP8_STATUS_SUSPENDED;
  for (uint64_t i = 1; i <= pieces && status == VP8_STATUS_SUSPENDED; ++i) {
    if (options.stopped()) return VP8_STATUS_USER_ABORT;
    status = WebPIUpdate(decoder.get(), bytes.data(), size_t(bytes.size() * i / pieces));
  }
  return status == VP8_STATUS_SUSPENDED ? VP8_STATUS_NOT_ENOUGH_DATA : status;
}

// libwebp gives up on such a file only where it is given whole.
bool IsCutOff(std::span<const uint8_t> bytes) { return ByteView(bytes).U32(4) > bytes.size() - 8; }

// Where the chunks of the file, or of a frame, stand: `visit` takes type, offset of the data and
// its length, and says whether to go on.
template <typename Visit>
void ForEachChunk(const ByteView& view, Visit visit) {
  for (uint64_t at = StartsWith(view.Slice(0, 4), "RIFF") ? 12 : 0; view.Has(at, 8);) {
    const uint64_t length = view.U32(at + 4);
    if (!visit(view.Slice(at, 4), at + 8, length)) return;
    at += 8 + length + (length & 1);
  }
}

uint32_t U24(const ByteView& view, uint64_t at) {
  return uint32_t(view.U16(at)) | uint32_t(view.U8(at + 2)) << 16;
}

// Whether a lossless stream of alpha, which has no header of its own, is damaged: it is decoded
// with one. Where memory is lacking it is not known to be.
bool StreamIsDamaged(std::span<const uint8_t> stream, int width, int height) {
  const uint32_t sizes = uint32_t(width - 1) | uint32_t(height - 1) << 14;
  std::vector<uint8_t> picture = {0x2f, uint8_t(sizes), uint8_t(sizes >> 8), uint8_t(sizes >> 16),
                                  uint8_t(sizes >> 24)};
  picture.insert(picture.end(), stream.begin(), stream.end());
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return false;
  // Of what comes out a pixel of the last row is kept.
  config.options.use_cropping = 1;
  config.options.crop_top = height - 1;
  config.options.crop_width = config.options.crop_height = 1;
  const VP8StatusCode status = WebPDecode(picture.data(), picture.size(), &config);
  WebPFreeDecBuffer(&config.output);
  return status != VP8_STATUS_OK && status != VP8_STATUS_OUT_OF_MEMORY;
}

// libwebp 1.5 gives its decoder of a damaged alpha plane away, and takes that it has none for a
// lack of memory.
bool AlphaIsDamaged(std::span<const uint8_t> chunks, int width, int height) {
  const ByteView view(chunks);
  bool damaged = false;
  ForEachChunk(view, [&](std::span<const uint8_t> type, uint64_t at, uint64_t length) {
    if (!StartsWith(type, "ALPH")) return true;
    const std::span<const uint8_t> plane = view.Slice(at, length);
    if (plane.size() < 2) {
      damaged = true;
      return false;
    }
    const int method = plane[0] & 3, levels = plane[0] >> 4 & 3, reserved = plane[0] >> 6;
    const auto stream = plane.subspan(1);
    damaged = method > 1 || levels > 1 || reserved > 0 ||
              (method == 0 ? stream.size() < uint64_t(width) * uint64_t(height)
                           : StreamIsDamaged(stream, width, height));
    return false;
  });
  return damaged;
}

// One frame of an animation: where it lies on the canvas, and its chunks (ALPH, VP8 or VP8L).
struct Frame {
  int x = 0, y = 0, width = 0, height = 0;
  bool replaces = false;  // what was there before, instead of being blended with it
  bool leaves = false;    // its place transparent for the next
  std::span<const uint8_t> chunks;

  bool Covers(const FrameCanvas& canvas) const {
    return x == 0 && y == 0 && width == canvas.width && height == canvas.height;
  }
};

// A frame by its number; no chunks where there is none that is whole.
Frame FrameOf(std::span<const uint8_t> bytes, uint64_t number) {
  constexpr uint64_t kFrameHeader = 16;
  const ByteView view(bytes);
  Frame frame;
  ForEachChunk(view, [&](std::span<const uint8_t> type, uint64_t at, uint64_t length) {
    if (!StartsWith(type, "ANMF") || number-- > 0) return true;
    if (length <= kFrameHeader) return false;
    frame.replaces = (view.U8(at + 15) & 2) != 0;
    frame.leaves = (view.U8(at + 15) & 1) != 0;
    frame.x = 2 * int(U24(view, at));
    frame.y = 2 * int(U24(view, at + 3));
    frame.width = int(U24(view, at + 6)) + 1;
    frame.height = int(U24(view, at + 9)) + 1;
    frame.chunks = view.Slice(at + kFrameHeader, length - kFrameHeader);
    return false;
  });
  return frame;
}

// Decodes a still picture, or the chunks of a frame, to rows inside `pixels`, from `offset` on.
Result<void> DecodeWebp(std::span<const uint8_t> chunks, const DecodeOptions& options, bool alpha,
                        size_t offset, size_t stride_bytes, std::vector<uint8_t>& pixels) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    return Fail(ErrorCode::kUnsupported, "libwebp is of another version than its headers");
  }
  VP8StatusCode status = WebPGetFeatures(chunks.data(), chunks.size(), &config.input);
  if (status != VP8_STATUS_OK) return Failure(status);
  const int64_t area = int64_t{config.input.width} * config.input.height;
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels.data() + offset;
  config.output.u.RGBA.stride = int(stride_bytes);
  config.output.u.RGBA.size = pixels.size() - offset;
  status = area > kPixelsGivenWhole ? DecodeInPieces(chunks, options, area, config)
                                    : WebPDecode(chunks.data(), chunks.size(), &config);
  WebPFreeDecBuffer(&config.output);
  // libwebp's word for what it has no memory to set up, too: taken for a stop it would end the run
  // as if somebody had asked for that, with the rows so far.
  if (status == VP8_STATUS_USER_ABORT && !options.stopped()) status = VP8_STATUS_OUT_OF_MEMORY;
  if (status == VP8_STATUS_OUT_OF_MEMORY) {
    pixels = {};  // nothing comes of them, and the look takes no more memory than they did
    if (AlphaIsDamaged(chunks, config.input.width, config.input.height)) {
      status = VP8_STATUS_BITSTREAM_ERROR;
    }
  }
  if (status != VP8_STATUS_OK) return Failure(status);
  return {};
}

// Whether a frame that fits its place has alpha.
Result<bool> CheckFrame(const Frame& frame, int width, int height) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(frame.chunks.data(), frame.chunks.size(), &features);
  if (status != VP8_STATUS_OK) return Failure(status);
  const bool inside = frame.x + frame.width <= width && frame.y + frame.height <= height;
  if (!inside || features.width != frame.width || features.height != frame.height ||
      features.has_animation != 0) {
    return Fail(ErrorCode::kCorrupt, "a frame does not fit its place on the canvas");
  }
  return features.has_alpha != 0;
}

// A pixel over another, neither multiplied by its alpha: libwebp's arithmetic, which rounds down.
void BlendOver(const uint8_t* source, uint8_t* under) {
  const uint32_t alpha = source[3];
  if (alpha == 0) return;
  if (alpha == 255) {
    std::copy_n(source, 4, under);
    return;
  }
  const uint32_t rest = under[3] * (256 - alpha) >> 8;
  const uint32_t both = alpha + rest;
  const uint32_t scale = (1u << 24) / both;
  for (int c = 0; c < 3; ++c) {
    under[c] = uint8_t((source[c] * alpha + under[c] * rest) * scale >> 24);
  }
  under[3] = uint8_t(both);
}

// The frames of an animated WebP.
//
// Source:   libwebp's WebPAnimDecoder, which Pillow calls
class WebpAnimation : public Animation {
 public:
  Result<void> Next(std::span<const uint8_t> bytes, const DecodeOptions& options) override {
    const ByteView view(bytes);
    constexpr uint64_t kCanvasAt = 24;  // of the first chunk, VP8X
    const int width = int(U24(view, kCanvasAt)) + 1, height = int(U24(view, kCanvasAt + 3)) + 1;
    if (auto size = CheckSize(width, height, options); !size) return size;
    const Frame frame = FrameOf(bytes, number_);
    const auto alpha = CheckFrame(frame, width, height);
    if (!alpha) return Failed(alpha);
    if (number_ == 0) canvas_.Reset(width, height);
    const bool key = number_ == 0 || ((!*alpha || frame.replaces) && frame.Covers(canvas_)) ||
                     (before_.leaves && (before_.Covers(canvas_) || before_key_));
    if (key) {
      canvas_.Reset(width, height);
    } else if (before_.leaves) {
      canvas_.Fill({before_.x, before_.y, before_.width, before_.height}, {0, 0, 0, 0});
    }
    pixels_.resize(size_t(frame.width) * size_t(frame.height) * 4);
    auto decoded = DecodeWebp(frame.chunks, options, true, 0, size_t(frame.width) * 4, pixels_);
    if (!decoded) return decoded;
    Draw(frame, !key && !frame.replaces);
    before_ = frame;
    before_.chunks = {};
    before_key_ = key;
    ++number_;
    return {};
  }

 private:
  void Draw(const Frame& frame, bool blends) {
    const uint8_t* in = pixels_.data();
    for (int y = frame.y; y < frame.y + frame.height; ++y) {
      uint8_t* out = canvas_.row(frame.x, y);
      for (int x = frame.x; x < frame.x + frame.width; ++x, in += 4, out += 4) {
        if (blends && !IsCleared(x, y)) {
          BlendOver(in, out);
        } else {
          std::copy_n(in, 4, out);
        }
      }
    }
  }

  // Nothing is blended where the frame before has just been taken away.
  bool IsCleared(int x, int y) const {
    return before_.leaves && x >= before_.x && x < before_.x + before_.width && y >= before_.y &&
           y < before_.y + before_.height;
  }

  uint64_t number_ = 0;  // the next
  Frame before_;
  bool before_key_ = false;  // the frame before began anew
  std::vector<uint8_t> pixels_;
};

}  // namespace

Result<void> WebpDecoder::DecodeFirstFrame(std::span<const uint8_t> bytes,
                                           const DecodeOptions& options, bool alpha,
                                           const SourceInfo& canvas) {
  const Frame frame = FrameOf(bytes, 0);
  if (auto has_alpha = CheckFrame(frame, canvas.width, canvas.height); !has_alpha) {
    return Failed(has_alpha);
  }
  // What no frame covers is transparent black, whatever colour the file proposes, as in Pillow.
  std::fill(pixels_.begin(), pixels_.end(), uint8_t{0});
  const size_t offset =
      size_t(frame.y) * canvas.stride_bytes() + size_t(frame.x) * size_t(alpha ? 4 : 3);
  return DecodeWebp(frame.chunks, options, alpha, offset, canvas.stride_bytes(), pixels_);
}

Result<void> WebpDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                 RowConsumer& consumer, DecodeReport& report) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) return Failure(status);
  if (auto size = CheckSize(features.width, features.height, options); !size) return size;
  if (IsCutOff(bytes)) return Failure(VP8_STATUS_NOT_ENOUGH_DATA);

  const bool animated = features.has_animation != 0;
  const bool alpha = features.has_alpha && options.alpha != AlphaPolicy::kDrop;
  if (features.has_alpha && !alpha) report.Say(NoteKind::kAlphaDropped);
  if (animated && options.frame.value_or(0) > 0) {
    pixels_ = {};
    const Result<FrameCanvas*> drawn = player_.Seek<WebpAnimation>(bytes, options);
    if (!drawn) return Failed(drawn);
    return DeliverCanvas(**drawn, report.picture, options, consumer, delivery_);
  }
  const SourceInfo source{features.width, features.height,
                          alpha ? PixelKind::kRgba : PixelKind::kRgb};
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  pixels_.resize(source.stride_bytes() * size_t(source.height));
  auto decoded = animated ? DecodeFirstFrame(bytes, options, alpha, source)
                          : DecodeWebp(bytes, options, alpha, 0, source.stride_bytes(), pixels_);
  if (!decoded) return decoded;
  if (!delivery_.Rows(pixels_.data(), source.stride_bytes(), source.height)) return Stopped();
  if (animated) {
    report.Say(NoteKind::kFurtherFrames, "an animated WebP: its first frame is read");
  }
  return {};
}

namespace {

constexpr std::string_view kExtensions[] = {"webp"};

bool Recognises(std::span<const uint8_t> bytes) {
  return StartsWith(bytes, "RIFF") && bytes.size() >= 12 && StartsWith(bytes.subspan(8), "WEBP");
}

// What stands in chunks beside the pixels: only the extended format has such.
void ReadChunks(std::span<const uint8_t> bytes, PictureInfo& info) {
  const ByteView view(bytes);
  if (!StartsWith(view.Slice(12, 4), "VP8X")) return;
  uint64_t frames = 0;
  bool exif_seen = false;
  ForEachChunk(view, [&](std::span<const uint8_t> type, uint64_t at, uint64_t length) {
    if (StartsWith(type, "ANMF")) ++frames;
    if (StartsWith(type, "ICCP")) info.has_profile = true;
    if (StartsWith(type, "EXIF") && !exif_seen) {
      exif_seen = true;
      info.orientation = TiffOrientation(view.Slice(at, length));
    }
    return true;
  });
  info.frames = std::max<uint64_t>(1, frames);
}

Result<PictureInfo> ProbeWebp(std::span<const uint8_t> bytes) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) return Failure(status);
  if (features.width < 1 || features.height < 1) return NoPixels(features.width, features.height);
  PictureInfo info;
  info.width = features.width;
  info.height = features.height;
  info.channels = 3;
  info.has_alpha = features.has_alpha != 0;
  // The pixels, and what libwebp keeps: of a lossless picture a word a pixel, of a lossy one its
  // alpha plane and the indices that it is made of.
  constexpr int kLossy = 1;
  const uint64_t pixels = uint64_t(features.width) * uint64_t(features.height);
  const uint64_t kept = features.format == kLossy ? (info.has_alpha ? 2 : 0) : 4;
  info.decode_bytes = pixels * ((info.has_alpha ? 4 : 3) + kept) + (uint64_t{4} << 20);
  ReadChunks(bytes, info);
  return info;
}

// Of all frames the canvas is told, and beside the still picture's buffers there are its own and,
// as it is drawn, a frame.
Result<PictureInfo> ProbeFrame(std::span<const uint8_t> bytes, uint64_t) {
  auto info = ProbeWebp(bytes);
  if (info) info->decode_bytes += uint64_t(info->width) * uint64_t(info->height) * 8 + bytes.size();
  return info;
}

CodecVersion Version() {
  const int version = WebPGetDecoderVersion();
  return {"libwebp", fmt::format("{}.{}.{}", version >> 16, (version >> 8) & 255, version & 255)};
}

}  // namespace

constinit const Codec kWebpCodec = {
    .name = "webp",
    .extensions = kExtensions,
    .recognises = Recognises,
    .probe = ProbeWebp,
    .make = MakeDecoder<WebpDecoder>,
    .version = Version,
    .probe_frame = ProbeFrame,
    .profile = WebpProfile,
};

}  // namespace imnorm
