// The checksums of a TIFF's Deflate strips, which libtiff does not always look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

// Whether a zlib stream inflates to its end, its checksum holds, and it gives at most `limit`
// bytes.
//
// Rules:    a stream that just stops counts as whole: libtiff then sees whether rows are missing;
//           so does one of which `stops`, asked about every megabyte, did not want to know more
bool IsSoundDeflate(std::span<const uint8_t> stream, size_t limit,
                    const std::function<bool()>& stops);
