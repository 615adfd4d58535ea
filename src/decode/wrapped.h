// What stands in the place of a picture: a compressed one, a pointer to one, a page that tells of
// an error, a picture as text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace imnorm {

// What bytes that no codec recognises are, and what brings the picture; "" where they are none of
// these. At most some kilobytes are looked at.
std::string WhatIsWrapped(std::span<const uint8_t> bytes);

// The file's name without the ending of a compressor: "a.jpg" of "a.jpg.gz"; "" where it has none.
std::string_view NameInside(std::string_view path);

}  // namespace imnorm
