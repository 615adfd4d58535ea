// What a picture in an ISO base media file says before its data: AVIF and HEIF.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "imnorm/error.h"

namespace imnorm {

// The primary item of a file.
struct IsoPicture {
  uint32_t width = 0;  // as coded
  uint32_t height = 0;
  uint32_t shown_width = 0;  // after the crop and the turns that the file asks for
  uint32_t shown_height = 0;
  int orientation = 1;  // of turn and mirror, as EXIF counts
  int bits = 8;
  bool is_gray = false;
  bool has_alpha = false;
  bool has_profile = false;
  std::span<const uint8_t> profile;
  bool is_grid = false;  // of several coded pictures
  uint64_t frames = 1;
};

// The brand that says what a file is: "avif", "heic", others as they stand ("isom", "crx "); "" of
// bytes that are no ISO base media. A general brand leaves it to those that follow.
std::string_view IsoBrand(std::span<const uint8_t> bytes);

bool IsAvif(std::span<const uint8_t> bytes);
bool IsHeif(std::span<const uint8_t> bytes);

// Errors:   kCorrupt; kUnsupported: there is no single picture in it
Result<IsoPicture> ReadIsoPicture(std::span<const uint8_t> bytes);

}  // namespace imnorm
