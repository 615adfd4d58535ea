// Deflate's prefix codes -> lookup tables, which give up to three literals at once.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::png {

// A lookup takes this many bits of the stream; longer codes go on in a subtable.
inline constexpr int kLiteralBits = 11;
inline constexpr int kDistanceBits = 8;

inline constexpr int kMostLiterals =
    288;  // with the two that the fixed code has and nobody may use
inline constexpr int kMostDistances = 32;

// Main tables with room for every subtable that 15 bits can ask for (zlib's `enough`: 286 codes
// with 11 bits at once take less than 2,400 entries, 30 with 8 less than 500).
inline constexpr size_t kLiteralEntries = (size_t{1} << kLiteralBits) + 512;
inline constexpr size_t kDistanceEntries = (size_t{1} << kDistanceBits) + 512;

// An entry that gives literals: bits 0-5 are the bits of their codes together, 6-7 how many they
// are (1 to 3), 8-31 the literals, the first in the lowest byte.
//
// All others have 0 in bits 6-7: bits 0-5 are the bits of the code with its extra bits, 8-11 those
// of the code alone, 12-27 the base that the extra bits are added to. kSubtable: bits 0-5 are those
// of the main lookup, 8-11 those of the subtable, 12-27 where it begins.
inline constexpr uint32_t kSubtable = 1u << 28;
inline constexpr uint32_t kEndOfBlock = 1u << 29;
inline constexpr uint32_t kInvalid = 1u << 30;

// Builds the table of literals and lengths from the lengths of their codes.
//
// Shapes:   lengths [count], 0..15 each; table [kLiteralEntries]
// Rules:    false for a set that zlib refuses: over-subscribed or incomplete; and for one of a
//           single code, which zlib takes
bool BuildLiteralTable(const uint8_t* lengths, int count, uint32_t* table);

// Builds the table of distances.
//
// Shapes:   lengths [count], 0..15 each; table [kDistanceEntries]
// Rules:    as zlib, a single code of one bit, or none at all, may be incomplete
bool BuildDistanceTable(const uint8_t* lengths, int count, uint32_t* table);

// Builds the table of the code that code lengths are written in: 7 bits at once, an entry is the
// symbol in bits 0-4 and the bits of its code in bits 5-7.
//
// Shapes:   lengths [19], 0..7 each; table [128]
// Rules:    false for an over-subscribed or incomplete set, as zlib
bool BuildLengthTable(const uint8_t* lengths, uint8_t* table);

}  // namespace imnorm::png
