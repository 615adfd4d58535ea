// The entropy-coded bytes of one scan: unstuffed in pieces, restart interval by restart interval.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "decode/jpeg/markers.h"

namespace imnorm::jpeg {

// A place in unstuffed bytes.
struct BitPosition {
  const uint8_t* bytes = nullptr;
  uint64_t bit = 0;
};

// Gives the bits of a scan to those who decode them.
//
// Rules:    memory does not depend on the file. Units are what restart markers count: MCUs, or the
//           blocks of a scan of one component
// Errors:   each function returns a reason
class BitSource {
 public:
  // `ahead`: bytes that the units decoded between two calls of Refill can read at most, sound or
  // not; at most kMostAhead.
  explicit BitSource(size_t ahead) : ahead_(ahead) {}
  static constexpr size_t kMostAhead = 16384;

  // Stands before the first unit. `bytes` must outlive the source.
  void Start(std::span<const uint8_t> bytes, size_t begin, int restart_interval);

  // Units before the next restart marker; NextInterval passes it.
  int64_t left() const { return left_; }
  Reason NextInterval();

  // Makes `ahead` bytes readable at position(). Past the interval's end they are old bytes or
  // zeros, which decide nothing: Use finds that out.
  void Refill() {
    if (!interval_ends_ && filled_ - size_t(position_.bit >> 3) < ahead_) ReadOn();
  }
  BitPosition& position() { return position_; }

  // Counts units that were decoded up to position().
  Reason Use(int64_t units) {
    if (position_.bit > 8 * uint64_t(filled_)) return "entropy-coded data cut short";
    left_ -= units;
    return {};
  }

  // Checks that the last interval ends as it should.
  //
  // Shapes:   end is the offset of the marker that ends it
  Reason Finish(size_t& end);

 private:
  void ReadOn();
  Reason EndInterval();
  void BeginInterval();

  size_t ahead_;
  int restart_interval_ = 0;
  int64_t left_ = 0;
  int next_restart_ = 0;  // 0..7
  std::span<const uint8_t> bytes_;
  size_t read_ = 0;             // of bytes_
  bool interval_ends_ = false;  // all of the interval is in buffer_
  std::vector<uint8_t> buffer_;
  size_t filled_ = 0;  // bytes of buffer_ that are data
  BitPosition position_;
};

}  // namespace imnorm::jpeg
