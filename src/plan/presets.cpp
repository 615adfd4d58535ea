// Finds presets among those that stand in the binary.
#include "plan/presets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "imnorm/plan.h"
#include "imnorm/words.h"
#include "plan/known_names.h"
#include "plan/nearest_preset.h"

namespace imnorm {
namespace {

// The engine that a preset names, without parsing it.
std::string_view EngineIn(std::string_view json) {
  constexpr std::string_view kKey = "\"like\": \"";
  const size_t at = json.find(kKey);
  if (at == std::string_view::npos) return WordOf(Engine::kTorchvision);
  json.remove_prefix(at + kKey.size());
  return json.substr(0, json.find('"'));
}

}  // namespace

std::vector<PresetInfo> ListPresets() {
  std::vector<PresetInfo> presets;
  for (const EmbeddedPreset& preset : EmbeddedPresets()) {
    presets.push_back({std::string(preset.name),
                       fmt::format("{}, like {}", preset.summary, EngineIn(preset.json)),
                       std::string(preset.source)});
  }
  return presets;
}

Result<Plan> PresetPlan(const std::string& name) {
  std::vector<std::string> names;
  for (const EmbeddedPreset& preset : EmbeddedPresets()) {
    if (preset.name != SpeltAlike(name)) {
      names.emplace_back(preset.name);
      continue;
    }
    Result<Plan> plan = PlanFromJson(preset.json);
    if (!plan) return Prefixed("preset " + name, plan.error());
    plan->preset = preset.name;
    return plan;
  }
  if (const auto meanings = MeaningsOf(name); !meanings.empty()) {
    return PlanOfMeanings(name, meanings);
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
