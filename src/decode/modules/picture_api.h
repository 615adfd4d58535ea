// What the modules of picture formats and the library say to each other: plain C types, so that
// their libraries are loaded only for a file of theirs. One entry function a module gives one of
// these; TIFF has a language of its own (tiff_api.h).
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Raised whenever a structure below changes; the loader refuses another number.
inline constexpr int kImnormPictureApi = 2;

inline constexpr size_t kImnormPictureErrorBytes = 256;

// Takes the next `count` rows, interleaved, samples of 16 bits in native byte order.
//
// Returns whether to stop. Long work between two bands asks with a count of 0.
typedef int (*ImnormPictureRows)(void* user, const uint8_t* rows, size_t stride_bytes,
                                 uint32_t count);

// A file, what its headers say, and what is wanted of it. A file that turns out to be of another
// size or kind is damaged.
struct ImnormPictureRequest {
  const uint8_t* bytes;
  size_t size;
  uint32_t width;
  uint32_t height;
  int colors;            // 1: grey, 3: RGB, 4: CMYK, where 255 is no ink
  int alpha;             // whether alpha follows the colours
  int bits;              // of the samples wanted: 8 or 16
  uint64_t frame;        // of a sequence, from 0
  int of_sequence;       // whether a frame is asked for, and not the picture that stands for all
  size_t bytes_at_most;  // what the picture may take, where the library lets one say so
  ImnormPictureRows rows;
  void* user;
};

// What decode returns; other than success and stopped it writes a reason into error, which is
// kImnormPictureErrorBytes long.
enum ImnormPictureOutcome {
  kImnormPictureGood = 0,
  kImnormPictureDamaged = 1,
  kImnormPictureUnread = 2,
  kImnormPictureStopped = 3,
  kImnormPictureTooLarge = 4,
  kImnormPictureNoMemory = 5  // the system gave none
};

struct ImnormPictureApi {
  int api;
  const char* library;  // "openjpeg"
  const char* version;
  int (*decode)(const struct ImnormPictureRequest* request, char* error);
};

typedef const struct ImnormPictureApi* (*ImnormPictureEntry)();

}  // extern "C"
