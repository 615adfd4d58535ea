// What a JPEG's markers say before its first scan, found without any codec.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace imnorm {

struct JpegHeader {
  int width = 0;
  int height = 0;
  int components = 0;
  int bits = 0;
  bool progressive = false;
  bool one_scan = true;  // the first has all components, so that no other has to be waited for
  uint64_t coefficient_bytes = 0;  // of all of them, at two bytes each
  int orientation = 1;
  bool has_profile = false;
  uint64_t pictures = 1;  // more stand behind the first where a multi-picture index (MPF) says so
  uint64_t index_at = 0;  // of that index, a TIFF structure
  uint64_t index_bytes = 0;
};

// Walks a JPEG's markers up to the first scan.
//
// Rules:    the first APP1 that begins with "Exif\0" counts, as in Pillow; others, also a flood of
//           them, cost one step each. Nothing is judged here: that is the decoder's work.
JpegHeader ScanJpeg(std::span<const uint8_t> bytes);

// Picture `number` of a file of several (MPO), from 0, up to the end of the file; empty where its
// index has none, or leads nowhere.
std::span<const uint8_t> PictureOfJpeg(std::span<const uint8_t> bytes, uint64_t number);

// The segments before the first scan that hold parts of an ICC profile, as they stand; each has at
// least its 14 bytes of heading.
std::vector<std::span<const uint8_t>> JpegProfileParts(std::span<const uint8_t> bytes);

}  // namespace imnorm
