// argv -> a command with its options, or the text that was asked for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "cli/command.h"
#include "imnorm/error.h"

namespace imnorm::cli {

// Text that the command line asked for and nothing else: --help, --version.
struct Answer {
  std::string text;
};

// Errors:   kBadArgument, with the nearest spelling of an unknown command or option
Result<std::variant<std::unique_ptr<Invocation>, Answer>> Parse(int argc, const char* const* argv);

// What a command declares: its operands and options, in the order of its help.
std::vector<DeclaredOption> OptionsOf(const Command& command);

// The help of a command, as its --help prints it; of imnorm itself for "".
//
// Errors:   kBadArgument: no such command, with the nearest
Result<std::string> HelpOf(std::string_view command);

}  // namespace imnorm::cli
