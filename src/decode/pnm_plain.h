// The samples of plain netpbm files (P1 to P3): numbers as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "imnorm/error.h"

namespace imnorm {

// Reads samples one after another.
//
// Rules:    a comment and its line's end vanish, so that what stands on both sides is one token;
// the
//           samples of P1 need no space between them; a token has at most 10 characters
// Errors:   kCorrupt: the text ends early, is no number, or a sample is beyond the largest value
// Source:   Pillow 13.0, PpmImagePlugin.PpmPlainDecoder
class PnmPlainSamples {
 public:
  PnmPlainSamples(std::span<const uint8_t> text, bool bitmap, int maxval)
      : text_(text), bitmap_(bitmap), maxval_(maxval) {}

  Result<void> Read(uint16_t* out, size_t count);

 private:
  int Next();  // the next character outside of comments; -1 at the end

  std::span<const uint8_t> text_;
  size_t at_ = 0;
  bool bitmap_;
  int maxval_;
};

}  // namespace imnorm
