// The zlib stream in a PNG's IDAT chunks -> bytes, checked.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/png/header.h"
#include "decode/png/inflate.h"

namespace imnorm::png {

// Inflates one stream after another, piece by piece, so that memory stays what it is for files of
// any size.
class Stream {
 public:
  // Begins with the stream of a file.
  Reason Start(const Header& header);

  // As Inflate::Run, but never kInputSpent; sums what it appended.
  Inflate::Status Run(uint8_t*& out, uint8_t* limit, const uint8_t* oldest);

  // After kDone: whether the stream ended where its chunks do, with the right sum.
  Reason Finish();

 private:
  void Feed();

  static constexpr size_t kPieceBytes = size_t{1} << 15;
  static constexpr size_t kSumBytes = 4;

  Inflate inflate_;
  DataReader reader_;
  size_t left_ = 0;  // deflated bytes that no piece has had
  size_t held_ = 0;  // bytes of the piece
  uint32_t sum_ = 1;
  uint8_t piece_[kPieceBytes + Inflate::kInputSlack] = {};
};

}  // namespace imnorm::png
