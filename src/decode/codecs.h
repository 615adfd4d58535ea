// The list of picture formats that are read.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "decode/codec.h"

namespace imnorm {

std::span<const Codec* const> Codecs();

// The codec that recognises a file, or null.
const Codec* CodecOf(std::span<const uint8_t> bytes);

// Whether a file's name ends as that of another format does than `format`.
bool HasOtherExtension(std::string_view name, std::string_view format);

}  // namespace imnorm
