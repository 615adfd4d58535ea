// Every decoder, header parser and row converter on arbitrary bytes.
//
// Shapes:   the last byte of the input chooses the options, the rest is the file
// Rules:    whatever is delivered must lie inside what Begin announced, each row once and in order

#include <cstdint>
#include <cstdlib>
#include <span>

#include "imnorm/decode.h"

namespace {

// Reads every byte it is given and checks the rows' order.
class CheckingConsumer : public imnorm::RowConsumer {
 public:
  explicit CheckingConsumer(bool window) : window_(window) {}

  imnorm::Result<imnorm::Rect> Begin(const imnorm::ImageInfo& info) override {
    if (info.width < 1 || info.height < 1 || info.channels < 1) std::abort();
    info_ = info;
    rect_ = {0, 0, info.width, info.height};
    if (window_) {
      rect_ = {info.width / 3, info.height / 3, (info.width + 2) / 3, (info.height + 2) / 3};
    }
    next_ = rect_.y;
    return rect_;
  }

  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    if (y != next_ || count < 1 || y + count > rect_.y + rect_.height) std::abort();
    next_ = y + count;
    const size_t bytes =
        size_t(rect_.width) * size_t(info_.channels) * imnorm::ElementBytes(info_.type);
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      for (size_t b = 0; b < bytes; ++b) sum_ += rows[b];
    }
  }

  void Finish() const {
    if (next_ != rect_.y + rect_.height) std::abort();
  }

  uint64_t sum() const { return sum_; }

 private:
  bool window_;
  imnorm::ImageInfo info_;
  imnorm::Rect rect_;
  int next_ = 0;
  uint64_t sum_ = 0;
};

imnorm::DecodeOptions OptionsOf(uint8_t choice) {
  imnorm::DecodeOptions options;
  options.apply_exif = (choice & 1) != 0;
  options.depth = (choice & 2) != 0 ? 16 : 8;
  options.alpha = imnorm::AlphaPolicy(((choice >> 2) & 3) % 3);
  options.channels = imnorm::DecodeChannels(((choice >> 4) & 3) % 3);
  // The fourth of three.
  options.icc = ((choice >> 4) & 3) == 3 ? imnorm::IccPolicy::kSrgb : imnorm::IccPolicy::kIgnore;
  options.jpeg = (choice & 64) != 0 ? imnorm::JpegDecoder::kTurbo : imnorm::JpegDecoder::kAuto;
  options.png = (choice & 64) != 0 ? imnorm::PngDecoder::kSpng : imnorm::PngDecoder::kAuto;
  if (((choice >> 4) & 3) == 3) options.frame = choice & 3;
  // Small, so that a run is about parsers and not about filling memory.
  options.max_pixels = 1 << 18;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static imnorm::Decoder decoder;
  if (size == 0) return 0;
  const uint8_t choice = data[size - 1];
  CheckingConsumer consumer((choice & 128) != 0);
  const auto report = decoder.Decode(std::span(data, size - 1), OptionsOf(choice), consumer);
  if (report) consumer.Finish();
  static volatile uint64_t sink;
  sink = sink + consumer.sum();
  return 0;
}
