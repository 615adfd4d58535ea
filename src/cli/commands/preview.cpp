// imnorm preview: a contact sheet as a file, or on the terminal.
#include "cli/commands/preview.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/answer.h"
#include "cli/check_outputs.h"
#include "cli/exit_code.h"
#include "cli/groups/geometry.h"
#include "cli/groups/inputs.h"
#include "cli/groups/set_word.h"
#include "cli/groups/values.h"
#include "cli/sheet_options.h"
#include "cli/tell_run.h"
#include "cli/terminal.h"
#include "cli/worst_rows.h"
#include "io/durable_file.h"
#include "io/path_ending.h"
#include "io/standard_output.h"
#include "json/printable.h"

namespace imnorm::cli {
namespace {

// Of blocks a cell has so many columns at least: what a thumbnail needs to be known again.
constexpr int kBlockSide = 26;

class Preview : public Invocation {
 public:
  explicit Preview(Options& options) {
    AddInputs(options, inputs_);
    AddGeometry(options, geometry_, Fits::kAll);
    options.Group("Values of a tensor without a manifest");
    options.Text({"--mean", "A,B,C", "It was normalised with this mean"}, mean_);
    options.Text({"--std", "A,B,C", "... and this standard deviation"}, std_);
    options.Number({"--scale", "F", "... after a division by this (255)"}, scale_);
    AddSheet(options, sheet_);
    options.Group("Output");
    options.Text({"-o,--output", "FILE", "sheet.png or .jpg; -: the terminal, or a PNG to a pipe"},
                 output_);
    options.Flag({"--force", "", "Overwrite FILE"}, force_);
    AddConduct(options, conduct_, loudness);
    AddLoudness(options, loudness);
  }

  int Run(Console& console) override {
    auto sheet = ResolveSheet(sheet_);
    if (!sheet) return FailWith(sheet.error(), console);
    auto conduct = ResolveConduct(conduct_);
    if (!conduct) return FailWith(conduct.error(), console);
    const auto format = ResolveFormat();
    if (!format) return FailWith(format.error(), console);
    const auto source = ResolveSource(inputs_, given);
    if (!source) return FailWith(source.error(), console);
    const auto rows = ResolveRows(*source);
    if (!rows) return FailWith(rows.error(), console);
    if (geometry_.print_plan) {
      return PrintAnswer(PlanToJson(rows->plan.value_or(Plan())), kExitDone, console);
    }
    const auto list = List(*rows, *source, console);
    if (!list) return FailWith(list.error(), console);
    if (auto apart = CheckOutput(*list); !apart) return FailWith(apart.error(), console);
    if (!sheet_.worst.empty()) {
      auto worst = WorstRows(sheet_.worst, *rows, *list);
      if (!worst) return FailWith(Prefixed("--worst", worst.error()).value(), console);
      sheet->indices = std::move(*worst);
    }
    const bool terminal = output_ == "-" && TerminalOf(STDOUT_FILENO).there;
    const auto graphics = ResolveGraphics(sheet_);
    if (!graphics) return FailWith(graphics.error(), console);
    if (terminal || !sheet_.graphics.empty()) FitTerminal(*graphics, *sheet);

    ShowRunOn(console, *conduct);
    const auto drawn = DrawSheet(*rows, *list, *sheet, *conduct);
    console.EndProgress();
    if (!drawn) return FailWith(drawn.error(), console);
    const auto shown =
        terminal || !sheet_.graphics.empty() ? Show(*drawn, *graphics) : Write(*drawn, *format);
    if (!shown) return FailWith(shown.error(), console);
    Tell(*drawn, *sheet, console);
    return drawn->failures.empty() ? kExitDone : kExitSomeFailed;
  }

 private:
  Result<PictureFormat> ResolveFormat() const {
    if (output_.empty()) {
      return Fail(ErrorCode::kBadArgument,
                  "-o says where the sheet goes: sheet.png, or - for here");
    }
    if (!sheet_.graphics.empty() && output_ != "-") {
      return Fail(ErrorCode::kBadArgument, "--graphics goes with -o -");
    }
    if (output_ == "-" || HasEnding(output_, ".png")) return PictureFormat::kPng;
    if (HasEnding(output_, ".jpg") || HasEnding(output_, ".jpeg")) return PictureFormat::kJpeg;
    return Fail(ErrorCode::kBadArgument,
                fmt::format("-o {}: a sheet is written as .png, .jpg or .jpeg", output_));
  }

  // What is shown, and by which plan.
  Result<ComparedSide> ResolveRows(const SourceOptions& source) const {
    if (source.tensor.path.empty()) {
      if (mean_ || std_ || scale_) {
        return Fail(ErrorCode::kBadArgument,
                    "--mean, --std and --scale say how a tensor was made: pictures are shown as "
                    "they are");
      }
      auto plan = ResolveGeometry(geometry_);
      if (!plan) return Failed(plan);
      ComparedSide rows;
      rows.name =
          source.inputs.inputs.empty() ? source.inputs.files_from : source.inputs.inputs.front();
      // The pixels are shown, not how they are dealt into patches or normalised with others.
      plan->patches = {};
      if (plan->method != Method::kNone) plan->method = Method::kGiven;
      rows.plan = std::move(*plan);
      return rows;
    }
    auto side = SideOfTensor(source.tensor);
    if (!side) return Failed(side);
    ComparedSide rows = std::move(*side);
    if (geometry_.preset || geometry_.config) {
      auto plan = ResolveGeometry(geometry_);
      if (!plan) return Failed(plan);
      plan->layout = rows.plan ? rows.plan->layout : plan->layout;
      rows.plan = std::move(*plan);
    }
    if (mean_ || std_ || scale_) {
      Plan plan = rows.plan.value_or(Plan());
      plan.method = Method::kGiven;
      plan.denormalize = false;
      if (auto set = SetNumbers("--mean", mean_, plan.values.mean); !set) return Failed(set);
      if (auto set = SetNumbers("--std", std_, plan.values.std); !set) return Failed(set);
      SetScale(scale_, plan);
      rows.plan = std::move(plan);
    }
    if (const std::string& word = source.tensor.layout; !word.empty()) {
      if (word != "nchw" && word != "nhwc") {
        return Fail(ErrorCode::kBadArgument,
                    fmt::format("--input-layout {}: a sheet shows rows of nchw or nhwc", word));
      }
      if (!rows.plan) {
        return Fail(ErrorCode::kBadArgument,
                    "--input-layout goes with what says how the tensor was made: --mean and --std, "
                    "--preset, or a manifest beside it");
      }
      rows.plan->layout = word == "nhwc" ? Layout::kNhwc : Layout::kNchw;
    }
    return rows;
  }

  Result<InputList> List(const ComparedSide& rows, const SourceOptions& source,
                         Console& console) const {
    if (rows.is_tensor()) return InputList();
    const auto opened = OpenSourceOn(console, source);
    if (!opened) return Failed(opened);
    InputList list = opened->list();
    const ShardRange range = ShardOf(list.inputs.size(), opened->shard.index, opened->shard.count);
    list.inputs.erase(list.inputs.begin() + ptrdiff_t(range.end), list.inputs.end());
    list.inputs.erase(list.inputs.begin(), list.inputs.begin() + ptrdiff_t(range.begin));
    return list;
  }

  Result<void> CheckOutput(const InputList& list) const {
    if (output_ == "-") return {};
    FilesOfRun files;
    files.inputs = inputs_.inputs.inputs;
    files.Write("-o", output_);
    files.Write("--json-log", loudness.json_log);
    files.Read("--worst", sheet_.worst);
    if (auto apart = CheckOutputs(files, list); !apart) return apart;
    if (!force_ && access(output_.c_str(), F_OK) == 0) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("{} exists; --force overwrites it", output_));
    }
    return {};
  }

  // Characters are few: small cells without captions, as many as fit side by side.
  void FitTerminal(TerminalGraphics graphics, SheetOptions& sheet) const {
    if (HasPixels(graphics)) return;
    sheet.captions = false;
    if (!sheet_.side) sheet.side = kBlockSide;
    const int width = int(TerminalWidth(STDOUT_FILENO));
    if (!sheet_.columns) sheet.columns = std::max(1, (width - 10) / (sheet.side + 10));
    if (!sheet_.count && sheet.indices.empty()) sheet.count = uint64_t(sheet.columns) * 3;
  }

  static Result<void> Show(const Sheet& sheet, TerminalGraphics graphics) {
    return WriteStdout(TerminalPicture(sheet.image, graphics));
  }

  Result<void> Write(const Sheet& sheet, PictureFormat format) const {
    const auto bytes = EncodePicture(sheet.image, format);
    if (!bytes) return Prefixed(output_, bytes.error());
    const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    return output_ == "-" ? WriteStdout(text) : WriteWholeFile(output_, text, force_);
  }

  void Tell(const Sheet& drawn, const SheetOptions& sheet, Console& console) const {
    const bool all = drawn.shown.size() == drawn.available;
    const std::string which = !sheet.indices.empty() || all ? "" : ", evenly spread";
    console.PrintInfo(fmt::format(
        "{}{} of {} {}{}{}", output_ == "-" ? "" : output_ + ": ",
        all ? "all" : fmt::format("{}", drawn.shown.size()), drawn.available,
        IsTensorInput(inputs_) ? "rows" : "pictures", which,
        drawn.failures.empty() ? "" : fmt::format(", {} not read", drawn.failures.size())));
  }

  InputArguments inputs_;
  GeometryArguments geometry_;
  SheetArguments sheet_;
  std::optional<std::string> mean_, std_;
  std::optional<double> scale_;
  std::string output_;
  bool force_ = false;
  ConductArguments conduct_;
};

}  // namespace

const Command kPreview = {"preview", "A contact sheet: what the network will see, for eyes",
                          R"(Examples:
  imnorm preview photos/ --preset clip -o sheet.png
                                        pictures as the preset makes them
  imnorm preview photos/ --preset clip --show window -o cut.png
                                        what it cuts off, on the pictures
  imnorm preview x.npy -o sheet.jpg     a tensor, by its manifest's plan
  imnorm preview photos/ -o -           on this terminal

)",
                          [](Options& options) -> std::unique_ptr<Invocation> {
                            return std::make_unique<Preview>(options);
                          }};

}  // namespace imnorm::cli
