#include "statistics/names.h"

namespace imnorm {

std::vector<std::string> ChannelNames(const StatsSettings& settings) {
  if (settings.channels == 3 && settings.channel_order == "rgb") return {"red", "green", "blue"};
  if (settings.channels == 3 && settings.channel_order == "bgr") return {"blue", "green", "red"};
  if (settings.channels == 1 && settings.channel_order == "gray") return {"gray"};
  std::vector<std::string> names;
  for (int c = 0; c < settings.channels; ++c) names.push_back(std::to_string(c));
  return names;
}

}  // namespace imnorm
