// What an ICC profile says of itself, without the library that applies it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace imnorm {

enum class IccKind {
  kDamaged,  // no profile, or not all of it
  kSrgb,     // sRGB's colours and curve to within a level of 8 bits, or in grey that curve
  kOther
};

IccKind KindOfIcc(std::span<const uint8_t> profile);

// "Display P3", as the profile calls itself, ASCII alone; "RGB", "grey" or "CMYK" where it does
// not.
std::string NameOfIcc(std::span<const uint8_t> profile);

// "RGB", "grey", "CMYK" or another space, of whose samples a profile is.
std::string ColorsOfIcc(std::span<const uint8_t> profile);

}  // namespace imnorm
