// ICC profiles of arbitrary bytes: what they say of themselves, and colours brought to sRGB by
// them.
//
// Shapes:   the last byte of the input chooses the samples, the rest is the profile

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "decode/icc_profile.h"
#include "decode/to_srgb.h"
#include "imnorm/decode.h"

namespace {

constexpr int kWidth = 32;
constexpr int kHeight = 5;

// Takes rows of the size that was announced.
class Counter : public imnorm::RowConsumer {
 public:
  imnorm::Result<imnorm::Rect> Begin(const imnorm::ImageInfo& info) override {
    channels = info.channels;
    return imnorm::Rect{0, 0, info.width, info.height};
  }
  void Rows(const uint8_t* rows, size_t stride_bytes, int, int count) override {
    for (int y = 0; y < count; ++y, rows += stride_bytes) {
      for (int i = 0; i < kWidth * channels; ++i) sum += rows[i];
    }
    next += count;
  }

  int channels = 0;
  int next = 0;
  uint64_t sum = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t choice = data[size - 1];
  const std::span<const uint8_t> profile(data, size - 1);
  static volatile uint64_t sink;
  sink = sink + uint64_t(imnorm::KindOfIcc(profile)) + imnorm::NameOfIcc(profile).size();

  imnorm::PictureInfo picture;
  picture.has_inks = (choice & 3) == 3;
  picture.channels = (choice & 3) == 1 ? 1 : 3;
  imnorm::DecodeOptions options;
  options.icc = imnorm::IccPolicy::kSrgb;
  options.alpha = imnorm::AlphaPolicy((choice >> 2 & 3) % 3);
  options.channels =
      (choice & 16) != 0 ? imnorm::DecodeChannels::kGray : imnorm::DecodeChannels::kRgb;
  imnorm::SrgbConverter converter;
  Counter counter;
  if (!converter.Reset(profile, picture, options, counter)) return 0;
  imnorm::ImageInfo info;
  info.width = info.full_width = kWidth;
  info.height = info.full_height = kHeight;
  info.has_alpha = options.alpha != imnorm::AlphaPolicy::kDrop && !picture.has_inks;
  info.channels = 3 + (info.has_alpha || picture.has_inks ? 1 : 0);
  if (!converter.Begin(info)) std::abort();
  std::array<uint8_t, kWidth * 4 * kHeight> rows;
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = uint8_t(i * 7);
  converter.Rows(rows.data(), kWidth * size_t(info.channels), 0, kHeight);
  if (counter.next != kHeight) std::abort();
  sink = sink + counter.sum;
  return 0;
}
