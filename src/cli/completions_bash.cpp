// The completion script for bash, which needs nothing but bash.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completions.h"

namespace imnorm::cli {
namespace {

// A line of the case over "command option": what completes its value.
std::string ValueLine(const Command& command, const OptionText& text) {
  const ValueWords words = WordsOf(text);
  if (text.value.empty()) return "";
  std::vector<std::string> patterns;
  for (const std::string& name : NamesOf(text)) {
    patterns.push_back(fmt::format("\"{} {}\"", command.name, name));
  }
  std::string list = fmt::format("{}", fmt::join(words.choices, " "));
  if (words.is_preset) list = "$(imnorm completions presets 2>/dev/null)";
  const char* files = words.is_file ? "files" : "none";
  return fmt::format("    {}) kind={}; list=\"{}\" ;;\n", fmt::join(patterns, "|"), files, list);
}

}  // namespace

std::string BashCompletions(std::span<const DescribedCommand> commands) {
  std::vector<std::string_view> names;
  std::string values, options;
  for (const auto& [command, declared] : commands) {
    names.push_back(command->name);
    std::string flags = "--help";
    std::string operands;
    for (const DeclaredOption& option : declared) {
      if (option.is_operand) {
        if (option.text.names == "COMMAND") operands = " list=\"$commands\"";
        if (option.text.names == "SHELL") operands = " list=\"bash zsh fish\"";
        if (option.text.names == "NAME") {
          operands = " list=\"$(imnorm completions presets 2>/dev/null)\"";
        }
        continue;
      }
      values += ValueLine(*command, option.text);
      for (const std::string& name : NamesOf(option.text)) flags += " " + name;
    }
    options += fmt::format("    {}) flags=\"{}\";{} ;;\n", command->name, flags, operands);
  }
  return fmt::format(R"bash(# Completions of imnorm for bash: source <(imnorm completions bash)
_imnorm() {{
  local commands="{0}"
  local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
  local kind=files list="" flags="--help --version"
  # bash takes the = of --filter=WORD for a word of its own.
  if [ "$current" = "=" ]; then
    current=""
  elif [ "$before" = "=" ]; then
    before="${{COMP_WORDS[COMP_CWORD-2]}}"
  fi
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "$commands $flags" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}} $before" in
{1}    *)
      case "${{COMP_WORDS[1]}}" in
{2}      esac
      case "$current" in
        -*) COMPREPLY=($(compgen -W "$flags" -- "$current")); return ;;
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$list" -- "$current"))
  if [ "$kind" = files ] && [ "${{#COMPREPLY[@]}}" -eq 0 ]; then
    compopt -o default 2>/dev/null
  fi
}}
complete -F _imnorm imnorm
)bash",
                     fmt::join(names, " "), values, options);
}

}  // namespace imnorm::cli
