// imnorm compare: two sides, their differences, and what they come from.
#include "cli/commands/compare.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "cli/answer.h"
#include "cli/check_outputs.h"
#include "cli/compare_sides.h"
#include "cli/comparison_text.h"
#include "cli/exit_code.h"
#include "cli/parse_values.h"
#include "cli/signals.h"
#include "cli/tell_run.h"
#include "cli/terminal.h"
#include "drawing/png_file.h"
#include "io/path_ending.h"

namespace imnorm::cli {
namespace {

constexpr int kExitDifferent = 1;

class CompareCommand : public Invocation {
 public:
  explicit CompareCommand(Options& options) {
    options.Inputs(
        {"SIDE", "", "A, then B: tensor files; one may be pictures, or both under two plans"},
        inputs_,
        /*required=*/true);
    options.Number({"--atol", "F", "Equal where |a - b| <= atol + rtol * |b| (0)"}, atol_);
    options.Number({"--rtol", "F", "See --atol (0)"}, rtol_);
    options.Number({"--ulp", "N", "... or where they are so many representable values apart (0)"},
                   ulp_);
    options.Text({"--frame", "N|all", "Page or frame of the pictures, from 0; all: each is a row"},
                 frame_);
    AddSide(options, a_, 'a');
    AddSide(options, b_, 'b');
    options.Text({"--image", "FILE.png", "Draw the worst row of A, of B and the difference"},
                 image_);
    options.Flag({"--force", "", "Overwrite FILE.png"}, force_);
    options.Text({"--emit", "FORM", "json|table (table on a terminal, else json)"}, emit_);
    AddConduct(options, conduct_, loudness);
    AddLoudness(options, loudness);
  }

  int Run(Console& console) override {
    const auto tolerance = ResolveTolerance();
    if (!tolerance) return FailWith(tolerance.error(), console);
    if (!emit_.empty() && emit_ != "json" && emit_ != "table") {
      return FailWith(NoSuchWord("--emit", emit_, {"json", "table"}).value(), console);
    }
    auto conduct = ResolveConduct(conduct_);
    if (!conduct) return FailWith(conduct.error(), console);
    const auto sides = ResolveSides(inputs_, a_, b_, frame_);
    if (!sides) return FailWith(sides.error(), console);
    if (auto apart = CheckImage(sides->pictures); !apart) return FailWith(apart.error(), console);
    ShowRunOn(console, *conduct);
    const auto comparison = Compare(sides->a, sides->b, sides->pictures, *tolerance, *conduct);
    console.EndProgress();
    if (!comparison) return FailWith(comparison.error(), console);
    const bool pictures = !sides->pictures.inputs.empty();
    if (pictures && comparison->report.done == 0) {
      console.PrintError("no picture could be read: nothing is compared");
      return kExitNotDone;
    }
    if (pictures) console.PrintNotes(comparison->report.notes);
    if (!image_.empty()) {
      if (auto drawn = Draw(*sides, *comparison, *conduct, console); !drawn) {
        return FailWith(drawn.error(), console);
      }
    }
    return PrintAnswer(Text(*sides, *tolerance, *comparison),
                       comparison->equal() ? kExitDone : kExitDifferent, console);
  }

 private:
  Result<Tolerance> ResolveTolerance() const {
    Tolerance tolerance;
    for (const auto& [flag, value] : {std::pair("--atol", atol_), std::pair("--rtol", rtol_)}) {
      if (value && !(*value >= 0.0 && std::isfinite(*value))) {
        return Fail(ErrorCode::kBadArgument,
                    fmt::format("{} {}: it takes 0 or more", flag, *value));
      }
    }
    tolerance.atol = atol_.value_or(0.0);
    tolerance.rtol = rtol_.value_or(0.0);
    tolerance.ulp = ulp_.value_or(0);
    return tolerance;
  }

  Result<void> CheckImage(const InputList& pictures) const {
    if (image_.empty()) return {};
    if (!HasEnding(image_, ".png")) {
      return Fail(ErrorCode::kBadArgument, fmt::format("--image {}: it takes a .png", image_));
    }
    FilesOfRun files;
    files.inputs = inputs_;
    files.Write("--image", image_);
    if (auto apart = CheckOutputs(files, pictures); !apart) return apart;
    if (!force_ && access(image_.c_str(), F_OK) == 0) {
      return Fail(ErrorCode::kBadArgument, fmt::format("{} exists; --force overwrites it", image_));
    }
    return {};
  }

  Result<void> Draw(const ComparedSides& sides, const Comparison& comparison,
                    const RunOptions& conduct, Console& console) const {
    if (!comparison.worst) {
      console.PrintInfo("no values differ: no picture is drawn");
      return {};
    }
    const auto drawn = DrawDifference(sides.a, sides.b, sides.pictures, comparison, conduct);
    if (!drawn) return Prefixed(image_, drawn.error());
    if (auto written = WritePng(drawn->image, image_, force_); !written) return written;
    console.PrintInfo(
        fmt::format("{}: row {} of A, of B, and the difference {:.3g} times as bright", image_,
                    comparison.worst->row, drawn->magnified));
    return {};
  }

  std::string Text(const ComparedSides& sides, const Tolerance& tolerance,
                   const Comparison& comparison) const {
    const bool table = emit_.empty() ? TerminalOf(STDOUT_FILENO).there : emit_ == "table";
    return table ? ComparisonTable(sides.a, sides.b, comparison, TerminalWidth(STDOUT_FILENO))
                 : ComparisonToJson(sides.a, sides.b, tolerance, comparison);
  }

  std::vector<std::string> inputs_;
  std::optional<double> atol_, rtol_;
  std::optional<uint64_t> ulp_;
  SideArguments a_, b_;
  std::string emit_, frame_, image_;
  bool force_ = false;
  ConductArguments conduct_;
};

}  // namespace

const Command kCompare = {"compare", "Where two tensors, or a tensor and pictures, differ, and why",
                          R"(Examples:
  imnorm compare a.npy b.safetensors         exit code 0: equal, 1: different
  imnorm compare a.npy b.npy --atol 1e-6
  imnorm compare a.npy photos/               a.npy made again, by its manifest's plan
  imnorm compare theirs.npy photos/ --plan-b imagenet
  imnorm compare photos/ --plan-a imagenet --like-b torch
                                             one folder under two plans

)",
                          [](Options& options) -> std::unique_ptr<Invocation> {
                            return std::make_unique<CompareCommand>(options);
                          }};

}  // namespace imnorm::cli
