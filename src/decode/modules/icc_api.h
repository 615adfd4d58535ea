// What the ICC module and the library say to each other: plain C types, so that Little CMS is
// loaded only where colours are to be converted.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Raised whenever a structure below changes; the loader refuses another number.
inline constexpr int kImnormIccApi = 1;

inline constexpr size_t kImnormIccErrorBytes = 256;

enum ImnormIccOutcome {
  kImnormIccGood = 0,
  kImnormIccDamaged = 1,  // or it is for other pictures; the reason is in error
  kImnormIccNoMemory = 2  // the system gave none
};

struct ImnormIccApi {
  int api;
  const char* library;  // "Little CMS"
  const char* version;
  // Prepares a way from the samples of a profile to sRGB. `colors`: 1 grey, 3 RGB, 4 CMYK, where
  // 255 is all ink.
  int (*open)(const uint8_t* profile, size_t size, int colors, void** transform, char* error);
  // Samples of 8 bits, interleaved, to RGB; they do not overlap.
  void (*apply)(void* transform, const uint8_t* in, uint8_t* out, uint32_t pixels);
  void (*close)(void* transform);
};

typedef const struct ImnormIccApi* (*ImnormIccEntry)();

}  // extern "C"
