// Tells of JPEG 2000 files, and gives them to the module.
#include "decode/jpeg2000.h"

#include <algorithm>
#include <limits>

#include "decode/embedded_profile.h"
#include "decode/jpeg2000_header.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"jp2", "j2k", "j2c", "jpc", "jpf",
                                            "jpx", "jpm", "jph", "jhc"};

// What openjpeg takes at most. Measured, of 2.5: a tile's description 6.5 KB and 1.8 KB a
// component; its samples 4 bytes each, then as bytes or words, beside the picture; what it keeps of
// a block 420 bytes, of a precinct 400.
uint64_t DecodeBytes(const Jpeg2000Header& header, uint64_t file_bytes) {
  constexpr uint64_t kMostPixels = uint64_t{1} << 40;  // more are refused anyway
  const auto components = uint64_t(header.components);
  const uint64_t sample = header.bits > 8 ? 2 : 1;
  const uint64_t pixels = std::min(uint64_t(header.width) * uint64_t(header.height), kMostPixels);
  const uint64_t tile = std::min(header.tile_width * header.tile_height, kMostPixels);
  const uint64_t parts =
      std::min(header.blocks, kMostPixels) * 512 + std::min(header.precincts, kMostPixels) * 512;
  const uint64_t descriptions = std::min(header.tiles, kMostPixels) * (6656 + components * 1800);
  return components * (pixels * sample + tile * (4 + 2 * sample) + parts) + descriptions +
         file_bytes + (uint64_t{4} << 20);
}

Result<PictureInfo> ProbeJpeg2000(std::span<const uint8_t> bytes) {
  const Result<Jpeg2000Header> header = ReadJpeg2000Header(bytes);
  if (!header) return Failed(header);
  constexpr int64_t kLargestSide = std::numeric_limits<int32_t>::max();
  PictureInfo info;
  info.width = int(std::min(header->width, kLargestSide));
  info.height = int(std::min(header->height, kLargestSide));
  info.bits = header->bits;
  info.has_inks = header->colors == Jpeg2000Colors::kCmyk && header->components == 4;
  // As Pillow: two and four components are grey and RGB with alpha, whatever the file calls them.
  info.has_alpha = header->components % 2 == 0 && !info.has_inks;
  info.channels = header->components < 3 ? 1 : 3;
  info.has_profile = header->has_profile;
  info.decode_bytes = DecodeBytes(*header, bytes.size());
  return info;
}

bool KeepsHighByte(const PictureInfo& info) { return info.channels == 1 && !info.has_alpha; }

Result<void> Ready() { return ReadyIfThere(kJpeg2000Format); }

std::unique_ptr<PictureDecoder> Make() { return std::make_unique<ModuleDecoder>(kJpeg2000Format); }

}  // namespace

constinit const ModuleFormat kJpeg2000Format = {
    {"imnorm_jpeg2000.so", "imnorm_jpeg2000_api", "reads JPEG 2000", "IMNORM_BUILD_JPEG2000_MODULE",
     "imnorm-formats"},
    "JPEG 2000",
    "opj_decompress of OpenJPEG",
    KeepsHighByte,
    "",
    ProbeJpeg2000,
    ApiOf<kJpeg2000Format>};

constinit const Codec kJpeg2000Codec = {
    .name = "jpeg2000",
    .extensions = kExtensions,
    .recognises = IsJpeg2000,
    .probe = ProbeJpeg2000,
    .make = Make,
    .version = nullptr,
    .always_upright = false,
    .ready = Ready,
    .asks_for_memory = false,
    .module = &kJpeg2000Format,
    .profile = Jpeg2000Profile,
};

}  // namespace imnorm
