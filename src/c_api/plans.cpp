// The C interface to plans and presets.
#include <string>
#include <utility>
#include <vector>

#include "c_api/guard.h"
#include "c_api/plan.h"
#include "imnorm/words.h"

using imnorm::Plan;
using imnorm::Result;
using imnorm::c_api::Guarded;
using imnorm::c_api::HandOver;
using imnorm::c_api::Refuse;

namespace {

imnorm_code HandOverPlan(Result<Plan> plan, imnorm_plan** out) {
  if (!plan) return Refuse(plan.error());
  std::string json = PlanToJson(*plan);
  *out = new imnorm_plan{std::move(*plan), std::move(json)};
  return IMNORM_OK;
}

// Hands the value of a word on to `set`.
template <typename E, typename Set>
Result<void> SetWord(const char* choice, const char* word, Set&& set) {
  const auto value = imnorm::ParseWord<E>(choice, word);
  if (!value) return imnorm::Failed(value);
  set(*value);
  return {};
}

Result<void> SetChoice(const std::string& choice, const char* word, Plan& plan) {
  const char* name = choice.c_str();
  if (choice == "like") {
    return SetWord<imnorm::Engine>(name, word, [&](auto like) { ApplyEngine(like, plan); });
  }
  if (choice == "channels") {
    return SetWord<imnorm::ChannelOrder>(name, word, [&](auto order) { SetChannels(order, plan); });
  }
  if (choice == "icc") {
    return SetWord<imnorm::IccPolicy>(name, word, [&](auto icc) { plan.icc = icc; });
  }
  if (choice == "exif") {
    return SetWord<imnorm::ExifPolicy>(name, word, [&](auto exif) { plan.exif = exif; });
  }
  if (choice == "dtype") {
    return SetWord<imnorm::ElementType>(name, word, [&](auto dtype) { plan.values.dtype = dtype; });
  }
  if (choice == "layout") {
    return SetWord<imnorm::Layout>(name, word, [&](auto layout) { plan.layout = layout; });
  }
  return imnorm::Fail(imnorm::ErrorCode::kBadArgument,
                      imnorm::UnknownWord("choice", choice,
                                          {"like", "channels", "exif", "icc", "dtype", "layout"}));
}

}  // namespace

extern "C" {

int imnorm_c_version(void) { return IMNORM_C_VERSION; }

const char* imnorm_version(void) { return IMNORM_VERSION; }

imnorm_code imnorm_plan_from_json(const char* json, size_t size, imnorm_plan** plan) {
  return Guarded([&] { return HandOverPlan(imnorm::PlanFromForeignConfig({json, size}), plan); });
}

imnorm_code imnorm_plan_from_preset(const char* name_or_path, imnorm_plan** plan) {
  return Guarded([&] { return HandOverPlan(imnorm::LoadPreset(name_or_path), plan); });
}

imnorm_code imnorm_plan_set(imnorm_plan* plan, const char* choice, const char* word) {
  return Guarded([&] {
    Plan changed = plan->plan;
    if (auto set = SetChoice(choice, word, changed); !set) return Refuse(set.error());
    std::string json = PlanToJson(changed);
    *plan = {std::move(changed), std::move(json)};
    return IMNORM_OK;
  });
}

const char* imnorm_plan_json(const imnorm_plan* plan) { return plan->json.c_str(); }

void imnorm_plan_free(imnorm_plan* plan) { delete plan; }

imnorm_code imnorm_preset_at(size_t index, imnorm_preset* preset) {
  return Guarded([&] {
    static const std::vector<imnorm::PresetInfo> presets = imnorm::ListPresets();
    if (index >= presets.size()) {
      return Refuse(IMNORM_NOT_FOUND, "there are no more presets");
    }
    const imnorm::PresetInfo& found = presets[index];
    return HandOver(
        {sizeof(imnorm_preset), found.name.c_str(), found.summary.c_str(), found.source.c_str()},
        preset);
  });
}

}  // extern "C"
