#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/check_outputs.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/flags.h"
#include "cli/resolve.h"
#include "cli/signals.h"
#include "cli/tell_shape.h"
#include "cli/terminal.h"
#include "io/durable_file.h"

namespace imnorm::cli {
namespace {

// Numbers, and nan, which marks missing data in float pictures.
Result<std::vector<double>> ParseIgnored(const std::string& text) {
  std::vector<double> values;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t comma = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, comma - begin);
    begin = comma + 1;
    if (item == "nan" || item == "NaN") {
      values.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    auto number = ParseNumbers("--ignore-value", item);
    if (!number) return tl::unexpected<Error>(std::move(number.error()));
    values.push_back(number->front());
  }
  return values;
}

Result<PixelFilter> ResolveFilter(const Arguments& a) {
  PixelFilter filter;
  filter.count_nodata = a.ignore_value == "none";
  if (!a.ignore_value.empty() && !filter.count_nodata) {
    auto values = ParseIgnored(a.ignore_value);
    if (!values) return tl::unexpected<Error>(std::move(values.error()));
    filter.ignore_values = std::move(*values);
  }
  struct stat status;
  if (!a.mask_dir.empty() && (stat(a.mask_dir.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))) {
    return Fail(ErrorCode::kNotFound, fmt::format("--mask-dir {}: no such folder", a.mask_dir));
  }
  filter.mask_dir = a.mask_dir;
  return filter;
}

Result<void> ResolveSettings(const Arguments& a, StatsSettings& settings) {
  constexpr std::array<std::pair<std::string_view, PixelWeight>, 2> kWeights = {
      {{"pixel", PixelWeight::kPixel}, {"image", PixelWeight::kImage}}};
  constexpr std::array<std::pair<std::string_view, StdOf>, 2> kStdOf = {
      {{"pooled", StdOf::kPooled}, {"image-mean", StdOf::kImageMean}}};
  if (!a.weight.empty()) {
    auto weight = ParseWord("--weight", a.weight, kWeights);
    if (!weight) return tl::unexpected<Error>(std::move(weight.error()));
    settings.weight = *weight;
  }
  if (!a.std_of.empty()) {
    auto std_of = ParseWord("--std-of", a.std_of, kStdOf);
    if (!std_of) return tl::unexpected<Error>(std::move(std_of.error()));
    settings.std_of = *std_of;
  }
  if (a.ddof != 0 && a.ddof != 1) {
    return Fail(ErrorCode::kBadArgument, fmt::format("--ddof {}: it takes 0 or 1", a.ddof));
  }
  settings.ddof = a.ddof;
  if (a.scale && !(std::isfinite(*a.scale) && *a.scale > 0)) {
    return Fail(ErrorCode::kBadArgument, "--scale: it takes a number above 0");
  }
  settings.scale = a.scale.value_or(0.0);
  settings.per_class = a.per_class;
  settings.histogram = a.histogram || !a.percentiles.empty();
  if (a.percentiles.empty()) return {};
  auto percentiles = ParseNumbers("--percentiles", a.percentiles);
  if (!percentiles) return tl::unexpected<Error>(std::move(percentiles.error()));
  for (const double p : *percentiles) {
    if (p < 0 || p > 100) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--percentiles \"{}\": they go from 0 to 100", a.percentiles));
    }
  }
  settings.percentiles = std::move(*percentiles);
  return {};
}

Result<StatsOptions> ResolveStats(const Arguments& a) {
  StatsOptions stats;
  auto filter = ResolveFilter(a);
  if (!filter) return tl::unexpected<Error>(std::move(filter.error()));
  stats.filter = std::move(*filter);
  if (auto set = ResolveSettings(a, stats.settings); !set) {
    return tl::unexpected<Error>(std::move(set.error()));
  }
  if (a.per_image == "-") {
    return Fail(ErrorCode::kBadArgument,
                "--per-image -: it takes a file; stdout has the statistics");
  }
  stats.per_image = a.per_image;
  stats.overwrite = a.force;
  stats.sample = a.sample;
  stats.until = a.until;
  stats.seed = a.seed.value_or(0);
  if (a.sample && *a.sample == 0) return Fail(ErrorCode::kBadArgument, "--sample: 1 or more");
  if (a.until && !(*a.until > 0 && *a.until < 1)) {
    return Fail(ErrorCode::kBadArgument, "--until: a relative error between 0 and 1, such as 0.01");
  }
  if (a.until && (a.sample || !a.shard.empty())) {
    return Fail(ErrorCode::kBadArgument,
                "--until decides by itself how many pictures are read: leave out --sample and "
                "--shard");
  }
  return stats;
}

// Says what the numbers leave out: not every form of them has a place for it.
void TellNonfinite(const Totals& totals, Console& console) {
  const NonfiniteCounts& counts = totals.nonfinite();
  if (counts.pixels == 0) return;
  console.PrintInfo(fmt::format("{} pixel{} in {} input{} held NaN or infinities and {} left out",
                                counts.pixels, counts.pixels == 1 ? "" : "s", counts.inputs,
                                counts.inputs == 1 ? "" : "s",
                                counts.pixels == 1 ? "was" : "were"));
}

// Writes the statistics where they were asked for: -o as JSON, stdout as --emit says or, on a
// terminal, as a table.
Result<void> Deliver(const Totals& totals, const Arguments& a, DurableFile file, Console& console) {
  EmitFormat format = EmitFormat::kJson;
  if (!a.emit.empty()) {
    auto named = EmitFormatFromName(a.emit);
    if (!named) return tl::unexpected<Error>(std::move(named.error()));
    format = *named;
  }
  if (!a.output.empty()) {
    const std::string json = StatsToJson(totals);
    auto written = Result<void>();
    if (file.is_open()) {
      written = file.WriteAt(0, json.data(), json.size()).and_then([&] {
        return file.Commit(json.size());
      });
    } else {
      written = WriteWholeFile(a.output, json, a.force);
    }
    if (!written || a.emit.empty()) {
      if (written) TellNonfinite(totals, console);
      return written;
    }
  }
  if (a.emit.empty() && isatty(STDOUT_FILENO) == 1) {
    // A merge's failures are those of the shards, and stderr may be somewhere else.
    const bool listed = a.command != Command::kMerge && TerminalOf(STDERR_FILENO).there;
    return WriteText(InFlags(StatsTable(totals, {TerminalWidth(STDOUT_FILENO), !listed})));
  }
  TellNonfinite(totals, console);
  const auto text = EmitStats(totals, format);
  return text ? WriteText(*text) : tl::unexpected<Error>(text.error());
}

// Opens -o before the work, which would be lost where it could not be written; not open for none
// and for devices and pipes.
//
// Errors:   those of the file; kBadArgument: --emit
Result<DurableFile> PrepareDelivery(const Arguments& a) {
  if (!a.emit.empty()) {
    if (auto format = EmitFormatFromName(a.emit); !format) {
      const auto names = EmitFormatNames();
      const std::string nearest = NearestWord(a.emit, {names.begin(), names.end()});
      if (!nearest.empty()) {
        format.error().message += fmt::format("; did you mean \"{}\"?", nearest);
      }
      return Prefixed("--emit", std::move(format.error()));
    }
  }
  if (a.output.empty()) return DurableFile();
  struct stat status;
  const bool stream =
      stat(a.output.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  return stream ? DurableFile() : DurableFile::Create(a.output, a.force);
}

Result<std::string> ReadText(const std::string& path) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(path, uint64_t{1} << 32, false, bytes); !read) {
    return Prefixed(path, std::move(read.error()));
  }
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace

int RunStats(const Arguments& arguments, Console& console) {
  auto plan = ResolvePlan(arguments);
  if (!plan) return FailWith(plan.error(), console);
  if (arguments.print_plan) return PrintAnswer(PlanToJson(*plan), kExitDone, console);
  auto options = ResolveRun(arguments);
  if (!options) return FailWith(options.error(), console);
  const auto stats = ResolveStats(arguments);
  if (!stats) return FailWith(stats.error(), console);
  const auto shard = ResolveShard(arguments);
  if (!shard) return FailWith(shard.error(), console);
  const auto tensor = TensorInput(arguments);
  if (!tensor) return FailWith(tensor.error(), console);

  const auto list = tensor->path.empty() ? ListInputs(arguments.inputs) : InputList();
  if (!list) return FailWith(list.error(), console);
  TellList(*list, console);
  if (auto apart = CheckOutputs(arguments, *list); !apart) return FailWith(apart.error(), console);
  ShowRunOn(console, *options);
  auto file = PrepareDelivery(arguments);
  if (!file) return FailWith(file.error(), console);

  const auto result =
      tensor->path.empty()
          ? MeasurePictures(*list, shard->index, shard->count, *plan, *stats, *options)
          : MeasureTensor(*tensor, shard->index, shard->count, *stats, *options);
  console.EndProgress();
  if (!result) return FailWith(result.error(), console);
  TellNothingFound(arguments, *shard, result->report, console);
  TellShape(result->report.input_shape, std::nullopt, console);
  const int code = ExitCodeOf(result->report);
  // Without one good picture there are no numbers, but a shard's failures still count in a merge.
  const bool delivers = code != kExitNotDone || !arguments.shard.empty();
  if (delivers) {
    auto done = Deliver(result->totals, arguments, std::move(*file), console);
    if (!done) return FailWith(done.error(), console);
  }
  console.PrintSummary(result->report, "measured",
                       delivers || arguments.output.empty() ? arguments.output : "nothing written");
  return code;
}

int RunMerge(const Arguments& arguments, Console& console) {
  StopInOrder();
  if (auto apart = CheckOutputs(arguments, {}); !apart) return FailWith(apart.error(), console);
  auto file = PrepareDelivery(arguments);
  if (!file) return FailWith(file.error(), console);
  std::vector<Totals> parts;
  for (const std::string& path : arguments.inputs.inputs) {
    const auto text = ReadText(path);
    if (!text) return FailWith(text.error(), console);
    auto totals = ParseStats(*text);
    if (!totals) {
      console.PrintError(Prefixed(path, totals.error()).value());
      return kExitUsage;
    }
    parts.push_back(std::move(*totals));
    if (const int signal = StopSignal().load(); signal != 0) return 128 + signal;
  }
  const auto merged =
      MergeStats(std::move(parts), arguments.allow_missing, arguments.inputs.inputs);
  if (!merged) return FailWith(merged.error(), console);
  const size_t failures = merged->failed().size();
  const bool whole = merged->shards() == ShardSet{};
  if (merged->images() == 0 && whole) {
    console.PrintError(
        fmt::format("no picture was measured, {} failed: nothing written", failures));
    return kExitNotDone;
  }
  console.PrintNotes(merged->notes());
  const int code = merged->images() == 0 ? kExitNotDone
                   : failures > 0        ? kExitSomeFailed
                                         : kExitDone;
  auto done = Deliver(*merged, arguments, std::move(*file), console);
  return done ? code : FailWith(done.error(), console);
}

}  // namespace imnorm::cli
