// What a file is, from its first bytes and its headers alone.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "imnorm/error.h"

namespace imnorm {

// What the headers of a picture say.
struct PictureInfo {
  std::string_view format;  // "jpeg", "png", ...; static text
  int width = 0;            // as stored, before orientation
  int height = 0;
  int channels = 0;  // what DecodeChannels::kNative delivers, without alpha
  int bits = 8;      // of a stored sample, or of a palette's index
  bool has_alpha = false;
  bool has_palette = false;  // samples are indices of colours
  bool has_inks = false;     // CMYK or YCCK, which becomes RGB
  bool progressive = false;  // rows come in several passes: progressive JPEG, interlaced PNG
  int orientation = 1;       // EXIF 1..8
  bool has_profile = false;  // an ICC profile stands in it, which nothing here applies
  // What decoding it takes at most beside some rows, where that grows with the picture.
  uint64_t decode_bytes = 0;
  uint64_t frames = 1;  // pages, frames of an animation, or pictures behind the first
};

// Reads the headers of a picture in memory.
//
// Rules:    no pixel is decoded and no module is loaded, so a picture that is told of here may yet
//           turn out damaged, or be of a kind that Decoder refuses. Every picture that Decoder
//           reads is told of
// Errors:   kCorrupt, kUnsupported
Result<PictureInfo> Probe(std::span<const uint8_t> bytes);

// The name of the format that bytes begin with, empty where it is none that is read (16 bytes are
// enough).
std::string_view SniffFormat(std::span<const uint8_t> bytes);

// Whether a file's name ends in an extension that pictures have, read or not.
bool HasPictureExtension(std::string_view name);

}  // namespace imnorm
