#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "imnorm/plan.h"

namespace imnorm::cli {

int RunPresets(const Arguments& arguments, Console& console) {
  if (!arguments.preset_name.empty()) {
    const auto plan = PresetPlan(arguments.preset_name);
    if (!plan) return FailWith(plan.error(), console);
    return PrintAnswer(PlanToJson(*plan), kExitDone, console);
  }
  const auto presets = ListPresets();
  size_t width = 0;
  for (const PresetInfo& preset : presets) width = std::max(width, preset.name.size());
  std::string table;
  for (const PresetInfo& preset : presets) {
    table += fmt::format("{:<{}}  {}\n", preset.name, width, preset.summary);
  }
  return PrintAnswer(table, kExitDone, console);
}

}  // namespace imnorm::cli
