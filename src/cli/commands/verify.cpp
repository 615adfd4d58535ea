// imnorm verify: every picture is looked at, and what is found is told or listed.
#include "cli/commands/verify.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/answer.h"
#include "cli/exit_code.h"
#include "cli/findings_text.h"
#include "cli/groups/inputs.h"
#include "cli/parse_values.h"
#include "cli/tell_run.h"
#include "cli/terminal.h"
#include "imnorm/verify.h"
#include "io/standard_output.h"

namespace imnorm {

template <>
std::span<const Word<FindingLevel>> Words<FindingLevel>() {
  static constexpr Word<FindingLevel> kLevels[] = {
      {FindingLevel::kError, "error"},
      {FindingLevel::kWarning, "warning"},
      {FindingLevel::kInfo, "info"},
  };
  return kLevels;
}

}  // namespace imnorm

namespace imnorm::cli {
namespace {

constexpr int kExitFound = 1;

class VerifyCommand : public Invocation {
 public:
  explicit VerifyCommand(Options& options) {
    AddInputs(options, inputs_);
    options.Group("Findings");
    options.Number({"--near", "BITS", "Also near duplicates: 0 to 12 of 64 bits apart"}, near_);
    options.Each(
        {"--other", "DIR", "Pictures that are in DIR, too: training and test (repeatable)"},
        other_);
    options.Text({"--fail-on", "LEVEL", "Exit code 1 from error|warning|info on (error)"},
                 fail_on_);
    options.Text({"--list", "KIND", "Only the paths of a kind; with -0 ended by NUL, for xargs -0"},
                 list_);
    options.Text({"--emit", "FORM", "json|csv|table (table on a terminal, else JSON lines)"},
                 emit_);
    AddConduct(options, conduct_, loudness);
    AddLoudness(options, loudness);
  }

  int Run(Console& console) override {
    const auto settings = ResolveSettings();
    if (!settings) return FailWith(settings.error(), console);
    auto conduct = ResolveConduct(conduct_);
    if (!conduct) return FailWith(conduct.error(), console);
    const auto source = ResolveSource(inputs_, given);
    if (!source) return FailWith(source.error(), console);
    if (auto fits = RefuseParts(*source); !fits) return FailWith(fits.error(), console);
    const auto opened = OpenSourceOn(console, *source);
    if (!opened) return FailWith(opened.error(), console);
    VerifyOptions options;
    options.near = near_;
    if (!other_.empty()) {
      InputOptions other;
      other.inputs = other_;
      auto list = ListInputs(other);
      if (!list) return FailWith(Prefixed("--other", list.error()).value(), console);
      options.other = std::move(*list);
    }
    ShowRunOn(console, *conduct);
    conduct->on_failure = nullptr;  // a finding like others
    const auto result = Verify(opened->list(), options, *conduct);
    console.EndProgress();
    if (!result) return FailWith(result.error(), console);
    TellNothingFound(*source, result->report, console);
    if (result->report.done == 0 && result->report.failures.empty()) return kExitNotDone;
    const int code = CodeOf(*result, settings->fail_on);
    const int told = Tell(*result, *settings, code, console);
    console.PrintInfo(fmt::format("verified {} pictures in {:.2f} s: {}",
                                  result->report.done + result->report.failures.size(),
                                  result->report.seconds, FindingsSummary(*result)));
    return told;
  }

 private:
  enum class Form { kTable, kJson, kCsv };
  struct Settings {
    FindingLevel fail_on = FindingLevel::kError;
    std::optional<FindingKind> list;
    Form form = Form::kJson;
  };

  Result<Settings> ResolveSettings() const {
    Settings settings;
    if (near_ && (*near_ < 0 || *near_ > kMostNear)) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--near {}: it takes 0 to {} bits", *near_, kMostNear));
    }
    if (!fail_on_.empty()) {
      const auto level = ParseOptionWord<FindingLevel>("--fail-on", fail_on_);
      if (!level) return Failed(level);
      settings.fail_on = *level;
    }
    if (!list_.empty()) {
      std::vector<std::string> words;
      for (const FindingRow& row : FindingRows()) {
        if (row.word == list_) settings.list = row.kind;
        words.emplace_back(row.word);
      }
      if (!settings.list) return NoSuchWord("--list", list_, words);
      if (!emit_.empty()) {
        return Fail(ErrorCode::kBadArgument, "--list prints paths alone: leave out --emit");
      }
    }
    const std::string form = !emit_.empty()                    ? emit_
                             : TerminalOf(STDOUT_FILENO).there ? "table"
                                                               : "json";
    if (form != "json" && form != "csv" && form != "table") {
      return NoSuchWord("--emit", emit_, {"json", "csv", "table"});
    }
    settings.form = form == "json" ? Form::kJson : form == "csv" ? Form::kCsv : Form::kTable;
    return settings;
  }

  Result<void> RefuseParts(const SourceOptions& source) const {
    if (source.is_tensor()) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("{}: verify looks at pictures; imnorm inspect tells of tensors",
                              source.tensor.path));
    }
    if (source.shard.count > 1) {
      return Fail(ErrorCode::kBadArgument,
                  "--shard: pictures are held against all others, so verify takes no part");
    }
    return {};
  }

  static int CodeOf(const VerifyResult& result, FindingLevel fail_on) {
    const auto worst = WorstLevel(result);
    return worst && *worst >= fail_on ? kExitFound : kExitDone;
  }

  int Tell(const VerifyResult& result, const Settings& settings, int code, Console& console) const {
    if (settings.list) {
      const char end = inputs_.inputs.null_separated ? '\0' : '\n';
      const auto written = WriteStdout(FindingPaths(result, *settings.list, end));
      return written ? code : FailWith(written.error(), console);
    }
    if (settings.form == Form::kTable) {
      return PrintAnswer(FindingsTable(result, TerminalWidth(STDOUT_FILENO), console.verbose()),
                         code, console);
    }
    return PrintAnswer(settings.form == Form::kCsv ? FindingsCsv(result) : FindingsJson(result),
                       code, console);
  }

  InputArguments inputs_;
  std::optional<int> near_;
  std::vector<std::string> other_;
  std::string fail_on_, list_, emit_;
  ConductArguments conduct_;
};

}  // namespace

const Command kVerify = {"verify", "What may be wrong with pictures, before you train on them",
                         R"(Examples:
  imnorm verify photos/                       a table; exit code 1: damaged ones
  imnorm verify photos/ --fail-on warning     ... or anything that deserves a look
  imnorm verify photos/ --list damaged -0 | xargs -0 rm
  imnorm verify train/ --other test/ --near 4 pictures in both, and nearly the same

)",
                         [](Options& options) -> std::unique_ptr<Invocation> {
                           return std::make_unique<VerifyCommand>(options);
                         }};

}  // namespace imnorm::cli
