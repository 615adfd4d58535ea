#include "decode/pnm_header.h"

#include <fmt/format.h>

namespace imnorm {
namespace {

bool IsSpace(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

class Tokens {
 public:
  explicit Tokens(std::span<const uint8_t> bytes, size_t at) : bytes_(bytes), at_(at) {}

  // The next number, and the one character after it.
  Result<int64_t> Next() {
    SkipSpace();
    int64_t value = 0;
    size_t digits = 0;
    for (; at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9'; ++at_, ++digits) {
      // Ten digits, as in Pillow: no picture has longer sides.
      if (digits == 10) return Broken();
      value = value * 10 + (bytes_[at_] - '0');
    }
    if (digits == 0 || at_ >= bytes_.size() || !IsSpace(bytes_[at_])) return Broken();
    ++at_;
    return value;
  }

  size_t offset() const { return at_; }

 private:
  static tl::unexpected<Error> Broken() {
    return Fail(ErrorCode::kCorrupt, "the header is cut off or holds no numbers");
  }

  void SkipSpace() {
    while (at_ < bytes_.size()) {
      if (bytes_[at_] == '#') {
        while (at_ < bytes_.size() && bytes_[at_] != '\n' && bytes_[at_] != '\r') ++at_;
      } else if (!IsSpace(bytes_[at_])) {
        return;
      } else {
        ++at_;
      }
    }
  }

  std::span<const uint8_t> bytes_;
  size_t at_;
};

}  // namespace

Result<PnmHeader> ParsePnmHeader(std::span<const uint8_t> bytes) {
  PnmHeader header;
  header.kind = bytes[1] - '0';
  Tokens tokens(bytes, 2);
  const Result<int64_t> width = tokens.Next();
  if (!width) return tl::unexpected<Error>(width.error());
  const Result<int64_t> height = tokens.Next();
  if (!height) return tl::unexpected<Error>(height.error());
  header.width = *width;
  header.height = *height;
  if (!header.bitmap()) {
    const Result<int64_t> maxval = tokens.Next();
    if (!maxval) return tl::unexpected<Error>(maxval.error());
    if (*maxval < 1 || *maxval > 65535) {
      return Fail(ErrorCode::kCorrupt, fmt::format("a largest sample value of {}", *maxval));
    }
    header.maxval = int(*maxval);
  }
  header.pixel_offset = tokens.offset();
  return header;
}

}  // namespace imnorm
