// Reads the chunks of a QOI file: each is a pixel, or a run of the last one.
//
// Source:   the specification, qoiformat.org
#include "decode/qoi.h"

#include <algorithm>
#include <limits>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr std::string_view kExtensions[] = {"qoi"};
constexpr uint64_t kHeader = 14;
constexpr int kWithAlpha = 4;

using Pixel = std::array<uint8_t, 4>;

// Pixels out of chunks.
class Chunks {
 public:
  explicit Chunks(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  // The next pixel; false where the chunks end before it.
  bool Next(Pixel& pixel) {
    if (run_ > 0) {
      --run_;
    } else if (!Read()) {
      return false;
    }
    pixel = last_;
    return true;
  }

 private:
  bool Read() {
    constexpr uint8_t kRgb = 0xfe;
    constexpr uint8_t kRgba = 0xff;
    if (at_ >= bytes_.size()) return false;
    const uint8_t tag = bytes_[at_++];
    if (tag == kRgb || tag == kRgba) {
      const size_t samples = tag == kRgb ? 3 : 4;
      if (bytes_.size() - at_ < samples) return false;
      std::copy_n(bytes_.data() + at_, samples, last_.data());
      at_ += samples;
    } else if (!ReadSmall(tag)) {
      return false;
    }
    seen_[size_t(last_[0] * 3 + last_[1] * 5 + last_[2] * 7 + last_[3] * 11) % seen_.size()] =
        last_;
    return true;
  }

  bool ReadSmall(uint8_t tag) {
    const int low = tag & 63;
    switch (tag >> 6) {
      case 0:
        last_ = seen_[size_t(low)];
        return true;
      case 1:
        Add((low >> 4) - 2, (low >> 2 & 3) - 2, (low & 3) - 2);
        return true;
      case 2: {
        if (at_ >= bytes_.size()) return false;
        const uint8_t others = bytes_[at_++];
        const int green = low - 32;
        Add(green + (others >> 4) - 8, green, green + (others & 15) - 8);
        return true;
      }
      default:
        run_ = low;  // beside this one
        return true;
    }
  }

  void Add(int red, int green, int blue) {
    last_[0] = uint8_t(last_[0] + red);
    last_[1] = uint8_t(last_[1] + green);
    last_[2] = uint8_t(last_[2] + blue);
  }

  std::span<const uint8_t> bytes_;
  size_t at_ = kHeader;
  int run_ = 0;
  Pixel last_ = {0, 0, 0, 255};
  std::array<Pixel, 64> seen_ = {};
};

bool Recognises(std::span<const uint8_t> bytes) { return StartsWith(bytes, "qoif"); }

Result<PictureInfo> ProbeQoi(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  if (!view.Has(0, kHeader)) {
    return Fail(ErrorCode::kCorrupt, "the file ends before its header does");
  }
  constexpr uint32_t kLargestSide = std::numeric_limits<int32_t>::max();
  const int channels = view.U8(12);
  if (channels != 3 && channels != kWithAlpha) {
    return Fail(ErrorCode::kCorrupt, "its header says neither 3 nor 4 channels");
  }
  PictureInfo info;
  info.width = int(std::min(view.U32(4), kLargestSide));
  info.height = int(std::min(view.U32(8), kLargestSide));
  if (info.width == 0 || info.height == 0) return NoPixels(info.width, info.height);
  info.channels = 3;
  info.has_alpha = channels == kWithAlpha;
  return info;
}

}  // namespace

Result<void> QoiDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                RowConsumer& consumer, DecodeReport& report) {
  const Result<PictureInfo> info = ProbeQoi(bytes);
  if (!info) return Failed(info);
  if (auto size = CheckSize(info->width, info->height, options); !size) return size;
  const SourceInfo source{info->width, info->height,
                          info->has_alpha ? PixelKind::kRgba : PixelKind::kRgb};
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  const size_t samples = info->has_alpha ? 4 : 3;
  row_.resize(source.stride_bytes());
  Chunks chunks(bytes);
  Pixel pixel;
  for (int y = 0; y < info->height; ++y) {
    for (auto out = row_.begin(); out != row_.end(); out += std::ptrdiff_t(samples)) {
      if (!chunks.Next(pixel)) {
        return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
      }
      std::copy_n(pixel.begin(), samples, out);
    }
    if (!delivery_.Rows(row_.data(), row_.size(), 1)) return Stopped();
  }
  if (info->has_alpha && options.alpha == AlphaPolicy::kDrop) report.Say(NoteKind::kAlphaDropped);
  return {};
}

constinit const Codec kQoiCodec = {
    "qoi", kExtensions, Recognises, ProbeQoi, MakeDecoder<QoiDecoder>, nullptr};

}  // namespace imnorm
