// What a JPEG XL file says before its frames.
#pragma once

#include <cstdint>
#include <span>

#include "imnorm/error.h"

namespace imnorm {

struct JpegXlHeader {
  int64_t width = 0;  // before orientation
  int64_t height = 0;
  int orientation = 1;
  bool is_gray = false;
  bool is_float = false;
  bool has_alpha = false;
  bool has_profile = false;
  bool is_animated = false;
  int bits = 8;
  int extra_channels = 0;  // alpha is one
};

// Whether bytes begin as a container of JPEG XL or as a bare codestream.
bool IsJpegXl(std::span<const uint8_t> bytes);

// Errors:   kCorrupt
Result<JpegXlHeader> ReadJpegXlHeader(std::span<const uint8_t> bytes);

}  // namespace imnorm
