// Tells of JPEG XL files, and gives them to the module.
#include "decode/jpegxl.h"

#include <algorithm>
#include <limits>

#include "decode/jpegxl_header.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"jxl"};

Result<PictureInfo> ProbeJpegXl(std::span<const uint8_t> bytes) {
  const Result<JpegXlHeader> header = ReadJpegXlHeader(bytes);
  if (!header) return Failed(header);
  constexpr int kMostBits = 16;
  if (header->is_float || header->bits > kMostBits) {
    return Fail(ErrorCode::kUnsupported,
                "JPEG XL of floats or of more than 16 bits is not read; convert it to PNG, for "
                "instance with djxl of libjxl");
  }
  constexpr int64_t kLargestSide = std::numeric_limits<int32_t>::max();
  PictureInfo info;
  info.width = int(std::min(header->width, kLargestSide));
  info.height = int(std::min(header->height, kLargestSide));
  info.channels = header->is_gray ? 1 : 3;
  info.bits = header->bits;
  info.has_alpha = header->has_alpha;
  info.orientation = header->orientation;
  info.has_profile = header->has_profile;
  info.frames = header->is_animated ? 2 : 1;  // or more: only the frames themselves say
  // Floats of each channel, three times at most (libjxl 0.7, measured), and the picture.
  const auto channels = uint64_t(3 + header->extra_channels);
  const uint64_t sample = header->bits > 8 ? 2 : 1;
  info.decode_bytes = uint64_t(info.width) * uint64_t(info.height) * channels * (12 + sample) +
                      bytes.size() + (uint64_t{16} << 20);
  return info;
}

// As of a PNG that djxl writes.
bool KeepsHighByte(const PictureInfo&) { return true; }

Result<void> Ready() { return ReadyIfThere(kJpegXlFormat); }

std::unique_ptr<PictureDecoder> Make() { return std::make_unique<ModuleDecoder>(kJpegXlFormat); }

}  // namespace

constinit const ModuleFormat kJpegXlFormat = {
    {"imnorm_jpegxl.so", "imnorm_jpegxl_api", "reads JPEG XL", "IMNORM_BUILD_JPEGXL_MODULE",
     "imnorm-formats", true},
    "JPEG XL",
    "djxl of libjxl",
    KeepsHighByte,
    "an animated JPEG XL: its first frame is read",
    ProbeJpegXl,
    ApiOf<kJpegXlFormat>};

constinit const Codec kJpegXlCodec = {
    .name = "jpegxl",
    .extensions = kExtensions,
    .recognises = IsJpegXl,
    .probe = ProbeJpegXl,
    .make = Make,
    .version = nullptr,
    .always_upright = true,
    .ready = Ready,
    .asks_for_memory = false,
    .module = &kJpegXlFormat,
};

}  // namespace imnorm
