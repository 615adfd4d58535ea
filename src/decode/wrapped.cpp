// Looks at the first bytes, and of compressed and encoded ones at what is inside.
#include "decode/wrapped.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "imnorm/probe.h"

namespace imnorm {
namespace {

using std::string_view_literals::operator""sv;

constexpr size_t kLookedAt = 4096;

struct Compressor {
  std::string_view magic;
  std::string_view name;
  std::string_view extension;
  std::string_view command;
};

constexpr Compressor kCompressors[] = {
    {"\x1f\x8b", "gzip", ".gz", "gunzip"},
    {"BZh", "bzip2", ".bz2", "bunzip2"},
    {"\xfd\x37zXZ\0"sv, "xz", ".xz", "unxz"},
    {"\x28\xb5\x2f\xfd", "Zstandard", ".zst", "unzstd"},
    {"\x04\x22\x4d\x18", "LZ4", ".lz4", "unlz4"},
};

// The first bytes inside of a gzip file.
std::vector<uint8_t> Unpacked(std::span<const uint8_t> bytes) {
  std::vector<uint8_t> inside(64);
  z_stream stream = {};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return {};
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = uInt(std::min(bytes.size(), kLookedAt));
  stream.next_out = inside.data();
  stream.avail_out = uInt(inside.size());
  inflate(&stream, Z_NO_FLUSH);
  inside.resize(stream.total_out);
  inflateEnd(&stream);
  return inside;
}

int Base64Digit(char c) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (c == '-') return 62;  // as in addresses
  if (c == '_') return 63;
  const size_t at = kDigits.find(c);
  return at == kDigits.npos ? -1 : int(at);
}

// The first bytes that text stands for in base64; none where it is something else.
std::vector<uint8_t> Decoded(std::string_view text) {
  constexpr size_t kEnough = 24;
  std::vector<uint8_t> bytes;
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    if (c == '\n' || c == '\r') continue;
    const int digit = Base64Digit(c);
    if (digit < 0) return c == '=' ? bytes : std::vector<uint8_t>();
    bits = bits << 6 | uint32_t(digit);
    count += 6;
    if (count >= 8) bytes.push_back(uint8_t(bits >> (count -= 8)));
    if (bytes.size() == kEnough) return bytes;
  }
  return bytes;
}

// Whether text begins so, whatever the case of its letters.
bool Begins(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char wanted, char c) {
           return wanted == char(std::tolower(static_cast<unsigned char>(c)));
         });
}

std::string Holding(std::span<const uint8_t> inside) {
  const std::string_view format = SniffFormat(inside);
  return format.empty() ? "" : fmt::format(" of a {} picture", format);
}

std::string WhatTextIs(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(std::min(begin, text.size()));
  if (text.starts_with("version https://git-lfs.github.com/spec/")) {
    return "a Git LFS pointer, not the picture; `git lfs pull` brings what it points to";
  }
  if (text.starts_with("/annex/objects/") || text.starts_with("../.git/annex/objects/")) {
    return "a git-annex pointer, not the picture; `git annex get` brings what it points to";
  }
  if (Begins(text, "<!doctype html") || Begins(text, "<html") || Begins(text, "<head")) {
    return "an HTML page, as of a server's error; download it again";
  }
  if (text.starts_with("data:image/")) {
    return "a picture in a data: address; decode what stands behind its comma with base64 -d";
  }
  // "/wo" are the two bytes that begin a JPEG XL: a path, rather.
  if (const auto inside = Decoded(text.substr(0, kLookedAt));
      !text.starts_with("/wo") && !SniffFormat(inside).empty()) {
    return fmt::format("base64 text{}; decode it with base64 -d", Holding(inside));
  }
  if (text.starts_with('{') && text.find('"') < 16) {
    return "JSON, as of a server's error; download it again";
  }
  return "";
}

}  // namespace

std::string WhatIsWrapped(std::span<const uint8_t> bytes) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                        std::min(bytes.size(), kLookedAt));
  for (const Compressor& compressor : kCompressors) {
    if (!text.starts_with(compressor.magic)) continue;
    const std::string inside = compressor.name == "gzip" ? Holding(Unpacked(bytes)) : "";
    return fmt::format("{} data{}: compressed pictures are not read; unpack it with {}",
                       compressor.name, inside, compressor.command);
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // a byte order mark
  if (std::string what = WhatTextIs(text); !what.empty()) return what;
  if (!text.empty() && text.find_first_not_of('\0') == text.npos) {
    return "only zeros at its begin: a copy or a download that was never filled; get it again";
  }
  return "";
}

std::string_view NameInside(std::string_view path) {
  for (const Compressor& compressor : kCompressors) {
    const size_t length = compressor.extension.size();
    if (path.size() > length && Begins(path.substr(path.size() - length), compressor.extension)) {
      return path.substr(0, path.size() - length);
    }
  }
  return "";
}

}  // namespace imnorm
