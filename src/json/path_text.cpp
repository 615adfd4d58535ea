// Paths in JSON: base64 for what is no UTF-8.
#include "json/path_text.h"

#include <cstdint>

namespace imnorm {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string Base64(std::string_view bytes) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? uint8_t(bytes[i + j]) : 0);
    }
    for (size_t j = 0; j < 4; ++j) {
      const bool padding = i + j > bytes.size();
      out.push_back(padding ? '=' : kBase64[group >> (18 - 6 * j) & 63]);
    }
  }
  return out;
}

bool FromBase64(std::string_view whole, std::string* bytes) {
  std::string_view text = whole;
  bytes->clear();
  uint32_t group = 0;
  int bits = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (char c : text) {
    const size_t digit = kBase64.find(c);
    if (digit == std::string_view::npos) return false;
    group = group << 6 | uint32_t(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes->push_back(char(group >> bits & 255));
  }
  return Base64(*bytes) == whole;  // neither padding nor bits that stand for nothing
}

}  // namespace imnorm
