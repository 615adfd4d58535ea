// Fields of CSV.
#pragma once

#include <string>
#include <string_view>

namespace imnorm {

// A field in quotes where it needs them (RFC 4180), as UTF-8 whatever its bytes are.
std::string CsvText(std::string_view bytes);

}  // namespace imnorm
