// The orientation a picture's metadata asks for, found without any codec.
#pragma once

#include <cstdint>
#include <span>

namespace imnorm {

// The orientation (tag 0x0112) of a TIFF structure, with or without "Exif\0\0" in front; 1 where
// there is none or it makes no sense; of the directory at an offset, 0: of the first.
//
// Source:   Pillow's Image.Exif.load and ImageFileDirectory_v2.load
int TiffOrientation(std::span<const uint8_t> tiff, uint64_t directory = 0);

// The value of a tag of one number in a TIFF structure; 0 where there is none.
uint64_t TiffTagNumber(std::span<const uint8_t> tiff, int tag);

}  // namespace imnorm
