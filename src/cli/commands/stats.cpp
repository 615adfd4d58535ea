// imnorm stats: the options become a job, whose statistics are measured and delivered.
#include "cli/commands/stats.h"

#include <unistd.h>

#include <exception>
#include <string>
#include <utility>

#include "cli/answer.h"
#include "cli/check_outputs.h"
#include "cli/deliver_statistics.h"
#include "cli/exit_code.h"
#include "cli/groups/geometry.h"
#include "cli/groups/inputs.h"
#include "cli/groups/measures.h"
#include "cli/groups/values.h"
#include "cli/tell_leftover.h"
#include "cli/tell_run.h"
#include "cli/tell_shape.h"
#include "cli/terminal.h"
#include "io/path_ending.h"
#include "pipeline/runs.h"

namespace imnorm::cli {
namespace {

// The journal of a run does not outlive it, however it ends, unless the run may be resumed.
class JournalOfRun {
 public:
  JournalOfRun(std::string path, bool resumes) : path_(std::move(path)), resumes_(resumes) {}
  ~JournalOfRun() {
    try {
      if (!resumes_) Remove();
    } catch (const std::exception&) {  // no memory for its name
    }
  }
  JournalOfRun(const JournalOfRun&) = delete;
  JournalOfRun& operator=(const JournalOfRun&) = delete;

  void Remove() {
    if (!path_.empty()) RemoveLeftover(path_);
    path_.clear();
  }

 private:
  std::string path_;
  const bool resumes_;
};

class Stats : public Invocation {
 public:
  explicit Stats(Options& options) {
    AddInputs(options, inputs_);
    AddGeometry(options, geometry_, Fits::kPictures);  // of values, statistics need none
    AddMeasures(options, measures_);
    AddDelivery(options, delivery_);
    options.Flag({"--resume", "", "Go on where a run that was killed or stopped has ended"},
                 resume_);
    AddConduct(options, conduct_, loudness);
    AddLoudness(options, loudness);
  }

  int Run(Console& console) override {
    const auto delivery = ResolveDelivery(delivery_);
    if (!delivery) return FailWith(delivery.error(), console);
    auto job = Resolve();
    if (!job) return FailWith(job.error(), console);
    if (geometry_.print_plan) return PrintAnswer(PlanToJson(job->plan), kExitDone, console);
    const auto source = OpenSourceOn(console, job->source);
    if (!source) return FailWith(source.error(), console);
    auto apart = CheckOutputs(Files(*delivery), source->list());
    if (!apart) return FailWith(apart.error(), console);
    ShowRunOn(console, job->conduct);
    const bool stands = resume_ && !delivery->force && IsFinished(delivery->output);
    if (!resume_ && !delivery->output.empty()) {
      TellLeftover(delivery->output, delivery->output + ".journal", console);
    }
    auto file = stands ? DurableFile() : PrepareDelivery(*delivery);
    if (!file) return FailWith(file.error(), console);
    if (stands || file->is_open()) job->measure.result = delivery->output;
    const std::string journal = job->measure.journal_path();

    std::vector<DurableFile> sides;
    JournalOfRun noted(job->measure.result.empty() ? "" : journal, resume_);
    const auto result = MeasureBeforeSides(*source, job->plan, job->measure, job->conduct, sides);
    console.EndProgress();
    if (!result) return FailWith(result.error(), console);
    TellNothingFound(job->source, result->report, console);
    TellShape(result->report.input_shape, std::nullopt, console);
    const int code = ExitCodeOf(result->report);
    // Without one good picture there are no numbers, but a shard's failures still count in a merge.
    const bool delivers = code != kExitNotDone || !inputs_.shard.empty();
    if (delivers) {
      const bool failures = !TerminalOf(STDERR_FILENO).there;  // else they stand there already
      DeliveryArguments where = *delivery;
      where.stands = result->stood;
      auto done =
          Deliver(result->totals, where, std::move(*file), std::move(sides), failures, console);
      if (!done) return FailWith(done.error(), console);
    }
    noted.Remove();
    console.PrintSummary(
        result->report, "measured",
        delivers || delivery->output.empty() ? delivery->output : "nothing written");
    return code;
  }

 private:
  // What the command line asks for. A plan that is only printed needs no input.
  Result<Job> Resolve() const {
    Job job;
    auto plan = ResolveGeometry(geometry_);
    if (!plan) return Failed(plan);
    job.plan = std::move(*plan);
    SetScale(measures_.scale, job.plan);
    const PlanInput input = IsTensorInput(inputs_) ? PlanInput::kTensor : PlanInput::kPictures;
    if (auto valid = ValidatePlan(job.plan, input); !valid) return Failed(valid);
    if (geometry_.print_plan) return job;
    auto conduct = ResolveConduct(conduct_);
    if (!conduct) return Failed(conduct);
    job.conduct = std::move(*conduct);
    auto measure = ResolveMeasures(measures_, !inputs_.shard.empty(), delivery_.force);
    if (!measure) return Failed(measure);
    job.measure = std::move(*measure);
    job.measure.resume = resume_;
    if (auto may = CheckResume(); !may) return Failed(may);
    auto source = ResolveSource(inputs_, given);
    if (!source) return Failed(source);
    job.source = std::move(*source);
    return job;
  }

  Result<void> CheckResume() const {
    if (!resume_) return {};
    const auto refuse = [](const char* reason) {
      return Fail(ErrorCode::kBadArgument, std::string("--resume: ") + reason);
    };
    if (delivery_.output.empty() || delivery_.output == "-") {
      return refuse("it goes on from what stands beside a file: name it by -o FILE");
    }
    if (HasEnding(delivery_.output, ".csv")) {
      return refuse("a CSV file does not say of which run it is: write .json, and --emit csv");
    }
    if (IsTensorInput(inputs_)) return refuse("a tensor is measured in one go");
    return {};
  }

  FilesOfRun Files(const DeliveryArguments& delivery) const {
    FilesOfRun files;
    files.inputs = inputs_.inputs.inputs;
    files.mask_dir = measures_.mask_dir;
    files.Write("-o", delivery.output);
    files.Write("--json-log", loudness.json_log);
    files.Write("--per-image", measures_.per_image);
    files.Write("--write-checksums", measures_.write_checksums);
    files.Read("--checksums", inputs_.inputs.checksums);
    files.Read("--files-from", inputs_.inputs.files_from);
    files.Read("--preset", geometry_.preset.value_or(""));
    files.Read("--config", geometry_.config.value_or(""));
    return files;
  }

  InputArguments inputs_;
  GeometryArguments geometry_;
  MeasureArguments measures_;
  DeliveryArguments delivery_;
  ConductArguments conduct_;
  bool resume_ = false;
};

}  // namespace

const Command kStats = {"stats", "Per-channel statistics of pictures, as JSON",
                        R"(Examples:
  imnorm stats train/                         a table, or JSON in a pipe
  imnorm stats train/ -o stats.json           JSON in a file
  imnorm stats train/ --preset imagenet       of what the network sees
  imnorm stats train/ --emit torchvision      ready to paste
  imnorm stats train/ --shard 1/4 -o 1.json   a quarter; imnorm merge ?.json

)",
                        [](Options& options) -> std::unique_ptr<Invocation> {
                          return std::make_unique<Stats>(options);
                        }};

}  // namespace imnorm::cli
