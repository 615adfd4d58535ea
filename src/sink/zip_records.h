// The records of a zip of stored members, all of them with 64-bit sizes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imnorm {

struct ZipMember {
  std::string name;
  uint64_t offset = 0;  // of its local header
  uint64_t bytes = 0;
  uint32_t crc = 0;
  bool described_after = false;  // size and checksum stand behind the bytes
};

// What stands in front of a member's bytes. One that is described after them may be written before
// they are known.
//
// Shapes:   at least `reserve` bytes, so that what follows is aligned
std::string ZipLocalHeader(const ZipMember& member, size_t reserve = 0);

// What stands behind the bytes of a member that is described after them.
std::string ZipDescriptor(const ZipMember& member);

// What stands behind all members; `at` is where it begins.
std::string ZipDirectory(const std::vector<ZipMember>& members, uint64_t at);

}  // namespace imnorm
