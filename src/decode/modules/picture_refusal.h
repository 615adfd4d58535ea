// How a module of a picture format says why a file is not delivered.
#pragma once

#include <cstdio>
#include <exception>
#include <new>

#include "decode/modules/picture_api.h"

inline int RefusePicture(char* error, const char* reason, int outcome = kImnormPictureDamaged) {
  std::snprintf(error, kImnormPictureErrorBytes, "%.*s", int(kImnormPictureErrorBytes) - 1, reason);
  return outcome;
}

// Runs `decode`, which returns an ImnormPictureOutcome; no exception leaves a module.
template <typename Decode>
int GuardedPicture(char* error, Decode decode) {
  try {
    return decode();
  } catch (const std::bad_alloc&) {
    return RefusePicture(error, "no memory", kImnormPictureNoMemory);
  } catch (const std::exception& e) {
    return RefusePicture(error, e.what());
  }
}
