// Byte stuffing: FF 00 in the entropy-coded data stands for FF.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::jpeg {

// Unstuff writes up to this much behind what it reports.
inline constexpr size_t kUnstuffSlack = 64;

struct Unstuffed {
  size_t read = 0;
  size_t written = 0;
  bool at_marker = false;  // in[read] is FF and what follows it is not 0
};

// Copies entropy-coded bytes without the stuffed zeros, up to a marker or the input's end.
//
// Shapes:   out has room for size + kUnstuffSlack bytes
// Rules:    an FF that is the very last byte is not read: what it means comes after it
Unstuffed Unstuff(const uint8_t* in, size_t size, uint8_t* out);

// The offset of the first FF that something else than 0 follows; past size - 2 where there is none.
size_t FindMarker(const uint8_t* in, size_t size);

namespace reference {
size_t FindMarker(const uint8_t* in, size_t size);
Unstuffed Unstuff(const uint8_t* in, size_t size, uint8_t* out);
}  // namespace reference

}  // namespace imnorm::jpeg
