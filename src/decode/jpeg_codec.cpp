// Chooses between our own JPEG decoder and libjpeg-turbo.
#include "decode/jpeg_codec.h"

#include <fmt/format.h>

#include "decode/bytes.h"
#include "decode/delivery.h"
#include "decode/embedded_profile.h"
#include "decode/jpeg/jpeg.h"
#include "decode/jpeg_header.h"
#include "decode/jpeg_kind.h"
#include "decode/jpeg_turbo.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"jpg", "jpeg", "jpe", "jfif"};

class JpegPictures : public PictureDecoder {
 public:
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override {
    const PictureInfo& picture = report.picture;
    if (options.frame) bytes = PictureOfJpeg(bytes, *options.frame);
    if (picture.frames > 1) {
      report.Say(NoteKind::kFurtherFrames, "a JPEG of several pictures: the first is read");
    }
    // Reduced pictures and other arithmetic are libjpeg-turbo's business.
    const bool reduces = options.fast_decode && picture.width > 0 && picture.height > 0 &&
                         consumer.Reduction(picture.width, picture.height) > 1;
    const bool other = options.jpeg_dct != JpegDct::kAccurate || options.jpeg_plain_upsampling ||
                       (options.inks && picture.has_inks);
    if (options.jpeg == JpegDecoder::kAuto && !reduces && !other) {
      const PixelKind kind = picture.channels == 1 ? PixelKind::kGray : PixelKind::kRgb;
      const jpeg::Decoder::Outcome outcome = own_.Decode(
          bytes, TargetColors(kind, options.channels), options.max_pixels, consumer, options.stop);
      if (!outcome.consumer) return outcome.consumer;
      if (outcome.done) return {};
      report.fallback = outcome.fallback;
    }
    if (auto may = TakeMemory(picture.decode_bytes); !may) return may;
    return turbo_.Decode(bytes, options, consumer, report);
  }

 private:
  jpeg::Decoder own_;
  TurboDecoder turbo_;
};

bool Recognises(std::span<const uint8_t> bytes) { return StartsWith(bytes, "\xff\xd8\xff"); }

Result<PictureInfo> ProbeJpeg(std::span<const uint8_t> bytes) {
  const JpegHeader header = ScanJpeg(bytes);
  if (header.width == 0 || header.height == 0) {
    if (const std::string kind = NameOfUnreadJpeg(bytes); !kind.empty()) {
      return Fail(ErrorCode::kUnsupported, kind + " is not read");
    }
    return NoPixels(header.width, header.height);
  }
  PictureInfo info;
  info.width = header.width;
  info.height = header.height;
  info.channels = header.components == 4 ? 3 : header.components;  // inks become colours
  info.has_inks = header.components == 4;
  info.bits = header.bits;
  info.progressive = header.progressive;
  if (header.progressive || !header.one_scan) info.decode_bytes = header.coefficient_bytes;
  info.orientation = header.orientation;
  info.has_profile = header.has_profile;
  info.frames = header.pictures;
  return info;
}

Result<PictureInfo> ProbePicture(std::span<const uint8_t> bytes, uint64_t number) {
  const std::span<const uint8_t> picture = PictureOfJpeg(bytes, number);
  if (!Recognises(picture)) {
    return Fail(ErrorCode::kCorrupt,
                fmt::format("its index of pictures does not lead to number {}", number));
  }
  return ProbeJpeg(picture);
}

CodecVersion Version() { return {"libjpeg-turbo", TurboVersion()}; }

}  // namespace

constinit const Codec kJpegCodec = {
    .name = "jpeg",
    .extensions = kExtensions,
    .recognises = Recognises,
    .probe = ProbeJpeg,
    .make = MakeDecoder<JpegPictures>,
    .version = Version,
    .asks_for_memory = true,
    .probe_frame = ProbePicture,
    .profile = JpegProfile,
};

}  // namespace imnorm
