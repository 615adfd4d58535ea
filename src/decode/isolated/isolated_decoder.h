// Decodes pictures in a process that has given up everything else.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "decode/isolated/decoding_process.h"
#include "decode/memory_share.h"
#include "imnorm/decode.h"

namespace imnorm {

// As Decoder, whose answers it gives. The process is begun with the first picture, and anew after
// one that it died of.
//
// Threads:  one
class IsolatedDecoder {
 public:
  // Errors:   as Decoder::Decode; kCrashed: the process died of the picture, was ended by the
  //           filter, or answers nonsense
  Result<DecodeReport> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                              RowConsumer& consumer, MemoryShare& share);

 private:
  class Talk;

  std::unique_ptr<DecodingProcess> process_;
  bool busy_ = false;  // with a picture that an exception ended
};

}  // namespace imnorm
