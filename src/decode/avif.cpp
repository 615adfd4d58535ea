// Tells of AVIF files, and gives them to the module.
#include "decode/avif.h"

#include <algorithm>
#include <limits>

#include "decode/embedded_profile.h"
#include "decode/iso_picture.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"avif", "avifs"};

Result<PictureInfo> ProbeAvif(std::span<const uint8_t> bytes) {
  const Result<IsoPicture> picture = ReadIsoPicture(bytes);
  if (!picture) return Failed(picture);
  constexpr uint32_t kLargestSide = std::numeric_limits<int32_t>::max();
  PictureInfo info;
  info.width = int(std::min(picture->width, kLargestSide));
  info.height = int(std::min(picture->height, kLargestSide));
  // A crop that the file proposes is not done in Pillow.
  info.channels = picture->is_gray ? 1 : 3;
  info.bits = picture->bits;
  info.has_alpha = picture->has_alpha;
  info.orientation = picture->orientation;
  info.has_profile = picture->has_profile;
  info.frames = picture->frames;
  // Planes of words where there are more than 8 bits, of up to four pictures that the decoder
  // keeps, the alpha plane's likewise, and the picture (libavif 0.11 with dav1d 1.0, measured).
  const uint64_t pixels = uint64_t(info.width) * uint64_t(info.height);
  const uint64_t sample = info.bits > 8 ? 2 : 1;
  const uint64_t planes = (picture->is_grid ? 6 : 3) + (info.has_alpha ? 3 : 0);
  info.decode_bytes =
      pixels * sample * (2 * planes + (info.has_alpha ? 4 : 3)) + bytes.size() + (24 << 20);
  return info;
}

// All frames are of the size and kind of the picture that stands for them.
Result<PictureInfo> ProbeFrame(std::span<const uint8_t> bytes, uint64_t) {
  return ProbeAvif(bytes);
}

// libavif makes 8 bits of more by rounding.
bool KeepsHighByte(const PictureInfo&) { return false; }

Result<void> Ready() { return ReadyIfThere(kAvifFormat); }

std::unique_ptr<PictureDecoder> Make() { return std::make_unique<ModuleDecoder>(kAvifFormat); }

}  // namespace

constinit const ModuleFormat kAvifFormat = {{"imnorm_avif.so", "imnorm_avif_api", "reads AVIF",
                                             "IMNORM_BUILD_AVIF_MODULE", "imnorm-formats", true},
                                            "AVIF",
                                            "avifdec of libavif",
                                            KeepsHighByte,
                                            "an animated AVIF: its first frame is read",
                                            ProbeAvif,
                                            ApiOf<kAvifFormat>};

constinit const Codec kAvifCodec = {
    .name = "avif",
    .extensions = kExtensions,
    .recognises = IsAvif,
    .probe = ProbeAvif,
    .make = Make,
    .version = nullptr,
    .always_upright = false,
    .ready = Ready,
    .asks_for_memory = false,
    .module = &kAvifFormat,
    .probe_frame = ProbeFrame,
    .profile = IsoProfile,
};

}  // namespace imnorm
