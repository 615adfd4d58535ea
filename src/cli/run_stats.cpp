#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/resolve.h"
#include "cli/signals.h"
#include "sink/durable_file.h"

namespace imnorm::cli {
namespace {

// Writes the statistics where they were asked for: -o as JSON, stdout as --emit says.
int Deliver(const Totals& totals, const Arguments& arguments, int code, Console& console) {
  if (!arguments.output.empty()) {
    if (auto written = WriteWholeFile(arguments.output, StatsToJson(totals), arguments.force);
        !written) {
      return FailWith(written.error(), console);
    }
    if (arguments.emit.empty()) return code;
  }
  return PrintAnswer(StatsToJson(totals), code, console);
}

}  // namespace

int RunStats(const Arguments& arguments, Console& console) {
  auto plan = ResolvePlan(arguments);
  if (!plan) return FailWith(plan.error(), console);
  if (arguments.print_plan) return PrintAnswer(PlanToJson(*plan), kExitDone, console);
  auto options = ResolveRun(arguments);
  if (!options) return FailWith(options.error(), console);
  const auto shard = ResolveShard(arguments);
  if (!shard) return FailWith(shard.error(), console);
  const auto list = ListInputs(arguments.inputs);
  if (!list) return FailWith(list.error(), console);
  const ShardRange range = ShardOf(list->inputs.size(), shard->index, shard->count);

  options->stop = &StopSignal();
  options->on_failure = [&](const Failure& failure) { console.PrintFailure(failure); };
  options->progress = [&](uint64_t finished, uint64_t failed, uint64_t total) {
    console.ShowProgress(finished, failed, total);
  };
  StatsOptions stats;
  const auto result =
      MeasurePictures(*list, range, shard->index, shard->count, *plan, stats, *options);
  console.EndProgress();
  if (!result) return FailWith(result.error(), console);
  console.PrintSummary(result->report, "measured", arguments.output);
  return Deliver(result->totals, arguments, ExitCodeOf(result->report), console);
}

int RunMerge(const Arguments&, Console& console) {
  return FailWith({ErrorCode::kUnsupported, "merge"}, console);
}

}  // namespace imnorm::cli
