// imnorm inspect: each FILE is described, as a table on a terminal and as JSON elsewhere.
#include "cli/commands/inspect.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "cli/answer.h"
#include "cli/exit_code.h"
#include "cli/inspect_file.h"
#include "cli/parse_values.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "json/json_value.h"

namespace imnorm::cli {
namespace {

using Json = nlohmann::ordered_json;

class Inspect : public Invocation {
 public:
  explicit Inspect(Options& options) {
    options.Inputs({"FILE", "", "Pictures, tensors, statistics, manifests, plans"}, files_,
                   /*required=*/true);
    options.Text({"--shape", "N,C,H,W", "Of files of elements alone (raw)"}, shape_);
    options.Text({"--dtype", "TYPE", "Of such files: float32, uint8, ..."}, dtype_);
    options.Text({"--emit", "FORM", "json|table (table on a terminal, else json)"}, emit_);
    AddLoudness(options, loudness);
  }

  int Run(Console& console) override {
    const auto raw = ResolveRaw();
    if (!raw) return FailWith(raw.error(), console);
    if (!emit_.empty() && emit_ != "json" && emit_ != "table") {
      return FailWith(NoSuchWord("--emit", emit_, {"json", "table"}).value(), console);
    }
    for (const std::string& file : files_) {
      if (access(file.c_str(), F_OK) == 0) continue;
      return FailWith({ErrorCode::kNotFound, fmt::format("{}: {}", file, std::strerror(errno))},
                      console);
    }
    Json all;
    all["schema"] = "imnorm.inspect/1";
    all["files"] = Json::array();
    size_t failed = 0;
    for (const std::string& file : files_) {
      auto described = InspectFile(file, *raw, [] { return StopSignal().load() != 0; });
      if (described) {
        all["files"].push_back(std::move(*described));
      } else {
        console.PrintFailure({all["files"].size() + failed, file, described.error()});
        ++failed;
      }
    }
    const int code = all["files"].empty() ? kExitNotDone : failed > 0 ? kExitSomeFailed : kExitDone;
    return all["files"].empty() ? code : PrintAnswer(Text(all), code, console);
  }

 private:
  Result<std::optional<RawShape>> ResolveRaw() const {
    if (shape_.empty() && dtype_.empty()) return std::optional<RawShape>();
    if (shape_.empty() || dtype_.empty()) {
      return Fail(ErrorCode::kBadArgument, "--shape and --dtype go together");
    }
    RawShape raw{};
    const auto* row = std::ranges::find_if(
        kElementTypes, [&](const ElementTypeRow& known) { return known.word == dtype_; });
    if (row == std::end(kElementTypes)) {
      std::vector<std::string> known;
      for (const ElementTypeRow& type : kElementTypes) known.emplace_back(type.word);
      return NoSuchWord("--dtype", dtype_, known);
    }
    raw.type = row->type;
    size_t at = 0;
    while (at <= shape_.size()) {
      const size_t end = std::min(shape_.find(',', at), shape_.size());
      const auto side = ParseNumber<int64_t>(std::string_view(shape_).substr(at, end - at));
      if (!side || *side < 1) {
        return Fail(
            ErrorCode::kBadArgument,
            fmt::format("--shape \"{}\": it takes sizes of 1 or more, as 8,3,224,224", shape_));
      }
      raw.shape.push_back(*side);
      at = end + 1;
    }
    return raw;
  }

  std::string Text(const Json& all) const {
    const bool table = emit_.empty() ? TerminalOf(STDOUT_FILENO).there : emit_ == "table";
    if (!table) return JsonText(all, 2) + "\n";
    std::string text;
    for (const Json& file : all["files"]) {
      if (!text.empty()) text += "\n";
      text += InspectionTable(file, TerminalWidth(STDOUT_FILENO));
    }
    return text;
  }

  std::vector<std::string> files_;
  std::string shape_, dtype_, emit_;
};

}  // namespace

const Command kInspect = {"inspect", "What files hold: pictures, tensors, statistics, manifests",
                          R"(Examples:
  imnorm inspect x.npy                     shape, and mean, std, min, max a channel
  imnorm inspect x.npy | jq .files[0].plan what it was made by
  imnorm inspect photos/*.jpg              size, orientation... from their headers
  imnorm inspect x.raw --shape 8,3,224,224 --dtype float32

)",
                          [](Options& options) -> std::unique_ptr<Invocation> {
                            return std::make_unique<Inspect>(options);
                          }};

}  // namespace imnorm::cli
