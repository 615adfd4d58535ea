// Pictures that are written for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/image.h"

namespace imnorm {

// An 8-bit grey or RGB picture as a PNG.
//
// Errors:   kTooLarge: not enough memory
Result<std::vector<uint8_t>> EncodePng(const Image& image);

// The same as a file, under its name once it is whole.
//
// Errors:   those of DurableFile: kBadArgument: it exists
Result<void> WritePng(const Image& image, const std::string& path, bool overwrite);

}  // namespace imnorm
