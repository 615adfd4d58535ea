// BitSource: pieces of a scan are unstuffed behind what is left of the piece before.
#include "decode/jpeg/bit_source.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "decode/jpeg/unstuff.h"

namespace imnorm::jpeg {
namespace {

// Enough that moving the rest to the front costs little, little enough to stay in L2.
constexpr size_t kPiece = 32768;
// A refilled buffer holds what may be read even if every data byte was stuffed.
static_assert(kPiece / 2 >= BitSource::kMostAhead);

constexpr uint8_t kRst0 = 0xd0;

}  // namespace

void BitSource::Start(std::span<const uint8_t> bytes, size_t begin, int restart_interval) {
  if (buffer_.empty()) buffer_.resize(ahead_ + kPiece + std::max(ahead_, kUnstuffSlack));
  bytes_ = bytes;
  read_ = begin;
  restart_interval_ = restart_interval;
  next_restart_ = 0;
  BeginInterval();
}

void BitSource::BeginInterval() {
  left_ = restart_interval_ > 0 ? restart_interval_ : std::numeric_limits<int64_t>::max();
  filled_ = 0;
  interval_ends_ = false;
  position_ = {buffer_.data(), 0};
}

void BitSource::ReadOn() {
  const size_t used = size_t(position_.bit >> 3);
  std::memmove(buffer_.data(), buffer_.data() + used, filled_ - used);
  filled_ -= used;
  position_.bit &= 7;
  const size_t piece = std::min(kPiece, bytes_.size() - read_);
  const Unstuffed copied = Unstuff(bytes_.data() + read_, piece, buffer_.data() + filled_);
  read_ += copied.read;
  filled_ += copied.written;
  interval_ends_ = copied.at_marker || piece < kPiece;
}

Reason BitSource::EndInterval() {
  Refill();  // its last bytes may not be in the buffer yet
  const uint64_t left = 8 * uint64_t(filled_) - position_.bit;
  if (!interval_ends_ || left >= 8) return "bits left over";
  if (left > 0) {
    const uint8_t padding = uint8_t((1u << left) - 1);
    if ((buffer_[filled_ - 1] & padding) != padding) return "padding that is not ones";
  }
  // What stands at read_ is a marker, or the file ends there.
  if (bytes_.size() - read_ < 2) return "no end of image";
  return {};
}

Reason BitSource::NextInterval() {
  if (const Reason reason = EndInterval(); !reason.empty()) return reason;
  if (bytes_[read_ + 1] != kRst0 + next_restart_) return "restart marker missing";
  read_ += 2;
  next_restart_ = (next_restart_ + 1) % 8;
  BeginInterval();
  return {};
}

Reason BitSource::Finish(size_t& end) {
  end = read_;
  if (const Reason reason = EndInterval(); !reason.empty()) return reason;
  end = read_;
  return {};
}

}  // namespace imnorm::jpeg
