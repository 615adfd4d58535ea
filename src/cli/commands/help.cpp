// imnorm help: of itself, or of a command.
#include "cli/commands/help.h"

#include "cli/answer.h"
#include "cli/completions.h"
#include "cli/exit_code.h"
#include "cli/parse.h"

namespace imnorm::cli {
namespace {

class Help : public Invocation {
 public:
  explicit Help(Options& options) {
    options.Input({"COMMAND", "", "Whose options to show"}, command_);
    options.Flag({"--man", "", "As a manual page: imnorm help stats --man | man -l -"}, man_);
  }

  int Run(Console& console) override {
    const auto text = man_ ? Page() : HelpOf(command_);
    return text ? PrintAnswer(*text, kExitDone, console) : FailWith(text.error(), console);
  }

 private:
  Result<std::string> Page() const {
    if (command_.empty()) return ManualPage(nullptr);
    for (const DescribedCommand& described : DescribeCommands()) {
      if (described.command->name == command_) return ManualPage(&described);
    }
    return HelpOf(command_);  // says which there are
  }

  std::string command_;
  bool man_ = false;
};

}  // namespace

const Command kHelp = {"help", "Show what a command takes",
                       R"(Examples:
  imnorm help normalize       as imnorm normalize --help

)",
                       [](Options& options) -> std::unique_ptr<Invocation> {
                         return std::make_unique<Help>(options);
                       }};

}  // namespace imnorm::cli
