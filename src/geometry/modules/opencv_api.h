// What the OpenCV module and the library say to each other: plain C types, because the library must
// not be linked to OpenCV, which only a plan with OpenCV's own resize needs.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Raised whenever a structure below changes; the loader refuses another number.
inline constexpr int kImnormOpencvApi = 3;

inline constexpr size_t kImnormOpencvErrorBytes = 256;

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

// resize returns 0, or writes a reason into error (kImnormOpencvErrorBytes long) and returns 1. It
// leaves what OpenCV keeps for the whole process as it is.
struct ImnormOpencvApi {
  int api;
  int (*resize)(const ImnormOpencvPlane* in, const ImnormOpencvPlane* out, int interpolation,
                char* error);
  // Makes OpenCV silent and single-threaded in the whole process, for good.
  void (*own_process)();
};

typedef const ImnormOpencvApi* (*ImnormOpencvEntry)();

// The name of the module's only exported function, of type ImnormOpencvEntry.
#define IMNORM_OPENCV_ENTRY "imnorm_opencv_api"

}  // extern "C"
