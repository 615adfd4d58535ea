#include <fmt/format.h>
#include <spng.h>
#include <webp/decode.h>

#include <algorithm>
#include <cstring>

#include "decode/bmp.h"
#include "decode/delivery.h"
#include "decode/exif.h"
#include "decode/jpeg/jpeg.h"
#include "decode/jpeg_turbo.h"
#include "decode/orient.h"
#include "decode/png_spng.h"
#include "decode/pnm.h"
#include "decode/sniff.h"
#include "decode/tiff.h"
#include "decode/unread.h"
#include "decode/webp.h"
#include "imnorm/decode.h"

namespace imnorm {
namespace {

// Collects a whole picture.
class ImageCollector : public RowConsumer {
 public:
  explicit ImageCollector(Image& image) : image_(image) {}

  Result<Rect> Begin(const ImageInfo& info) override {
    image_.Reshape(info.width, info.height, info.channels, info.type);
    return Rect{0, 0, info.width, info.height};
  }

  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    const size_t bytes = image_.stride_bytes();
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      std::memcpy(image_.row(y + i), rows, bytes);
    }
  }

 private:
  Image& image_;
};

tl::unexpected<Error> NotAPicture(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return Fail(ErrorCode::kCorrupt, "not an image: the file is empty");
  const std::string name = NameOfUnread(bytes);
  if (name == "text") return Fail(ErrorCode::kUnsupported, "not an image: the file is text");
  if (name.ends_with("archive")) {
    return Fail(ErrorCode::kUnsupported, name + " is not read; unpack it and name the folder");
  }
  if (name == "NumPy array") {
    return Fail(ErrorCode::kUnsupported, name + ": a tensor is taken for one if it ends in .npy");
  }
  if (!name.empty()) return RefuseUnread(name);
  return Fail(ErrorCode::kUnsupported, "not an image: no known format begins with these bytes");
}

}  // namespace

struct Decoder::State {
  jpeg::BaselineDecoder baseline;
  TurboDecoder turbo;
  PngDecoder png;
  WebpDecoder webp;
  BmpDecoder bmp;
  PnmDecoder pnm;
  TiffDecoder tiff;
  Orienter orienter;

  Result<void> DecodeJpeg(std::span<const uint8_t> bytes, const DecodeOptions& options,
                          RowConsumer& consumer, DecodeReport& report);
  Result<void> DecodeFormat(std::span<const uint8_t> bytes, const DecodeOptions& options,
                            RowConsumer& consumer, DecodeReport& report);
};

Result<void> Decoder::State::DecodeJpeg(std::span<const uint8_t> bytes,
                                        const DecodeOptions& options, RowConsumer& consumer,
                                        DecodeReport& report) {
  const JpegHeader header = ScanJpeg(bytes);
  if (header.pictures > 1) {
    report.Say(NoteKind::kFurtherFrames, "a JPEG of several pictures: the first is read");
  }
  // Reduced pictures are libjpeg-turbo's business.
  const bool reduces = options.fast_decode && header.width > 0 && header.height > 0 &&
                       consumer.Reduction(header.width, header.height) > 1;
  if (options.jpeg == JpegDecoder::kAuto && !reduces) {
    const PixelKind kind = header.components == 1 ? PixelKind::kGray : PixelKind::kRgb;
    const jpeg::BaselineDecoder::Outcome outcome = baseline.Decode(
        bytes, TargetColors(kind, options.channels), options.max_pixels, consumer, options.stop);
    if (!outcome.consumer) return outcome.consumer;
    if (outcome.done) {
      report.stored_width = header.width;
      report.stored_height = header.height;
      return {};
    }
    report.jpeg_fallback = outcome.fallback;
  }
  return turbo.Decode(bytes, options, consumer, report);
}

Result<void> Decoder::State::DecodeFormat(std::span<const uint8_t> bytes,
                                          const DecodeOptions& options, RowConsumer& consumer,
                                          DecodeReport& report) {
  switch (report.format) {
    case Format::kJpeg:
      return DecodeJpeg(bytes, options, consumer, report);
    case Format::kPng:
      return png.Decode(bytes, options, consumer, report);
    case Format::kWebp:
      return webp.Decode(bytes, options, consumer, report);
    case Format::kBmp:
      return bmp.Decode(bytes, options, consumer, report);
    case Format::kPnm:
      return pnm.Decode(bytes, options, consumer, report);
    case Format::kTiff:
      return tiff.Decode(bytes, options, consumer, report);
    case Format::kUnknown:
      break;
  }
  return NotAPicture(bytes);
}

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

Result<DecodeReport> Decoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                     RowConsumer& consumer) {
  DecodeReport report;
  report.format = SniffFormat(bytes);
  report.orientation = FindOrientation(report.format, bytes);
  // Pillow turns a TIFF upright whenever it loads one: there the tag belongs to the format.
  const bool turns =
      report.orientation != 1 && (options.apply_exif || report.format == Format::kTiff);
  if (turns) state_->orienter.Reset(report.orientation, consumer, options.stop);
  RowConsumer& target = turns ? static_cast<RowConsumer&>(state_->orienter) : consumer;
  Result<void> decoded = state_->DecodeFormat(bytes, options, target, report);
  if (!decoded) return tl::unexpected<Error>(std::move(decoded.error()));
  if (turns && !state_->orienter.Finish()) return Stopped();
  if (report.orientation != 1 && !turns) report.Say(NoteKind::kRotationNotApplied);
  return report;
}

Result<DecodeReport> Decoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                     Image& image) {
  ImageCollector collector(image);
  return Decode(bytes, options, collector);
}

std::vector<CodecVersion> CodecVersions() {
  const int webp = WebPGetDecoderVersion();
  return {{"libjpeg-turbo", TurboVersion()},
          {"libspng", spng_version_string()},
          {"libwebp", fmt::format("{}.{}.{}", webp >> 16, (webp >> 8) & 255, webp & 255)}};
}

}  // namespace imnorm
