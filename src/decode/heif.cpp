// Tells of HEIF files, and gives them to the module.
#include "decode/heif.h"

#include <algorithm>
#include <limits>

#include "decode/embedded_profile.h"
#include "decode/iso_picture.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"heic", "heif", "hif", "heics", "heifs"};

Result<PictureInfo> ProbeHeif(std::span<const uint8_t> bytes) {
  const Result<IsoPicture> picture = ReadIsoPicture(bytes);
  if (!picture) return Failed(picture);
  constexpr uint32_t kLargestSide = std::numeric_limits<int32_t>::max();
  PictureInfo info;
  // Cropped and upright, as libheif gives it; EXIF's orientation is not asked, as its writers want.
  info.width = int(std::min(picture->shown_width, kLargestSide));
  info.height = int(std::min(picture->shown_height, kLargestSide));
  info.channels = picture->is_gray ? 1 : 3;
  info.bits = picture->bits;
  info.has_alpha = picture->has_alpha;
  info.has_profile = picture->has_profile;
  info.frames = picture->frames;
  // Planes of the picture as it is decoded, turned and converted, its alpha's, and the picture
  // (libheif 1.15 with libde265 1.0, measured).
  const uint64_t pixels = std::max(uint64_t(info.width) * uint64_t(info.height),
                                   uint64_t(picture->width) * uint64_t(picture->height));
  const uint64_t sample = info.bits > 8 ? 2 : 1;
  info.decode_bytes = pixels * sample * (info.has_alpha ? 18 : 13) + 2 * bytes.size() + (24 << 20);
  return info;
}

// libheif makes 8 bits of more.
bool KeepsHighByte(const PictureInfo&) { return false; }

Result<void> Ready() { return ReadyIfThere(kHeifFormat); }

std::unique_ptr<PictureDecoder> Make() { return std::make_unique<ModuleDecoder>(kHeifFormat); }

}  // namespace

constinit const ModuleFormat kHeifFormat = {{"imnorm_heif.so", "imnorm_heif_api", "reads HEIC",
                                             "IMNORM_BUILD_HEIF_MODULE", "imnorm-formats", true},
                                            "HEIC",
                                            "heif-convert of libheif",
                                            KeepsHighByte,
                                            "a sequence of HEIF: its first picture is read",
                                            ProbeHeif,
                                            ApiOf<kHeifFormat>};

constinit const Codec kHeifCodec = {
    .name = "heif",
    .extensions = kExtensions,
    .recognises = IsHeif,
    .probe = ProbeHeif,
    .make = Make,
    .version = nullptr,
    .always_upright = false,
    .ready = Ready,
    .asks_for_memory = false,
    .module = &kHeifFormat,
    .profile = IsoProfile,
};

}  // namespace imnorm
