// Reads RLE8 and RLE4 code by code.
#include "decode/bmp_rle.h"

#include <algorithm>
#include <cstring>

namespace imnorm {

void BmpRleReader::BeginRun(int64_t count, uint8_t even, uint8_t odd) {
  pending_ = Pending::kRun;
  left_ = count;
  taken_ = 0;
  value_[0] = even;
  value_[1] = odd;
}

// Reads one code; false at the end of the data or of the bitmap.
bool BmpRleReader::NextCode() {
  if (data_.size() < 2 || at_ > data_.size() - 2) return false;
  const uint8_t count = data_[at_];
  const uint8_t value = data_[at_ + 1];
  at_ += 2;
  if (count != 0) {
    const int64_t fits = std::clamp<int64_t>(width_ - x_, 0, count);
    x_ += fits;
    if (four_bits_) {
      BeginRun(fits, value >> 4, value & 15);
    } else {
      BeginRun(fits, value, value);
    }
    return true;
  }
  switch (value) {
    case 0:  // end of line
      BeginRun(column_ == 0 ? 0 : width_ - column_, 0, 0);
      x_ = 0;
      return true;
    case 1:  // end of bitmap
      return false;
    case 2: {  // a step to the right and up
      if (at_ > data_.size() - 2) return false;
      BeginRun(data_[at_] + data_[at_ + 1] * width_, 0, 0);
      at_ += 2;
      x_ = (column_ + left_) % width_;
      return true;
    }
    default:
      pending_ = Pending::kLiteral;
      left_ = value;
      taken_ = 0;
      x_ += value;
      return true;
  }
}

bool BmpRleReader::ReadLiteral(uint8_t* out, int64_t count) {
  if (four_bits_) {
    for (int64_t i = 0; i < count; ++i) {
      const int64_t index = taken_ + i;
      const size_t at = at_ + size_t(index / 2);
      if (at >= data_.size()) return false;
      if (out != nullptr) out[i] = index % 2 == 0 ? data_[at] >> 4 : data_[at] & 15;
    }
  } else {
    const size_t at = at_ + size_t(taken_);
    if (at > data_.size() || size_t(count) > data_.size() - at) return false;
    if (out != nullptr) std::memcpy(out, data_.data() + at, size_t(count));
  }
  if (left_ == count) {
    at_ += size_t(four_bits_ ? (taken_ + count + 1) / 2 : taken_ + count);
    at_ += at_ % 2;
  }
  return true;
}

bool BmpRleReader::Read(uint8_t* out, int64_t count) {
  while (count > 0) {
    if (left_ == 0) {
      if (!NextCode()) return false;
      continue;
    }
    const int64_t step = std::min(left_, count);
    if (pending_ == Pending::kLiteral) {
      if (!ReadLiteral(out, step)) return false;
    } else if (out != nullptr) {
      if (value_[0] == value_[1]) {
        std::memset(out, value_[0], size_t(step));
      } else {
        for (int64_t i = 0; i < step; ++i) out[i] = value_[(taken_ + i) % 2];
      }
    }
    taken_ += step;
    left_ -= step;
    count -= step;
    column_ = (column_ + step) % width_;
    if (out != nullptr) out += step;
  }
  return true;
}

}  // namespace imnorm
