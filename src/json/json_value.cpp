// Writes what the JSON library holds, whatever bytes its strings have.
#include "json/json_value.h"

#include <nlohmann/json.hpp>

#include "json/path_text.h"

namespace imnorm {

std::string JsonText(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void AddPath(std::string_view path, nlohmann::ordered_json& row) {
  row["path"] = path;
  if (!IsUtf8(path)) row["path_b64"] = Base64(path);
}

std::string PathOf(const nlohmann::ordered_json& row) {
  std::string path;
  const auto encoded = row.find("path_b64");
  if (encoded != row.end() && encoded->is_string() &&
      FromBase64(encoded->get<std::string>(), &path)) {
    return path;
  }
  const auto plain = row.find("path");
  return plain != row.end() && plain->is_string() ? plain->get<std::string>() : "";
}

}  // namespace imnorm
