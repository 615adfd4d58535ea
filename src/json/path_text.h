// Paths in JSON: any bytes, where JSON takes only UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "json/utf8.h"  // IWYU pragma: export

namespace imnorm {

// base64 (RFC 4648) with padding.
std::string Base64(std::string_view bytes);

// The inverse; false where `text` is not base64.
bool FromBase64(std::string_view text, std::string* bytes);

}  // namespace imnorm
