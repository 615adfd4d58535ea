// imnorm merge: the statistics of shards added up.
#include "cli/commands/merge.h"

#include <fmt/format.h>

#include <optional>

#include "cli/answer.h"
#include "cli/check_outputs.h"
#include "cli/deliver_statistics.h"
#include "cli/exit_code.h"
#include "cli/signals.h"
#include "imnorm/inputs.h"
#include "io/durable_stream.h"
#include "io/regular_file.h"
#include "pipeline/merge_manifests.h"

namespace imnorm::cli {
namespace {

Result<Totals> ReadPartial(const std::string& path) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(path, uint64_t{1} << 32, false, bytes); !read) {
    return Prefixed(path, std::move(read.error()));
  }
  auto totals = ParseStats({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  // Whatever is wrong with it, a partial is a file that the command line names.
  if (!totals) return Fail(ErrorCode::kBadConfig, path + ": " + totals.error().message);
  return totals;
}

class Merge : public Invocation {
 public:
  explicit Merge(Options& options) {
    options.Inputs({"PARTIAL", "", "What stats --shard I/N wrote, or manifests of normalize"},
                   partials_,
                   /*required=*/true);
    options.Flag({"--allow-missing", "", "Merge although shards are missing"}, allow_missing_);
    AddDelivery(options, delivery_);
    AddLoudness(options, loudness);
  }

  int Run(Console& console) override {
    const auto delivery = ResolveDelivery(delivery_);
    if (!delivery) return FailWith(delivery.error(), console);
    StopInOrder();
    FilesOfRun files;
    files.inputs = partials_;
    files.Write("-o", delivery->output);
    if (auto apart = CheckOutputs(files, {}); !apart) return FailWith(apart.error(), console);
    auto file = PrepareDelivery(*delivery);
    if (!file) return FailWith(file.error(), console);
    if (IsManifest(BeginningOf(partials_.front(), 512)))
      return JoinManifests(*delivery, std::move(*file), console);
    std::vector<Totals> parts;
    for (const std::string& path : partials_) {
      auto totals = ReadPartial(path);
      if (!totals) return FailWith(totals.error(), console);
      parts.push_back(std::move(*totals));
      if (const int signal = StopSignal().load(); signal != 0) return 128 + signal;
    }
    const auto merged = MergeStats(std::move(parts), allow_missing_, partials_);
    if (!merged) return FailWith(merged.error(), console);
    return Finish(*merged, *delivery, std::move(*file), console);
  }

 private:
  int JoinManifests(const DeliveryArguments& delivery, DurableFile file, Console& console) const {
    if (!delivery.emit.empty() && delivery.emit != "json") {
      return FailWith({ErrorCode::kBadArgument, "--emit is for statistics: manifests are JSON"},
                      console);
    }
    std::optional<DurableStream> stream;
    if (file.is_open()) stream.emplace(std::move(file));
    const auto merged =
        MergeManifests(partials_, allow_missing_, [&](std::string_view text) -> Result<void> {
          if (StopSignal().load() != 0) return Fail(ErrorCode::kCancelled, "stopped");
          return stream ? stream->Append(text) : WriteText(text);
        });
    if (!merged) return FailWith(merged.error(), console);
    if (stream) {
      if (auto done = stream->Commit(); !done) return FailWith(done.error(), console);
    }
    console.PrintInfo(fmt::format("{} rows of {} manifests, {} inputs failed", merged->rows,
                                  partials_.size(), merged->failed));
    return merged->failed > 0 ? kExitSomeFailed : kExitDone;
  }

  static int Finish(const Totals& merged, const DeliveryArguments& delivery, DurableFile file,
                    Console& console) {
    const size_t failures = merged.failed().size();
    const bool whole = merged.shards() == ShardSet{};
    if (merged.images() == 0 && whole) {
      console.PrintError(
          fmt::format("no picture was measured, {} failed: nothing written", failures));
      return kExitNotDone;
    }
    console.PrintNotes(merged.notes());
    // The failures are those of the shards: no run has listed them here.
    auto done = Deliver(merged, delivery, std::move(file), {}, /*failures=*/true, console);
    if (!done) return FailWith(done.error(), console);
    return merged.images() == 0 ? kExitNotDone : failures > 0 ? kExitSomeFailed : kExitDone;
  }

  std::vector<std::string> partials_;
  bool allow_missing_ = false;
  DeliveryArguments delivery_;
};

}  // namespace

const Command kMerge = {"merge", "Add the statistics of shards, or join their manifests",
                        R"(Examples:
  imnorm merge shard-*.json -o stats.json
  imnorm merge part-*.npy.manifest.json -o whole.manifest.json

)",
                        [](Options& options) -> std::unique_ptr<Invocation> {
                          return std::make_unique<Merge>(options);
                        }};

}  // namespace imnorm::cli
