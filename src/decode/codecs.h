// The list of picture formats that are read.
#pragma once

#include <cstdint>
#include <span>

#include "decode/codec.h"

namespace imnorm {

std::span<const Codec* const> Codecs();

// The codec that recognises a file, or null.
const Codec* CodecOf(std::span<const uint8_t> bytes);

}  // namespace imnorm
