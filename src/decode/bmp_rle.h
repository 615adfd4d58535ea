// The run-length codings of BMP as a stream of palette indices.
#pragma once

#include <cstdint>
#include <span>

namespace imnorm {

// Reads RLE8 or RLE4 from the first row on, in the file's order of rows; may be copied to go on
// from the same place later.
//
// Rules:    a run that would cross the end of its row is cut there, literal pixels and skips go on
//           in the next; skipped pixels are index 0; an end of line at a row's start adds none
// Source:   Pillow 13.0, BmpImagePlugin.BmpRleDecoder
class BmpRleReader {
 public:
  // `data` is the whole file, since padding follows offsets from its start; the codes begin at
  // `offset`.
  BmpRleReader(std::span<const uint8_t> data, uint64_t offset, int64_t width, bool four_bits)
      : data_(data), at_(size_t(offset)), width_(width), four_bits_(four_bits) {}

  // The next `count` indices; false where the data, or the bitmap that they hold, end before.
  bool Read(uint8_t* out, int64_t count);
  // The same, without the indices.
  bool Skip(int64_t count) { return Read(nullptr, count); }

 private:
  enum class Pending { kNone, kRun, kLiteral };

  bool NextCode();
  bool ReadLiteral(uint8_t* out, int64_t count);
  void BeginRun(int64_t count, uint8_t even, uint8_t odd);

  std::span<const uint8_t> data_;
  size_t at_;
  int64_t width_;
  bool four_bits_;
  int64_t x_ = 0;       // as the codes count it: a literal may carry it past the width
  int64_t column_ = 0;  // of the next index
  Pending pending_ = Pending::kNone;
  int64_t left_ = 0;           // of what is pending
  int64_t taken_ = 0;          // of it
  uint8_t value_[2] = {0, 0};  // a run's indices, in turn
};

}  // namespace imnorm
