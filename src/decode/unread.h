// Picture formats that this build does not read: recognised, named, and refused with a way out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "imnorm/error.h"

namespace imnorm {

// Says what bytes that no codec recognises hold: "HEIC", "AVIF", "text"... or "" where nothing is
// known.
std::string NameOfUnread(std::span<const uint8_t> bytes);

// Whether NameOfUnread's answer is the name of a picture format: HEIC is, a text or archive is not.
bool IsUnreadPicture(std::string_view name);

// The picture format that a file's name ends in, "HEIC" for "a/b.HEIC"; empty where the extension
// is of no format, or of one that is read.
std::string_view UnreadPictureOfName(std::string_view path);

// What to say of a format that is not read.
tl::unexpected<Error> RefuseUnread(std::string_view name);

// What to say of bytes that no codec recognises.
tl::unexpected<Error> RefuseUnknown(std::span<const uint8_t> bytes);

}  // namespace imnorm
