// Finds presets among those that stand in the binary.
#include "plan/presets.h"

#include <fmt/format.h>

#include "imnorm/plan.h"
#include "imnorm/words.h"
#include "plan/nearest_preset.h"

namespace imnorm {

std::vector<PresetInfo> ListPresets() {
  std::vector<PresetInfo> presets;
  for (const EmbeddedPreset& preset : EmbeddedPresets()) {
    presets.push_back(
        {std::string(preset.name), std::string(preset.summary), std::string(preset.source)});
  }
  return presets;
}

Result<Plan> PresetPlan(const std::string& name) {
  std::vector<std::string> names;
  for (const EmbeddedPreset& preset : EmbeddedPresets()) {
    if (preset.name != name) {
      names.emplace_back(preset.name);
      continue;
    }
    Result<Plan> plan = PlanFromJson(preset.json);
    if (!plan) return Prefixed("preset " + name, plan.error());
    plan->preset = name;
    return plan;
  }
  const std::string missing = "no preset or file \"" + name + "\": ";
  if (const std::string nearest = NearestPreset(name, names); !nearest.empty()) {
    return Fail(ErrorCode::kNotFound, missing + "did you mean \"" + nearest + "\"?");
  }
  const auto beginning = PresetsBeginning(name, names, 8);
  return Fail(ErrorCode::kNotFound,
              missing + (beginning.empty() ? "`imnorm presets` lists the presets"
                                           : fmt::format("presets that begin with it: {}",
                                                         fmt::join(beginning, ", "))));
}

}  // namespace imnorm
