// imnorm completions: a shell's script, or the words that it asks for.
#include "cli/commands/completions.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/completions.h"
#include "cli/exit_code.h"
#include "imnorm/plan.h"
#include "plan/known_names.h"

namespace imnorm::cli {
namespace {

// What a preset may be called, a line each.
std::string PresetNames() {
  std::string names;
  for (const PresetInfo& preset : ListPresets()) names += preset.name + "\n";
  for (const std::string_view name : KnownNames()) names.append(name).append("\n");
  return names;
}

class Completions : public Invocation {
 public:
  explicit Completions(Options& options) {
    options.Input({"SHELL", "", "bash, zsh or fish"}, shell_);
  }

  int Run(Console& console) override {
    if (shell_ == "presets") return PrintAnswer(PresetNames(), kExitDone, console);
    const auto commands = DescribeCommands();
    std::string text;
    if (shell_ == "bash") {
      text = BashCompletions(commands);
    } else if (shell_ == "zsh") {
      text = ZshCompletions(commands);
    } else if (shell_ == "fish") {
      text = FishCompletions(commands);
    } else {
      const std::string what =
          shell_.empty() ? "a shell is missing" : fmt::format("no completions for \"{}\"", shell_);
      return FailWith({ErrorCode::kBadArgument, what + ": it takes bash, zsh or fish"}, console);
    }
    return PrintAnswer(text, kExitDone, console);
  }

 private:
  std::string shell_;
};

}  // namespace

const Command kCompletions = {"completions", "Print completions for a shell",
                              R"(Examples:
  imnorm completions fish                to be piped into source
  source <(imnorm completions bash)      also in ~/.bashrc
  source <(imnorm completions zsh)       after compinit

)",
                              [](Options& options) -> std::unique_ptr<Invocation> {
                                return std::make_unique<Completions>(options);
                              }};

}  // namespace imnorm::cli
