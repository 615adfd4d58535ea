// imnorm report: statistics and pictures, measured or read, as one page of HTML.
#include "cli/commands/report.h"

#include <fmt/format.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/check_outputs.h"
#include "cli/exit_code.h"
#include "cli/groups/inputs.h"
#include "cli/report_page.h"
#include "cli/tell_run.h"
#include "imnorm/dataset_look.h"
#include "io/durable_file.h"
#include "io/path_ending.h"
#include "io/standard_output.h"

namespace imnorm::cli {
namespace {

constexpr uint64_t kMostStatsBytes = uint64_t{1} << 32;

std::string TitleOf(const std::string& path) {
  const size_t end = path.find_last_not_of('/');
  const std::string name = path.substr(0, end == std::string::npos ? 0 : end + 1);
  const size_t slash = name.find_last_of('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

class Report : public Invocation {
 public:
  explicit Report(Options& options) {
    AddInputs(options, inputs_);
    options.Group("Page");
    options.Text({"--title", "TEXT", "What stands above it (default: INPUT's name)"}, title_);
    options.Text({"--preset", "NAME|FILE", "Also show its normalisation of these pictures"},
                 preset_);
    options.Number({"--gamma", "F", "Also show an affine map behind the normalisation"}, gamma_);
    options.Number({"--beta", "F", "... and its shift"}, beta_);
    options.Flag({"--no-pictures", "", "Leave out thumbnails: numbers and plots alone"}, pictures_,
                 false);
    options.Group("Output");
    options.Text({"-o,--output", "FILE.html", "The page; -: stdout"}, output_);
    options.Flag({"--force", "", "Overwrite FILE.html"}, force_);
    AddConduct(options, conduct_, loudness);
    AddLoudness(options, loudness);
  }

  int Run(Console& console) override {
    if (auto sound = CheckOptions(); !sound) return FailWith(sound.error(), console);
    auto conduct = ResolveConduct(conduct_);
    if (!conduct) return FailWith(conduct.error(), console);
    std::optional<Plan> preset;
    if (!preset_.empty()) {
      auto plan = LoadPreset(preset_);
      if (!plan) return FailWith(Prefixed("--preset", plan.error()).value(), console);
      preset = std::move(*plan);
    }
    return IsStatsFile() ? OfStats(preset, console) : OfPictures(preset, *conduct, console);
  }

 private:
  Result<void> CheckOptions() const {
    if (output_.empty()) {
      return Fail(ErrorCode::kBadArgument, "-o says where the page goes: report.html");
    }
    if (output_ != "-" && !HasEnding(output_, ".html") && !HasEnding(output_, ".htm")) {
      return Fail(ErrorCode::kBadArgument, fmt::format("-o {}: a page ends in .html", output_));
    }
    if (gamma_ && !(*gamma_ != 0.0)) {
      return Fail(ErrorCode::kBadArgument, "--gamma 0: it makes all values the same");
    }
    if (output_ != "-" && !force_ && access(output_.c_str(), F_OK) == 0) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("{} exists; --force overwrites it", output_));
    }
    return {};
  }

  bool IsStatsFile() const {
    const auto& inputs = inputs_.inputs.inputs;
    return inputs.size() == 1 && inputs_.inputs.files_from.empty() &&
           HasEnding(inputs.front(), ".json");
  }

  int OfStats(const std::optional<Plan>& preset, Console& console) const {
    const std::string& path = inputs_.inputs.inputs.front();
    FilesOfRun files;
    files.inputs = {path};
    files.Write("-o", output_);
    if (auto apart = CheckOutputs(files, {}); !apart) return FailWith(apart.error(), console);
    std::vector<uint8_t> bytes;
    if (auto read = ReadFile(path, kMostStatsBytes, false, bytes); !read) {
      return FailWith(Prefixed(path, read.error()).value(), console);
    }
    const auto totals = ParseStats({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (!totals) {
      return FailWith({ErrorCode::kBadConfig, path + ": " + totals.error().message}, console);
    }
    return Write({Title(path), *totals, nullptr, preset, gamma_, beta_}, kExitDone, console);
  }

  int OfPictures(const std::optional<Plan>& preset, RunOptions& conduct, Console& console) const {
    const auto source = ResolveSource(inputs_, given);
    if (!source) return FailWith(source.error(), console);
    if (source->is_tensor()) {
      return FailWith({ErrorCode::kBadArgument,
                       source->tensor.path + ": a report is about pictures; imnorm inspect tells "
                                             "of tensors"},
                      console);
    }
    if (source->shard.count > 1) {
      return FailWith({ErrorCode::kBadArgument,
                       "--shard: a report is about all pictures; imnorm merge joins statistics, "
                       "which a report takes, too"},
                      console);
    }
    const auto opened = OpenSourceOn(console, *source);
    if (!opened) return FailWith(opened.error(), console);
    FilesOfRun files;
    files.inputs = inputs_.inputs.inputs;
    files.Write("-o", output_);
    files.Read("--files-from", inputs_.inputs.files_from);
    files.Read("--checksums", inputs_.inputs.checksums);
    if (auto apart = CheckOutputs(files, opened->list()); !apart) {
      return FailWith(apart.error(), console);
    }
    ShowRunOn(console, conduct);
    StatsOptions stats;
    stats.numbers.histogram = true;
    stats.numbers.per_class = true;
    const auto measured = Measure(*opened, Plan(), stats, conduct);
    console.EndProgress();
    if (!measured) return FailWith(measured.error(), console);
    TellNothingFound(*source, measured->report, console);
    const int code = ExitCodeOf(measured->report);
    if (code == kExitNotDone) return code;
    std::optional<DatasetLook> look;
    if (pictures_) {
      conduct.on_failure = nullptr;  // told by now
      auto looked = LookAtDataset(opened->list(), Plan(), {}, conduct);
      console.EndProgress();
      if (!looked) return FailWith(looked.error(), console);
      look = std::move(*looked);
    }
    const auto& inputs = inputs_.inputs.inputs;
    const std::string title = Title(inputs.empty() ? inputs_.inputs.files_from : inputs.front());
    const int written = Write(
        {title, measured->totals, look ? &*look : nullptr, preset, gamma_, beta_}, code, console);
    if (written == code) console.PrintSummary(measured->report, "reported", output_);
    return written;
  }

  std::string Title(const std::string& path) const {
    return title_.empty() ? TitleOf(path) : title_;
  }

  int Write(const ReportPage& page, int code, Console& console) const {
    const std::string html = ReportHtml(page);
    const auto written = output_ == "-" ? WriteStdout(html) : WriteWholeFile(output_, html, force_);
    return written ? code : FailWith(written.error(), console);
  }

  InputArguments inputs_;
  std::string title_, preset_, output_;
  std::optional<double> gamma_, beta_;
  bool pictures_ = true, force_ = false;
  ConductArguments conduct_;
};

}  // namespace

const Command kReport = {"report", "A data set as one page: numbers, plots, pictures",
                         R"(Examples:
  imnorm report train/ -o report.html
  imnorm report train/ --preset imagenet -o report.html
                                   ... and how ImageNet's mean and std fit
  imnorm report stats.json -o report.html   of statistics alone

)",
                         [](Options& options) -> std::unique_ptr<Invocation> {
                           return std::make_unique<Report>(options);
                         }};

}  // namespace imnorm::cli
