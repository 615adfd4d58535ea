// Statistics taken into a plan, wherever they come from.
#include "cli/statistics_source.h"

#include <fmt/format.h>

namespace imnorm::cli {
namespace {

Result<StatsValues> ReadValues(const std::string& path, const std::vector<double>& percents) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(path, uint64_t{1} << 32, false, bytes); !read) return Failed(read);
  return ReadStatsValues({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, percents);
}

Result<Plan> Take(const StatisticsWish& wish, const Result<StatsValues>& values, const Plan& plan,
                  PlanInput input) {
  if (!values) {
    const ErrorCode code =
        values.error().code == ErrorCode::kNotFound ? ErrorCode::kNotFound : ErrorCode::kBadConfig;
    return Fail(code, fmt::format("--stats {}: {}", wish.source, values.error().message));
  }
  if (wish.scale && !plan.denormalize && *wish.scale != values->scale) {
    return Fail(
        ErrorCode::kBadArgument,
        fmt::format("--scale {}: the statistics of --stats {} are on scale {}; leave it out",
                    *wish.scale, wish.source, values->scale));
  }
  Plan taken = WithStatistics(plan, *values);
  if (auto valid = ValidatePlan(taken, input); !valid) return Failed(valid);
  return taken;
}

}  // namespace

Result<Plan> ReadStatistics(const StatisticsWish& wish, Plan plan, PlanInput input) {
  return Take(wish, ReadValues(wish.source, wish.percents), plan, input);
}

Result<Plan> MeasureStatistics(const StatisticsWish& wish, const Job& job, const Source& source,
                               bool required, std::vector<Failure>& left_out) {
  const size_t all = source.list().inputs.size();
  const ShardRange part = ShardOf(all, source.shard.index, source.shard.count);
  if (part.end - part.begin != all) {
    return Fail(ErrorCode::kBadArgument,
                "--stats auto measures the whole input: measure first with stats, then give "
                "every shard --stats stats.json");
  }
  RunOptions quiet = job.conduct;
  quiet.on_failure = nullptr;  // the second pass meets the same ones
  quiet.on_note = nullptr;
  StatsOptions stats;
  stats.scale = wish.scale;
  stats.numbers.histogram = !wish.percents.empty();
  const auto measured = Measure(source, job.plan, stats, quiet);
  if (!measured) return Failed(measured);
  left_out = measured->report.failures;
  if (measured->report.done == 0) {
    if (!required) return job.plan;
    return Fail(ErrorCode::kIo, "--stats auto: no input could be measured");
  }
  return Take(wish, ValuesOf(measured->totals, wish.percents), job.plan,
              source.is_tensor() ? PlanInput::kTensor : PlanInput::kPictures);
}

}  // namespace imnorm::cli
