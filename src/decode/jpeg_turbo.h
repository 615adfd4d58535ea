// JPEG through libjpeg-turbo: the judge of every JPEG file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "imnorm/decode.h"
#include "imnorm/error.h"
#include "imnorm/rows.h"

namespace imnorm {

// Decodes with the accurate DCT and fancy upsampling, and says of every file whether it is sound.
//
// Rules:    a picture's outcome is its file's alone: only the row buffer is kept between pictures
// Threads:  one decoder a thread
class TurboDecoder {
 public:
  TurboDecoder();
  ~TurboDecoder();
  TurboDecoder(const TurboDecoder&) = delete;
  TurboDecoder& operator=(const TurboDecoder&) = delete;

  // Decodes one file; fills in the notes.
  //
  // Rules:    damage is any error, the end of the file included, and any warning but the five that
  //           leave the pixels alone (those become notes); the first damage ends the decoding.
  //           A file of several scans that ends before its last: a component without any scan is
  //           damage; coefficients of a progressive file that did not come, or not to their last
  //           bit (libjpeg's coef_bits), make a note
  // Errors:   kCorrupt, kUnsupported (12-bit, lossless, JPEG-LS, hierarchical, DNL, two
  //           components, too many scans), kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// "2.1.5"
const char* TurboVersion();

}  // namespace imnorm
