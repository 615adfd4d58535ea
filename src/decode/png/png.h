// Our own PNG decoder: libspng's bytes at a fifth of its time, or no answer at all.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "decode/png/header.h"
#include "imnorm/decode.h"
#include "imnorm/rows.h"

namespace imnorm::png {

// Decodes sound files; leaves everything else, damage included, to libspng.
//
// Threads:  one SoundDecoder a thread; buffers are kept between pictures
class SoundDecoder {
 public:
  SoundDecoder();
  ~SoundDecoder();
  SoundDecoder(const SoundDecoder&) = delete;
  SoundDecoder& operator=(const SoundDecoder&) = delete;

  // How a file ended.
  struct Outcome {
    bool done = false;      // every row was delivered and the file is sound
    Reason fallback;        // why not; then decode with libspng from the start
    Result<void> consumer;  // an error of the consumer's Begin, or kCancelled: no fallback
  };

  // Decodes a file into a consumer; where it is done, fills in the report's notes.
  //
  // Rules:    done only if every chunk up to an empty IEND is in its place with the right checksum,
  //           the stream gives the picture's bytes and no more, ends where its chunks do with the
  //           right sum, and its filters and indices exist. What was delivered before a fallback is
  //           void
  Outcome Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                 RowConsumer& consumer, DecodeReport& report);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace imnorm::png
