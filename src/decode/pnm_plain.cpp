// Reads the numbers of plain netpbm files.
#include "decode/pnm_plain.h"

#include <fmt/format.h>

namespace imnorm {
namespace {

constexpr int kMostDigits = 10;

bool IsSpace(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

int PnmPlainSamples::Next() {
  while (at_ < text_.size()) {
    const uint8_t c = text_[at_++];
    if (c != '#') return c;
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    if (at_ < text_.size()) ++at_;
  }
  return -1;
}

Result<void> PnmPlainSamples::Read(uint16_t* out, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    int c = Next();
    while (IsSpace(c)) c = Next();
    if (c < 0) return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
    int64_t value = 0;
    for (int digits = 0; c >= 0 && !IsSpace(c); ++digits) {
      if (c < '0' || c > '9' || digits == kMostDigits) {
        return Fail(ErrorCode::kCorrupt, "a sample that is no number");
      }
      value = value * 10 + (c - '0');
      if (bitmap_) break;
      c = Next();
    }
    if (value > maxval_) {
      return Fail(ErrorCode::kCorrupt,
                  fmt::format("a sample beyond the largest value of {}", maxval_));
    }
    out[i] = uint16_t(value);
  }
  return {};
}

}  // namespace imnorm
