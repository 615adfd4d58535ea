// Reads what the chunks of a PNG say without inflating any, and chooses between our own decoder and
// libspng.
#include "decode/png_codec.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "decode/bytes.h"
#include "decode/delivery.h"
#include "decode/embedded_profile.h"
#include "decode/exif.h"
#include "decode/png/form.h"
#include "decode/png/png.h"
#include "decode/png_animation.h"
#include "decode/png_spng.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"png", "apng"};

class PngPictures : public PictureDecoder {
 public:
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override {
    if (options.frame.value_or(0) > 0) return DecodeFrame(bytes, options, consumer, report);
    if (options.png == PngDecoder::kAuto) {
      const png::SoundDecoder::Outcome outcome = own_->Decode(bytes, options, consumer, report);
      if (!outcome.consumer) return outcome.consumer;
      if (outcome.done) return {};
      report.fallback = outcome.fallback;
      if (report.picture.progressive) own_.emplace();  // it keeps all rows, too
    }
    return spng_.Decode(bytes, options, consumer, report);
  }

 private:
  Result<void> DecodeFrame(std::span<const uint8_t> bytes, const DecodeOptions& options,
                           RowConsumer& consumer, DecodeReport& report) {
    const PictureInfo& picture = report.picture;
    const Result<FrameCanvas*> canvas = player_.Seek<PngAnimation>(bytes, options);
    if (!canvas) return Failed(canvas);
    png::Say(options, picture.bits, picture.has_alpha, false, report);
    return DeliverCanvas(**canvas, picture, options, consumer, delivery_);
  }

  std::optional<png::SoundDecoder> own_{std::in_place};
  SpngDecoder spng_;
  FramePlayer player_;
  Delivery delivery_;
};

bool Recognises(std::span<const uint8_t> bytes) { return StartsWith(bytes, "\x89PNG\r\n\x1a\n"); }

void ReadHeader(const ByteView& view, uint64_t at, PictureInfo& info) {
  constexpr uint32_t kLargestSide = std::numeric_limits<int32_t>::max();
  info.width = int(std::min(view.U32(at), kLargestSide));
  info.height = int(std::min(view.U32(at + 4), kLargestSide));
  info.bits = view.U8(at + 8);
  const int color_type = view.U8(at + 9);
  info.channels = color_type == 0 || color_type == 4 ? 1 : 3;
  info.has_palette = color_type == 3;
  info.has_alpha = color_type == 4 || color_type == 6;
  info.progressive = view.U8(at + 12) != 0;
}

// All rows of an interlaced picture.
uint64_t InterlacedBytes(const PictureInfo& info) {
  const int samples = info.channels + (info.has_alpha ? 1 : 0);
  return uint64_t(info.width) * uint64_t(info.height) * uint64_t(samples) *
         (info.bits == 16 ? 2 : 1);
}

Result<PictureInfo> ProbePng(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  PictureInfo info;
  bool pixels_seen = false;
  for (uint64_t at = 8; view.Has(at, 12);) {
    const uint64_t length = view.U32(at);
    const auto type = view.Slice(at + 4, 4);
    if (StartsWith(type, "IEND")) break;
    if (StartsWith(type, "IHDR") && info.width == 0) {
      if (view.Has(at + 8, 13)) ReadHeader(view, at + 8, info);
    } else if (StartsWith(type, "tRNS") && !pixels_seen) {
      info.has_alpha = true;
    } else if (StartsWith(type, "iCCP")) {
      info.has_profile = true;
    } else if (StartsWith(type, "eXIf")) {
      // Pillow keeps the last one it meets, wherever it stands.
      info.orientation = TiffOrientation(view.Slice(at + 8, length));
    }
    pixels_seen = pixels_seen || StartsWith(type, "IDAT");
    at += 12 + length;
  }
  if (info.width == 0 || info.height == 0) return NoPixels(info.width, info.height);
  if (info.progressive) info.decode_bytes = InterlacedBytes(info);
  info.frames = FramesOfPng(bytes);
  return info;
}

// Beside the picture's own rows: the canvas, what a frame hides of it, and the frame.
Result<PictureInfo> ProbePngFrame(std::span<const uint8_t> bytes, uint64_t) {
  auto info = ProbePng(bytes);
  if (info)
    info->decode_bytes += uint64_t(info->width) * uint64_t(info->height) * 12 + bytes.size();
  return info;
}

CodecVersion Version() { return {"libspng", SpngVersion()}; }

}  // namespace

constinit const Codec kPngCodec = {
    .name = "png",
    .extensions = kExtensions,
    .recognises = Recognises,
    .probe = ProbePng,
    .make = MakeDecoder<PngPictures>,
    .version = Version,
    .probe_frame = ProbePngFrame,
    .profile = PngProfile,
};

}  // namespace imnorm
