// The checksums of a TIFF's Deflate strips, which libtiff does not always look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// Whether a zlib stream inflates to its end, its checksum holds, and it gives at most `limit`
// bytes.
//
// Rules:    a stream that just stops counts as whole: libtiff then sees whether rows are missing
bool IsSoundDeflate(std::span<const uint8_t> stream, size_t limit);
