// What libjpeg-turbo makes of a file: the judge of our own decoder. And files made by it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imnorm/image.h"

namespace imnorm::jpeg_judge {

// A whole file through libjpeg-turbo, with its defaults.
struct Verdict {
  bool sound = false;  // no error up to and including the end, and no warning but harmless ones
  bool noted = false;  // sound, but with a harmless warning or without its last scans: the note is
                       // libjpeg's to give
  Image picture;       // RGB, where sound
};
Verdict Judge(std::span<const uint8_t> bytes);

// The scans of a progressive file.
enum class Scans {
  kUsual,    // libjpeg's own script
  kSplit,    // luma in two bands, refined as one; chroma at once: as mozjpeg does
  kDeep,     // three refinements of everything
  kBands,    // no refinement
  kDcApart,  // a DC scan a component
  kLate,     // bands refined by themselves, in pieces, one after the other
};
inline constexpr Scans kAllScans[] = {Scans::kUsual, Scans::kSplit,   Scans::kDeep,
                                      Scans::kBands, Scans::kDcApart, Scans::kLate};

// How a test picture is encoded.
struct Recipe {
  int width = 16;
  int height = 16;
  int components = 3;  // 1: grey
  int h = 1;           // sampling factors of the first component
  int v = 1;
  int quality = 90;
  bool baseline = true;  // quantisation factors of at most 8 bits
  int restart_interval = 0;
  bool optimize = false;
  bool progressive = false;
  Scans scans = Scans::kUsual;
  bool arithmetic = false;
  bool rgb = false;  // stored as RGB, with an Adobe marker
  uint32_t seed = 1;
  int noise = 24;     // amplitude of noise over a smooth picture
  bool flat = false;  // one colour, but for a dot in the last corner
};

// A test picture, made and encoded.
std::vector<uint8_t> Encode(const Recipe& recipe);

}  // namespace imnorm::jpeg_judge
