// The completion script for fish.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completions.h"

namespace imnorm::cli {
namespace {

std::string Quoted(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return "'" + quoted + "'";
}

constexpr const char* kPresets = "(imnorm completions presets 2>/dev/null)";

// What follows an option: -x takes only what is listed, -r files too.
std::string Argument(const OptionText& text) {
  if (text.value.empty()) return "";
  const ValueWords words = WordsOf(text);
  if (words.is_preset) return fmt::format(" -r -a '{}'", kPresets);
  const std::string list =
      words.choices.empty() ? "" : fmt::format(" -a '{}'", fmt::join(words.choices, " "));
  return (words.is_file ? " -r" : " -x") + list;
}

}  // namespace

std::string FishCompletions(std::span<const DescribedCommand> commands) {
  std::string text = "# Completions of imnorm for fish: imnorm completions fish | source\n";
  text += "complete -c imnorm -n __fish_use_subcommand -f\n";
  text += "complete -c imnorm -n __fish_use_subcommand -s V -l version -d 'Show versions'\n";
  std::vector<std::string_view> names;
  for (const auto& [command, declared] : commands) {
    names.push_back(command->name);
    text += fmt::format("complete -c imnorm -n __fish_use_subcommand -a {} -d {}\n", command->name,
                        Quoted(command->summary));
  }
  for (const auto& [command, declared] : commands) {
    const std::string within =
        fmt::format("complete -c imnorm -n '__fish_seen_subcommand_from {}'", command->name);
    for (const DeclaredOption& option : declared) {
      std::string flags;
      if (option.is_operand) {
        if (option.text.names == "COMMAND")
          flags = fmt::format(" -f -a '{}'", fmt::join(names, " "));
        if (option.text.names == "SHELL") flags = " -f -a 'bash zsh fish'";
        if (option.text.names == "NAME") flags = fmt::format(" -f -a '{}'", kPresets);
        if (!flags.empty()) text += within + flags + "\n";
        continue;
      }
      for (const std::string& name : NamesOf(option.text)) {
        flags += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      text += fmt::format("{}{}{} -d {}\n", within, flags, Argument(option.text),
                          Quoted(option.text.help));
    }
  }
  return text;
}

}  // namespace imnorm::cli
