// Pictures that are written for people, as JPEGs.
#pragma once

#include <cstdint>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/image.h"

namespace imnorm {

// An 8-bit grey or RGB picture as a JPEG, without subsampling: captions stay sharp.
//
// Units:    quality 1..100, as libjpeg's
// Errors:   kTooLarge: sides beyond 65500, not enough memory
Result<std::vector<uint8_t>> EncodeJpeg(const Image& image, int quality);

}  // namespace imnorm
