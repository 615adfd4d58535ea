// The ICC profile that a file holds, as it stands there.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// Larger ones are refused. What people have ends near 3 MB.
inline constexpr uint64_t kMostProfileBytes = uint64_t{16} << 20;

// Puts the profile of a file of a format into `profile`; empty where there is none. Pages and the
// pictures of an MPO have their own.
//
// Source:   what Pillow 13 gives as info["icc_profile"]; where that is None, for a profile whose
//           parts are not all there, it is damaged
// Errors:   kCorrupt, kTooLarge
Result<void> JpegProfile(std::span<const uint8_t> bytes, uint64_t frame,
                         std::vector<uint8_t>& profile);
Result<void> PngProfile(std::span<const uint8_t> bytes, uint64_t frame,
                        std::vector<uint8_t>& profile);
Result<void> WebpProfile(std::span<const uint8_t> bytes, uint64_t frame,
                         std::vector<uint8_t>& profile);
Result<void> TiffProfile(std::span<const uint8_t> bytes, uint64_t frame,
                         std::vector<uint8_t>& profile);
Result<void> Jpeg2000Profile(std::span<const uint8_t> bytes, uint64_t frame,
                             std::vector<uint8_t>& profile);
Result<void> IsoProfile(std::span<const uint8_t> bytes, uint64_t frame,
                        std::vector<uint8_t>& profile);

}  // namespace imnorm
