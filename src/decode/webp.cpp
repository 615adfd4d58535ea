// Calls libwebp, for large pictures piece by piece.
#include "decode/webp.h"

#include <fmt/format.h>
#include <webp/decode.h>

#include <algorithm>
#include <memory>

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
      return Fail(ErrorCode::kTooLarge, "not enough memory");
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
  const ByteView view(bytes);
  // WebPDecode refuses such a file, the incremental decoder waits for more.
  if (view.U32(4) > bytes.size() - 8) return VP8_STATUS_NOT_ENOUGH_DATA;
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

}  // namespace

Result<void> WebpDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                 RowConsumer& consumer, DecodeReport& report) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    return Fail(ErrorCode::kUnsupported, "libwebp is of another version than its headers");
  }
  VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &config.input);
  if (status != VP8_STATUS_OK) return Failure(status);
  if (config.input.has_animation) {
    return Fail(ErrorCode::kUnsupported,
                "an animated WebP; extract the frame you mean, for instance with webpmux");
  }
  if (auto size = CheckSize(config.input.width, config.input.height, options); !size) return size;

  const bool alpha = config.input.has_alpha && options.alpha != AlphaPolicy::kDrop;
  const SourceInfo source{config.input.width, config.input.height,
                          alpha ? PixelKind::kRgba : PixelKind::kRgb};
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  pixels_.resize(source.stride_bytes() * size_t(source.height));
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels_.data();
  config.output.u.RGBA.stride = int(source.stride_bytes());
  config.output.u.RGBA.size = pixels_.size();
  const int64_t pixels = int64_t{source.width} * source.height;
  status = pixels > kPixelsGivenWhole ? DecodeInPieces(bytes, options, pixels, config)
                                      : WebPDecode(bytes.data(), bytes.size(), &config);
  WebPFreeDecBuffer(&config.output);
  if (status != VP8_STATUS_OK) return Failure(status);
  if (!delivery_.Rows(pixels_.data(), source.stride_bytes(), source.height)) return Stopped();
  if (config.input.has_alpha && !alpha) report.Say(NoteKind::kAlphaDropped);
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
  for (uint64_t at = 12; view.Has(at, 8);) {
    const uint64_t length = view.U32(at + 4);
    const auto type = view.Slice(at, 4);
    if (StartsWith(type, "ANMF")) ++frames;
    if (StartsWith(type, "EXIF") && !exif_seen) {
      exif_seen = true;
      info.orientation = TiffOrientation(view.Slice(at + 8, length));
    }
    at += 8 + length + (length & 1);
  }
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
