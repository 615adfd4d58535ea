// Paths in JSON: any bytes, where JSON takes only UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace imnorm {

// True where `text` is well-formed UTF-8.
bool IsUtf8(std::string_view text);

// base64 (RFC 4648) with padding.
std::string Base64(std::string_view bytes);

// The inverse; false where `text` is not base64.
bool FromBase64(std::string_view text, std::string* bytes);

}  // namespace imnorm
