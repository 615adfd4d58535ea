// A run may die after its file has its name and before anybody was told: the file tells.
#include "pipeline/finished_stats.h"

#include <fmt/format.h>

#include "imnorm/inputs.h"
#include "io/durable_file.h"
#include "pipeline/error_names.h"
#include "pipeline/run_head.h"
#include "statistics/settings_difference.h"

namespace imnorm {
namespace {

constexpr uint64_t kMostBytes = uint64_t{1} << 30;

// A reason begins with the name of its code.
Error ErrorOf(const std::string& reason) {
  const size_t end = reason.find(": ");
  if (end == std::string::npos) return {ErrorCode::kIo, reason};
  return {ErrorCodeOfName(std::string_view(reason).substr(0, end)), reason.substr(end + 2)};
}

tl::unexpected<Error> OfAnother(const StatsOptions& stats, const std::string& what) {
  return Blame("output.overwrite", fmt::format("{}: it stands already, and {}; `output.overwrite` "
                                               "overwrites it",
                                               stats.result, what));
}

}  // namespace

void TakeTotals(const Totals& totals, RunReport& report) {
  report.done = totals.images();
  report.notes = totals.notes();
  for (const StatsFailure& failure : totals.failed()) {
    report.failures.push_back({failure.index, failure.path, ErrorOf(failure.reason)});
  }
}

Result<std::optional<StatsResult>> FinishedStats(const StatsOptions& stats, const Totals& wanted,
                                                 uint64_t inputs) {
  if (!stats.resume || stats.overwrite || stats.result.empty() || !IsFinished(stats.result)) {
    return std::nullopt;
  }
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(stats.result, kMostBytes, false, bytes); !read) return Failed(read);
  auto totals = ParseStats({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!totals) return OfAnother(stats, "is no statistics (" + totals.error().message + ")");
  const std::string difference = SettingsDifference(wanted.settings(), totals->settings());
  if (!difference.empty()) return OfAnother(stats, "is of another run (" + difference + ")");
  if (totals->shards() != wanted.shards()) return OfAnother(stats, "is of another shard");
  RunReport report;
  report.inputs = inputs;
  TakeTotals(*totals, report);
  if (!stats.until) report.passed_over = inputs - report.done - report.failures.size();
  return StatsResult{std::move(*totals), std::move(report), true};
}

}  // namespace imnorm
