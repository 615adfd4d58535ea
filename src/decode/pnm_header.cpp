// Reads the headers of the netpbm formats.
#include "decode/pnm_header.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

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

  // The next word, and the one character after it; empty where there is none.
  std::string_view Word() {
    SkipSpace();
    const size_t first = at_;
    while (at_ < bytes_.size() && !IsSpace(bytes_[at_])) ++at_;
    const std::string_view word(reinterpret_cast<const char*>(bytes_.data()) + first, at_ - first);
    if (at_ < bytes_.size()) ++at_;
    return word;
  }

  // Leaves the rest of the line.
  void SkipLine() {
    while (at_ > 0 && at_ < bytes_.size() && bytes_[at_ - 1] != '\n') ++at_;
  }

  size_t offset() const { return at_; }

  static tl::unexpected<Error> Broken() {
    return Fail(ErrorCode::kCorrupt, "the header is cut off or holds no numbers");
  }

 private:
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

Result<void> CheckMaxval(int64_t maxval) {
  if (maxval >= 1 && maxval <= 65535) return {};
  return Fail(ErrorCode::kCorrupt, fmt::format("a largest sample value of {}", maxval));
}

// The lines of a PAM's header.
Result<void> ParsePam(Tokens& tokens, PnmHeader& header) {
  int64_t depth = 0;
  int64_t maxval = 0;
  for (;;) {
    const std::string_view word = tokens.Word();
    if (word == "ENDHDR") break;
    if (word.empty()) return Tokens::Broken();
    if (word == "TUPLTYPE") {  // says what the depth says; several lines are one
      tokens.SkipLine();
      continue;
    }
    int64_t* field = word == "WIDTH"    ? &header.width
                     : word == "HEIGHT" ? &header.height
                     : word == "DEPTH"  ? &depth
                     : word == "MAXVAL" ? &maxval
                                        : nullptr;
    if (field == nullptr) return Tokens::Broken();
    const Result<int64_t> value = tokens.Next();
    if (!value) return Failed(value);
    *field = *value;
  }
  if (auto allowed = CheckMaxval(maxval); !allowed) return allowed;
  if (depth < 1) return Tokens::Broken();
  if (depth > 4) {
    return Fail(ErrorCode::kUnsupported, fmt::format("a PAM of {} channels", depth));
  }
  header.maxval = int(maxval);
  header.channels = int(depth);
  header.has_alpha = depth % 2 == 0;
  return {};
}

// A PFM's scale: its sign is the order of the bytes, its size means nothing to readers.
Result<void> ParseScale(Tokens& tokens, PnmHeader& header) {
  const std::string word(tokens.Word());
  char* end = nullptr;
  const double scale = std::strtod(word.c_str(), &end);
  if (word.empty() || *end != '\0' || scale == 0 || !std::isfinite(scale)) return Tokens::Broken();
  header.little_endian = scale < 0;
  return {};
}

}  // namespace

Result<PnmHeader> ParsePnmHeader(std::span<const uint8_t> bytes) {
  PnmHeader header;
  header.kind = char(bytes[1]);
  Tokens tokens(bytes, 2);
  if (header.kind == '7') {
    if (auto read = ParsePam(tokens, header); !read) return Failed(read);
    header.pixel_offset = tokens.offset();
    return header;
  }
  if (header.kind == '3' || header.kind == '6' || header.kind == 'F') header.channels = 3;
  for (int64_t* side : {&header.width, &header.height}) {
    const Result<int64_t> value = tokens.Next();
    if (!value) return Failed(value);
    *side = *value;
  }
  if (header.floats()) {
    if (auto read = ParseScale(tokens, header); !read) return Failed(read);
  } else if (!header.bitmap()) {
    const Result<int64_t> maxval = tokens.Next();
    if (!maxval) return Failed(maxval);
    if (auto allowed = CheckMaxval(*maxval); !allowed) {
      return Failed(allowed);
    }
    header.maxval = int(*maxval);
  }
  header.pixel_offset = tokens.offset();
  return header;
}

}  // namespace imnorm
