// Our PNG decoder beside libspng, on one file: what a Decoder says of it either way.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "imnorm/decode.h"

namespace imnorm::png_compare {

// What a comparison found: an empty complaint means the same verdict, words and bytes.
struct Comparison {
  bool sound = false;     // a picture came out
  bool own = false;       // from our decoder
  std::string complaint;  // what differs
  std::string fallback;   // why not ours
};
Comparison Compare(Decoder& decoder, std::span<const uint8_t> bytes, DecodeOptions options);

// The n-th of all combinations of what a PNG's pixels can be asked for as.
DecodeOptions OptionsNumber(unsigned n);

}  // namespace imnorm::png_compare
