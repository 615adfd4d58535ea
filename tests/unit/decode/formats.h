// A small file of every format and kind, with what its headers say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "unit/decode/files.h"

namespace imnorm::testing {

inline constexpr int kFormatWidth = 11;
inline constexpr int kFormatHeight = 6;

struct FormatFile {
  std::string told;  // for people
  std::string_view format;
  Bytes bytes;
  int bits = 8;
  bool has_alpha = false;
  bool progressive = false;
  int orientation = 1;
  bool turned = false;  // without being asked
  uint64_t frames = 1;
  bool decodes = true;
};

// All are kFormatWidth x kFormatHeight.
std::vector<FormatFile> FormatFiles();

}  // namespace imnorm::testing
