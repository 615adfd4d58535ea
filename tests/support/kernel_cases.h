// What kernel tests share: targets by turns, guarded buffers, random samples.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "kernels/target.h"

namespace imnorm::testing {

// Runs `body(name)` with each usable target forced, then restores the one that was active.
template <typename Body>
void ForEachTarget(const Body& body) {
  const kernels::Target before = kernels::ActiveTarget();
  for (const kernels::Target target : kernels::UsableTargets()) {
    (void)kernels::ForceTarget(kernels::TargetName(target));
    body(kernels::TargetName(target));
  }
  (void)kernels::ForceTarget(kernels::TargetName(before));
}

// xorshift64*: the same samples on every machine.
class Samples {
 public:
  explicit Samples(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
  uint64_t Next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1Du;
  }
  uint8_t Byte() {
    // Extremes often: they are what overflows.
    const uint64_t r = Next() >> 24;
    return (r & 7) == 0 ? 0 : (r & 7) == 1 ? 255 : uint8_t(r >> 8);
  }
  int Below(int n) { return int((Next() >> 33) % uint64_t(n)); }

 private:
  uint64_t state_;
};

// A buffer of exactly `size` bytes on the heap (sanitizers see one byte too far), at `misalign`
// bytes past an alignment of 64, random.
class Input {
 public:
  Input(size_t size, size_t misalign, uint64_t seed) : bytes_(size + 64 + misalign) {
    // The allocation ends where the data ends.
    skip_ = bytes_.size() - size;
    const size_t at = reinterpret_cast<uintptr_t>(bytes_.data()) + skip_;
    skip_ -= (at - misalign) % 64;
    bytes_.resize(skip_ + size);
    bytes_.shrink_to_fit();
    Samples samples(seed);
    for (size_t i = 0; i < size; ++i) bytes_[skip_ + i] = samples.Byte();
  }
  const uint8_t* data() const { return bytes_.data() + skip_; }
  uint8_t* data() { return bytes_.data() + skip_; }

 private:
  std::vector<uint8_t> bytes_;
  size_t skip_ = 0;
};

// An output buffer between guard bytes.
class Output {
 public:
  explicit Output(size_t size, size_t misalign = 0)
      : size_(size), skip_(kGuard + misalign), bytes_(size + 2 * kGuard + misalign, kMark) {}
  uint8_t* data() { return bytes_.data() + skip_; }
  std::vector<uint8_t> values() const {
    return {bytes_.begin() + ptrdiff_t(skip_), bytes_.begin() + ptrdiff_t(skip_ + size_)};
  }
  // True if nothing outside the buffer was written.
  bool GuardsIntact() const {
    for (size_t i = 0; i < bytes_.size(); ++i) {
      if ((i < skip_ || i >= skip_ + size_) && bytes_[i] != kMark) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kGuard = 256;
  static constexpr uint8_t kMark = 0xA5;
  size_t size_;
  size_t skip_;
  std::vector<uint8_t> bytes_;
};

}  // namespace imnorm::testing
