// The records of a tar: POSIX's ustar, with a pax record where a name or a size is too long for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace imnorm {

inline constexpr size_t kTarBlock = 512;

// What stands in front of a regular file's bytes.
std::string TarHeader(std::string_view name, uint64_t bytes);

// The zeros between the end of so many bytes and the next record.
inline size_t TarPadding(uint64_t bytes) { return (kTarBlock - bytes % kTarBlock) % kTarBlock; }

inline constexpr size_t kTarEnd = 2 * kTarBlock;  // zeros behind the last record

}  // namespace imnorm
