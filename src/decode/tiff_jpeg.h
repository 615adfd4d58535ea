// What the JPEGs inside a TIFF say of themselves, read without libtiff.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "decode/tiff_directory.h"
#include "imnorm/error.h"

namespace imnorm {

// The kind of JPEG in a file's first strip or tile, where it is one that is sound and not read;
// otherwise empty.
std::string UnreadJpegInside(const TiffDirectory& directory, std::span<const uint8_t> tiff);

// Refuses a JPEG that has fewer rows or columns than the picture has in its strip or tile.
//
// Rules:    libtiff warns of it and leaves what is missing as it finds it. A JPEG whose frame is
// not
//           found is left to libtiff's own verdict.
// Errors:   kCorrupt
Result<void> CheckJpegFrames(const TiffDirectory& directory, std::span<const uint8_t> tiff);

}  // namespace imnorm
