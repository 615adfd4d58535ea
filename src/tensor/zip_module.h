// What the zip module offers: libarchive behind plain functions, loaded when an .npz is met.
//
// libarchive brings a dozen libraries (libxml2, ICU, libcrypto...) and a millisecond of start-up,
// which is more than all of imnorm's own.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace imnorm {

constexpr int kZipApi = 1;  // raised with every change here

struct ZipFunctions {
  int api;
  void* (*open)(int fd);  // null: out of memory; afterwards error() tells whether it is a zip
  void (*close)(void* zip);
  // 1 and the next member's name, 0 after the last, -1 on damage.
  int (*next)(void* zip, const char** name);
  ssize_t (*read)(void* zip, void* out, size_t bytes);  // -1 on damage
  const char* (*error)(void* zip);                      // null where there was none
};

// The module's entry: `const ZipFunctions* imnorm_zip()`.
constexpr const char* kZipEntry = "imnorm_zip";

}  // namespace imnorm
