// What a run says of values that its output could not hold.
#include "cli/tell_values.h"

#include <fmt/format.h>

#include "imnorm/words.h"

namespace imnorm::cli {
namespace {

std::string Counted(uint64_t count, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", count, count == 1 ? one : several);
}

}  // namespace

void TellValues(const RunReport& report, const Plan& plan, Console& console) {
  const ValueCounts& values = report.values;
  const std::string_view dtype = ElementTypeName(plan.values.dtype);
  if (values.not_finite > 0) {
    console.PrintWarning(Counted(values.not_finite, "sample of the input is NaN or infinite",
                                 "samples of the input are NaN or infinite"));
  }
  if (!report.running_finite) {
    console.PrintWarning("the running statistics that were written hold NaN or infinities");
  }
  if (values.overflowed > 0) {
    const bool widest = plan.values.dtype == ElementType::kF32;
    console.PrintWarning(
        fmt::format("{} beyond {} and became infinite or NaN{}",
                    Counted(values.overflowed, "value is", "values are"), dtype,
                    widest ? ": look at std and eps" : "; --dtype float32 holds more"));
  }
  if (values.saturated > 0) {
    const bool one = values.saturated == 1;
    console.PrintWarning(
        fmt::format("{} {} beyond {} and {} cut to its ends; {} holds more", values.saturated,
                    one ? "value is" : "values are", dtype, one ? "was" : "were",
                    plan.values.quantize ? "a larger --qscale" : "--dtype float32"));
  }
  if (values.nan_stored > 0) {
    console.PrintWarning(
        fmt::format("{} NaN became the zero point {}: {} has none, --dtype float32 "
                    "keeps them",
                    values.nan_stored, plan.values.quantize ? plan.values.qzero : 0, dtype));
  }
}

}  // namespace imnorm::cli
