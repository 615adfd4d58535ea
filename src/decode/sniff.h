// Names for what a file is, when it is not a picture we read.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace imnorm {

// Says what bytes of Format::kUnknown hold: "GIF", "AVIF", ... or "" where nothing is recognised.
std::string NameOfUnread(std::span<const uint8_t> bytes);

}  // namespace imnorm
