// The one way in for JSON that somebody else wrote: bounded, and with one meaning.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "imnorm/error.h"

namespace imnorm {

struct JsonLimits {
  size_t bytes = size_t(16) << 20;
  // Deep enough for every known document (8), far from any stack's end: who walks or prints the
  // result may recurse.
  int depth = 32;
};

// Parses a document that may be wrong or hostile; a byte order mark in front is passed over.
//
// Rules:    Document is nlohmann::json or, where the order of members matters, ordered_json
// Errors:   kCorrupt: not JSON, a key given twice in one object (of which the library would keep
//           one and the next reader the other), too deep, too large; with line and column, both
//           from 1 and in bytes
template <typename Document>
Result<Document> ParseGuarded(std::string_view text, const JsonLimits& limits = {});

extern template Result<nlohmann::json> ParseGuarded(std::string_view, const JsonLimits&);
extern template Result<nlohmann::ordered_json> ParseGuarded(std::string_view, const JsonLimits&);

}  // namespace imnorm
