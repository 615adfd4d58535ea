// Completions for shells and manual pages, made of what the commands declare.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace imnorm::cli {

// What may stand for an option's value.
struct ValueWords {
  std::vector<std::string> choices;  // words that are values themselves
  bool is_file = false;              // a file or folder
  bool is_preset = false;            // a preset's name, a file too
};

// Read off the option's text: alternatives stand as a|b|c in its value or its help, what names a
// file is called FILE, DIR or OUT.
ValueWords WordsOf(const OptionText& text);

// "-j,--threads" -> {"-j", "--threads"}
std::vector<std::string> NamesOf(const OptionText& text);

// A command with what it declares.
struct DescribedCommand {
  const Command* command;
  std::vector<DeclaredOption> options;
};
std::vector<DescribedCommand> DescribeCommands();

// The completion script of a shell, whose words are those of this very binary.
std::string BashCompletions(std::span<const DescribedCommand> commands);
std::string ZshCompletions(std::span<const DescribedCommand> commands);
std::string FishCompletions(std::span<const DescribedCommand> commands);

// The manual page of a command, or of imnorm itself for nullptr, as roff for man(1).
std::string ManualPage(const DescribedCommand* described);

}  // namespace imnorm::cli
