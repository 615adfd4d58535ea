// What a run hands its rows to: an output format, or a spool that is read back.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// What a run knows of a row beside its elements.
//
// Rules:    a picture may have several rows, which are all of its; then `numbers` say how they are
//           arranged, as many of them as TensorFacts::packed names
struct RowInfo {
  std::string_view key;  // of the input, within its list; empty for a tensor's samples
  int64_t label = -1;    // the number of its class; -1: it has none
  uint64_t index = 0;    // of the input, in the whole list
  int32_t width = 0;     // of the picture as decoded; 0: there is none
  int32_t height = 0;
  uint64_t rows = 1;
  std::array<int64_t, 4> numbers = {};
};

// Consecutive rows, dense.
struct RowBlock {
  uint64_t first = 0;
  uint64_t count = 1;
  const uint8_t* data = nullptr;
  std::span<const RowInfo> infos;  // one a row, or none at all; packed: one, of all of them
  uint64_t picture = 0;            // packed: its number
  bool stands = false;             // an earlier run wrote it, and it was found unharmed

  RowInfo info(uint64_t row) const { return infos.empty() ? RowInfo() : infos[row - first]; }
};

// Rules:    packed are rows of which a picture has several: each block is a picture's. Start comes
//           first, once. Follow is called for every row once and in their order, before
//           its Write, while it is in cache. Where any_order() is false Write comes in order too
// Threads:  Write may be called by several threads if any_order(); the rest by one at a time
class RowWriter {
 public:
  virtual ~RowWriter() = default;

  // Fixes the shape of a row; there will be `most_rows` at most, packed: so many pictures.
  virtual Result<void> Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) = 0;
  virtual Result<void> Follow(const RowBlock& rows) = 0;
  virtual Result<void> Write(const RowBlock& rows) = 0;
  virtual bool any_order() const = 0;
};

}  // namespace imnorm
