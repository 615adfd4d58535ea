#include "plan/presets.h"

#include "imnorm/plan.h"
#include "plan/words.h"

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
  const std::string nearest = NearestWord(name, names);
  return Fail(ErrorCode::kNotFound,
              "no preset or file \"" + name + "\"" +
                  (nearest.empty() ? std::string(": `imnorm presets` lists the presets")
                                   : ": did you mean \"" + nearest + "\"?"));
}

}  // namespace imnorm
