// Our own JPEG decoder: libjpeg-turbo's bytes at twice its speed and more, or no answer at all.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "imnorm/rows.h"
#include "imnorm/stop.h"

namespace imnorm::jpeg {

// Decodes sound baseline and progressive files; leaves everything else, damage included, to
// libjpeg-turbo.
//
// Threads:  one Decoder a thread; buffers and tables are kept between pictures
class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // How a file ended.
  struct Outcome {
    bool done = false;  // every row was delivered and the file is sound
    std::string_view
        fallback;           // static text, why not; then decode with libjpeg-turbo from the start
    Result<void> consumer;  // an error of the consumer's Begin, or kCancelled: no fallback
  };

  // Decodes a file into a consumer.
  //
  // Shapes:   channels is 3 (RGB) or 1 (Y as Pillow's convert("L") makes it of the RGB picture; a
  //           grey file's own samples); the consumer's window limits IDCT, upsampling and colour,
  //           entropy decoding always runs to the end
  // Numbers:  the bytes of libjpeg-turbo's JDCT_ISLOW with fancy upsampling, on every CPU
  // Errors:   kCancelled, where `stop` says so between two rows of blocks
  Outcome Decode(std::span<const uint8_t> bytes, int channels, int64_t max_pixels,
                 RowConsumer& consumer, const Stop& stop = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace imnorm::jpeg
