// Tells whose config a document is, and has it read.
#include "plan/foreign/foreign.h"

#include <fmt/format.h>

#include <cmath>

namespace imnorm {

Result<Plan> FinishForeign(ObjectReader& reader, Plan plan) {
  if (auto finished = reader.Finish(); !finished) {
    return Failed(finished);
  }
  // What flags can still mend (the scale of a mean, the channels) is told where they are known.
  if (auto valid = ValidatePlan(plan, PlanInput::kTensor); !valid) {
    return Fail(ErrorCode::kBadConfig, valid.error().message);
  }
  return plan;
}

int ScaledSide(ObjectReader& reader, const std::string& key, int side, double crop_pct) {
  // Python's floor(size / pct) and int(size / pct): the same for positive numbers.
  const double scaled = std::floor(double(side) / crop_pct);
  if (!(crop_pct > 0.0) || !(scaled >= 1.0 && scaled <= double(1 << 24))) {
    reader.FailAt(key, fmt::format("{} makes no size of {}", crop_pct, side));
    return side;
  }
  return int(scaled);
}

Result<Plan> PlanFromForeignConfig(std::string_view json) {
  const Result<Json> parsed = ParseJsonObject(json);
  if (!parsed) return Failed(parsed);
  const Json& document = *parsed;
  if (const auto schema = document.find("schema"); schema != document.end()) {
    // A manifest embeds the plan it was made with.
    const auto plan = document.find("plan");
    if (*schema == "imnorm.manifest/1" && plan != document.end() && plan->is_object()) {
      return PlanFromDocument(*plan);
    }
    return PlanFromDocument(document);
  }
  if (IsHuggingFace(document)) return PlanFromHuggingFace(document);
  if (IsOpenClip(document)) return PlanFromOpenClip(document);
  if (IsTimm(document)) return PlanFromTimm(document);
  const bool model = document.contains("model_type") || document.contains("architectures");
  return Fail(ErrorCode::kBadConfig,
              model ? "this is a model's config.json: give the preprocessor_config.json beside it"
                    : "not a config that imnorm knows: its own JSON (\"schema\"), Hugging Face "
                      "preprocessor_config.json, timm config.json or open_clip_config.json");
}

}  // namespace imnorm
