// The one way out for JSON that the library's values hold.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace imnorm {

// The text of a value, in one line or, with an indent, over lines.
//
// Rules:    bytes that are no UTF-8, as paths may hold, become the replacement character
std::string JsonText(const nlohmann::ordered_json& json, int indent = -1);

// A path as the members "path" and, where it is no UTF-8, "path_b64".
void AddPath(std::string_view path, nlohmann::ordered_json& row);

// The path that AddPath put into a row: empty where there is none.
std::string PathOf(const nlohmann::ordered_json& row);

}  // namespace imnorm
