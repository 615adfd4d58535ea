// A TIFF in memory as libtiff sees it: no file, no messages on stderr, bounded allocations.
#pragma once

#include <tiffio.h>

#include <cstdint>

#include "decode/modules/tiff_api.h"

// What any one buffer may take, libtiff's own included; a strip is rarely above a megabyte.
inline constexpr tmsize_t kMaxTiffAllocation = tmsize_t(1) << 30;

// The file, and the first thing that went wrong with it.
struct TiffFile {
  const uint8_t* bytes = nullptr;
  toff_t size = 0;
  toff_t at = 0;
  TIFF* tiff = nullptr;
  ImnormTiffInfo info = {};
  bool foreign = false;  // strips and tiles are not libtiff's to decode
  bool failed = false;
  bool ends_by_mark = false;  // the Group 4 block that is read next: see EndsByMark
  char reason[kImnormTiffErrorBytes] = {};

  TiffFile() = default;
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  // Opens bytes and reads a directory, 0: the first, into info; false with a reason where there is
  // none.
  bool Open(uint64_t directory);
};

// A tag's value, or its default, or `otherwise`.
template <typename T>
T TiffField(TIFF* tiff, uint32_t tag, T otherwise) {
  T value = otherwise;
  return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : otherwise;
}
