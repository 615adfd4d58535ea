// Finds, adds, changes and drops segments of JPEG files.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace imnorm::jpeg_judge {

using File = std::vector<uint8_t>;

inline size_t SegmentSize(const File& file, size_t at) {
  return 2 + size_t(file[at + 2] << 8 | file[at + 3]);
}

// Offset of the first segment of a kind (of its FF), up to the first scan header.
inline size_t Find(const File& file, uint8_t marker) {
  for (size_t at = 2; file[at + 1] != 0xda || marker == 0xda; at += SegmentSize(file, at)) {
    if (file[at + 1] == marker) return at;
  }
  FAIL("no such segment");
  return 0;
}

// Offset of the marker behind the entropy-coded data of the scan whose header stands at `at`.
inline size_t EndOfScan(const File& file, size_t at) {
  at += SegmentSize(file, at);
  while (file[at] != 0xff || file[at + 1] == 0 || (file[at + 1] >= 0xd0 && file[at + 1] <= 0xd7)) {
    ++at;
  }
  return at;
}

// Offset of the n-th scan header.
inline size_t FindScan(const File& file, int n) {
  size_t at = Find(file, 0xda);
  for (; n > 0; --n) {
    at = EndOfScan(file, at);
    while (file[at + 1] != 0xda) {
      REQUIRE(file[at + 1] != 0xd9);
      at += SegmentSize(file, at);
    }
  }
  return at;
}

inline void Insert(File& file, size_t at, const File& bytes) {
  file.insert(file.begin() + ptrdiff_t(at), bytes.begin(), bytes.end());
}

inline void Erase(File& file, size_t begin, size_t end) {
  file.erase(file.begin() + ptrdiff_t(begin), file.begin() + ptrdiff_t(end));
}

inline void Drop(File& file, uint8_t marker) {
  const size_t at = Find(file, marker);
  Erase(file, at, at + SegmentSize(file, at));
}

// A segment of a kind with this body.
inline File Segment(uint8_t marker, const std::string& body) {
  const size_t length = body.size() + 2;
  File bytes{0xff, marker, uint8_t(length >> 8), uint8_t(length)};
  for (const char c : body) bytes.push_back(uint8_t(c));
  return bytes;
}

}  // namespace imnorm::jpeg_judge
