// The last step of every decoder: rows of whatever a codec produced -> rows of the consumer's
// window in the form that the options ask for.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decode/pixels.h"
#include "imnorm/decode.h"
#include "imnorm/error.h"
#include "imnorm/rows.h"

namespace imnorm {

// What a codec is about to produce.
struct SourceInfo {
  int width = 0;
  int height = 0;
  PixelKind kind = PixelKind::kRgb;
  ElementType type = ElementType::kU8;
  int bands = 0;       // kBands only
  int full_width = 0;  // where the codec reduces the picture
  int full_height = 0;
  std::optional<double> nodata = {};  // see ImageInfo
  bool reduced = false;               // already by the codec

  int channels() const { return kind == PixelKind::kBands ? bands : ChannelsOf(kind); }
  size_t stride_bytes() const { return size_t(width) * size_t(channels()) * ElementBytes(type); }
};

// Converts, cuts to the window and hands on; copies nothing where nothing is to be converted.
//
// Threads:  one picture after another, one thread; the buffers are kept
class Delivery {
 public:
  // Announces the picture to the consumer.
  //
  // Errors:   kUnsupported: bands or floats where a colour picture was asked for; and the
  // consumer's
  Result<void> Begin(const SourceInfo& source, const DecodeOptions& options, RowConsumer& consumer);

  // Takes the next `count` rows, whole ones, top to bottom; false: the run is to end, deliver no
  // more and return Stopped().
  [[nodiscard]] bool Rows(const uint8_t* rows, size_t stride_bytes, int count);

  const Rect& window() const { return window_; }

 private:
  bool stopped() const { return stop_(); }
  void ConvertOne(const uint8_t* in, uint8_t* out);

  SourceInfo source_;
  PixelTarget target_;
  RowConsumer* consumer_ = nullptr;
  Stop stop_;
  Rect window_;
  int next_row_ = 0;
  size_t out_stride_ = 0;
  bool as_is_ = false;   // the consumer reads the codec's own rows
  bool narrow_ = false;  // 16-bit samples lose their low byte first
  std::vector<uint8_t> band_;
  std::vector<uint8_t> narrowed_;
};

// What a decoder returns that was told to end.
tl::unexpected<Error> Stopped();

// What to say of a header without pixels.
tl::unexpected<Error> NoPixels(int64_t width, int64_t height);

// Refuses pictures that are too large, or have no pixels, from their header.
//
// Errors:   kTooLarge, kCorrupt
Result<void> CheckSize(int64_t width, int64_t height, const DecodeOptions& options);

// The number of colour channels that options ask of a picture of this kind.
int TargetColors(PixelKind kind, DecodeChannels channels);

}  // namespace imnorm
