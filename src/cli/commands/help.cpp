// imnorm help: of itself, or of a command.
#include "cli/commands/help.h"

#include "cli/answer.h"
#include "cli/exit_code.h"
#include "cli/parse.h"

namespace imnorm::cli {
namespace {

class Help : public Invocation {
 public:
  explicit Help(Options& options) {
    options.Input({"COMMAND", "", "Whose options to show"}, command_);
  }

  int Run(Console& console) override {
    const auto text = HelpOf(command_);
    return text ? PrintAnswer(*text, kExitDone, console) : FailWith(text.error(), console);
  }

 private:
  std::string command_;
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
