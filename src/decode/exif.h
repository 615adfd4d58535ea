// The orientation a picture's metadata asks for, found without any codec.
#pragma once

#include <cstdint>
#include <span>

#include "imnorm/decode.h"

namespace imnorm {

// What the markers of a JPEG say before its first scan.
struct JpegHeader {
  int width = 0;
  int height = 0;
  int components = 0;
  bool progressive = false;
  int orientation = 1;
  uint64_t pictures = 1;  // more stand behind the first where a multi-picture index (MPF) says so
};

// Walks a JPEG's markers up to the first scan.
//
// Rules:    the first APP1 that begins with "Exif\0" counts, as in Pillow; others, also a flood of
//           them, cost one step each. Nothing is judged here: that is the decoder's work.
JpegHeader ScanJpeg(std::span<const uint8_t> bytes);

// The orientation (tag 0x0112) of a TIFF structure, with or without "Exif\0\0" in front; 1 where
// there is none or it makes no sense.
//
// Source:   Pillow's Image.Exif.load and ImageFileDirectory_v2.load
int TiffOrientation(std::span<const uint8_t> tiff);

// The orientation of a whole file of the given format, 1..8.
int FindOrientation(Format format, std::span<const uint8_t> bytes);

}  // namespace imnorm
