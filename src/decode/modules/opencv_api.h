// What the OpenCV module and the library say to each other: plain C types, because the library must
// not be linked to OpenCV, whose 138 shared objects take 80 ms to load.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Raised whenever a structure below changes; the loader refuses another number.
inline constexpr int kImnormOpencvApi = 1;

inline constexpr size_t kImnormOpencvErrorBytes = 256;

// A picture that OpenCV decoded; freed by release.
struct ImnormOpencvPicture {
  int width;
  int height;
  int channels;      // 1, 3 (RGB) or 4 (RGBA)
  int sample_bytes;  // 1 or 2
  const uint8_t* data;
  size_t stride_bytes;
  void* owner;
};

// One side of a resize.
struct ImnormOpencvPlane {
  int width;
  int height;
  int channels;
  int sample_bytes;  // 1 or 2; 4 is float
  uint8_t* data;     // dense rows
};

enum ImnormOpencvInterpolation {
  kImnormOpencvNearest,
  kImnormOpencvLinear,
  kImnormOpencvCubic,
  kImnormOpencvArea,
  kImnormOpencvLanczos4,
};

// Functions return 0, or write a reason into error (kImnormOpencvErrorBytes long) and return 1.
struct ImnormOpencvApi {
  int api;
  const char* opencv_version;
  // as_stored keeps bit depth, grey and alpha; else the picture comes as 8-bit RGB.
  int (*decode)(const uint8_t* bytes, size_t size, int as_stored, ImnormOpencvPicture* picture,
                char* error);
  void (*release)(ImnormOpencvPicture* picture);
  int (*resize)(const ImnormOpencvPlane* in, const ImnormOpencvPlane* out, int interpolation,
                char* error);
};

typedef const ImnormOpencvApi* (*ImnormOpencvEntry)();

// The name of the module's only exported function, of type ImnormOpencvEntry.
#define IMNORM_OPENCV_ENTRY "imnorm_opencv_api"

}  // extern "C"
