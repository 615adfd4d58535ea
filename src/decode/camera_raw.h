// Camera raw files, most of which are TIFFs that begin with a thumbnail: told from pictures.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "decode/tiff_directory.h"
#include "imnorm/error.h"

namespace imnorm {

// The kind of camera raw that a file's name ends in, "NEF" for "a/b.nef"; empty for other names.
std::string CameraRawOfName(std::string_view path);

// The kind of camera raw that a TIFF is; empty where it is a picture.
//
// Rules:    a DNG version, Canon's mark, samples behind a colour filter in the first directory or
//           below it, or a first directory that is a thumbnail of what SubIFDs hold
// Source:   DNG 1.7; TIFF/EP (ISO 12234-2)
std::string CameraRawOfTiff(const TiffDirectory& directory, std::span<const uint8_t> tiff);

// What to say of a camera raw file.
tl::unexpected<Error> RefuseCameraRaw(const std::string& kind);

}  // namespace imnorm
