// Calls libwebp, for large pictures piece by piece.
#include "decode/webp.h"

#include <fmt/format.h>
#include <webp/decode.h>

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

#include "decode/bytes.h"
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
  std::span<const uint8_t> chunks;
};

// The first frame; no chunks where there is none that is whole.
Frame FirstFrame(std::span<const uint8_t> bytes) {
  constexpr uint64_t kFrameHeader = 16;
  const ByteView view(bytes);
  Frame frame;
  ForEachChunk(view, [&](std::span<const uint8_t> type, uint64_t at, uint64_t length) {
    if (!StartsWith(type, "ANMF")) return true;
    if (length <= kFrameHeader) return false;
    frame.x = 2 * int(U24(view, at));
    frame.y = 2 * int(U24(view, at + 3));
    frame.width = int(U24(view, at + 6)) + 1;
    frame.height = int(U24(view, at + 9)) + 1;
    frame.chunks = view.Slice(at + kFrameHeader, length - kFrameHeader);
    return false;
  });
  return frame;
}

}  // namespace

Result<void> WebpDecoder::DecodePixels(std::span<const uint8_t> chunks,
                                       const DecodeOptions& options, bool alpha, uint8_t* out,
                                       const SourceInfo& canvas) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    return Fail(ErrorCode::kUnsupported, "libwebp is of another version than its headers");
  }
  VP8StatusCode status = WebPGetFeatures(chunks.data(), chunks.size(), &config.input);
  if (status != VP8_STATUS_OK) return Failure(status);
  const int64_t pixels = int64_t{config.input.width} * config.input.height;
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = out;
  config.output.u.RGBA.stride = int(canvas.stride_bytes());
  config.output.u.RGBA.size = pixels_.size() - size_t(out - pixels_.data());
  status = pixels > kPixelsGivenWhole ? DecodeInPieces(chunks, options, pixels, config)
                                      : WebPDecode(chunks.data(), chunks.size(), &config);
  WebPFreeDecBuffer(&config.output);
  // libwebp's word for what it has no memory to set up, too: taken for a stop it would end the run
  // as if somebody had asked for that, with the rows so far.
  if (status == VP8_STATUS_USER_ABORT && !options.stopped()) status = VP8_STATUS_OUT_OF_MEMORY;
  if (status == VP8_STATUS_OUT_OF_MEMORY) {
    pixels_ = {};  // nothing comes of them, and the look takes no more memory than they did
    if (AlphaIsDamaged(chunks, config.input.width, config.input.height)) {
      status = VP8_STATUS_BITSTREAM_ERROR;
    }
  }
  if (status != VP8_STATUS_OK) return Failure(status);
  return {};
}

Result<void> WebpDecoder::DecodeFirstFrame(std::span<const uint8_t> bytes,
                                           const DecodeOptions& options, bool alpha,
                                           const SourceInfo& canvas) {
  const Frame frame = FirstFrame(bytes);
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(frame.chunks.data(), frame.chunks.size(), &features);
  if (status != VP8_STATUS_OK) return Failure(status);
  const bool inside =
      frame.x + frame.width <= canvas.width && frame.y + frame.height <= canvas.height;
  if (!inside || features.width != frame.width || features.height != frame.height ||
      features.has_animation != 0) {
    return Fail(ErrorCode::kCorrupt, "the first frame does not fit its place on the canvas");
  }
  // What no frame covers is transparent black, whatever colour the file proposes, as in Pillow.
  std::fill(pixels_.begin(), pixels_.end(), uint8_t{0});
  const size_t offset =
      size_t(frame.y) * canvas.stride_bytes() + size_t(frame.x) * size_t(alpha ? 4 : 3);
  return DecodePixels(frame.chunks, options, alpha, pixels_.data() + offset, canvas);
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
  const SourceInfo source{features.width, features.height,
                          alpha ? PixelKind::kRgba : PixelKind::kRgb};
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  pixels_.resize(source.stride_bytes() * size_t(source.height));
  auto decoded = animated ? DecodeFirstFrame(bytes, options, alpha, source)
                          : DecodePixels(bytes, options, alpha, pixels_.data(), source);
  if (!decoded) return decoded;
  if (!delivery_.Rows(pixels_.data(), source.stride_bytes(), source.height)) return Stopped();
  if (animated) {
    report.Say(NoteKind::kFurtherFrames, "an animated WebP: its first frame is read");
  }
  if (features.has_alpha && !alpha) report.Say(NoteKind::kAlphaDropped);
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

CodecVersion Version() {
  const int version = WebPGetDecoderVersion();
  return {"libwebp", fmt::format("{}.{}.{}", version >> 16, (version >> 8) & 255, version & 255)};
}

}  // namespace

constinit const Codec kWebpCodec = {
    "webp", kExtensions, Recognises, ProbeWebp, MakeDecoder<WebpDecoder>, Version};

}  // namespace imnorm
