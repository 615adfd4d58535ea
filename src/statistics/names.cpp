#include "statistics/names.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "json/path_text.h"

namespace imnorm {

std::vector<std::string> ChannelNames(const StatsSettings& settings) {
  if (settings.channels == 3 && settings.channel_order == "rgb") return {"red", "green", "blue"};
  if (settings.channels == 3 && settings.channel_order == "bgr") return {"blue", "green", "red"};
  if (settings.channels == 1 && settings.channel_order == "gray") return {"gray"};
  std::vector<std::string> names;
  for (int c = 0; c < settings.channels; ++c) names.push_back(std::to_string(c));
  return names;
}

std::string CompactPlan(const std::string& plan) {
  const auto json = nlohmann::ordered_json::parse(plan, nullptr, false);
  return json.is_object() ? json.dump() : plan;
}

std::string PrintableName(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    size_t length = std::min<size_t>(4, name.size());
    while (length > 0 && !IsUtf8(name.substr(0, length))) --length;
    if (length == 0) {
      out += fmt::format("\\x{:02x}", uint8_t(name[0]));
      name.remove_prefix(1);
      continue;
    }
    out += name.substr(0, length);
    name.remove_prefix(length);
  }
  return out;
}

}  // namespace imnorm
