// libFuzzer: no config text, however hostile, may throw, crash or give a plan that is not valid.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "imnorm/plan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto plan = imnorm::PlanFromForeignConfig(text);
  if (!plan) return 0;
  // A plan for tensors too: pictures need not be able to have it.
  if (!imnorm::ValidatePlan(*plan, imnorm::PlanInput::kTensor)) std::abort();
  const std::string json = imnorm::PlanToJson(*plan);
  const auto again = imnorm::PlanFromJson(json);
  if (!again || imnorm::PlanToJson(*again) != json) std::abort();
  if (!imnorm::ValidatePlan(*plan)) return 0;
  if (!imnorm::MakeValueTable(plan->values, imnorm::ChannelCount(*plan), 256)) std::abort();
  return 0;
}
