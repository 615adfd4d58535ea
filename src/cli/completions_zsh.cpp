// The completion script for zsh, by its _arguments.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completions.h"

namespace imnorm::cli {
namespace {

// In single quotes, with what _arguments reads as punctuation escaped.
std::string Quoted(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') quoted += '\\';
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted;
}

// What follows an option: ":what:how".
std::string Action(const OptionText& text) {
  if (text.value.empty()) return "";
  const ValueWords words = WordsOf(text);
  std::string how = " ";
  if (words.is_preset) {
    how = "_imnorm_presets";
  } else if (!words.choices.empty()) {
    how = fmt::format("({})", fmt::join(words.choices, " "));
  } else if (words.is_file) {
    how = "_files";
  }
  return fmt::format(":{}:{}", Quoted(text.value), how);
}

std::string Operand(std::string_view name) {
  if (name == "COMMAND") return "'1:command:_imnorm_commands'";
  if (name == "SHELL") return "'1:shell:(bash zsh fish)'";
  if (name == "NAME") return "'1:preset:_imnorm_presets'";
  return "'*:file:_files'";
}

}  // namespace

std::string ZshCompletions(std::span<const DescribedCommand> commands) {
  std::string summaries, arguments;
  for (const auto& [command, declared] : commands) {
    summaries += fmt::format("    '{}:{}'\n", command->name, Quoted(command->summary));
    arguments += fmt::format("        {})\n          _arguments -s -S \\\n", command->name);
    for (const DeclaredOption& option : declared) {
      if (option.is_operand) continue;
      const std::vector<std::string> names = NamesOf(option.text);
      for (const std::string& name : names) {
        // One name of an option rules the others out.
        const std::string others =
            names.size() > 1 ? fmt::format("({})", fmt::join(names, " ")) : "";
        arguments += fmt::format("            '{}{}[{}]{}' \\\n", others, name,
                                 Quoted(option.text.help), Action(option.text));
      }
    }
    std::string operand = "'*:file:_files'";
    for (const DeclaredOption& option : declared) {
      if (option.is_operand) operand = Operand(option.text.names);
    }
    arguments += fmt::format("            '--help[Show help]' \\\n            {} ;;\n", operand);
  }
  return fmt::format(R"zsh(#compdef imnorm
# Completions of imnorm for zsh: source <(imnorm completions zsh)
_imnorm_commands() {{
  local -a known
  known=(
{}  )
  _describe command known
}}
_imnorm_presets() {{
  local -a known
  known=(${{(f)"$(imnorm completions presets 2>/dev/null)"}})
  compadd -a known
  _files
}}
_imnorm() {{
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '(- *)'{{-V,--version}}'[Show versions]' '(- *)--help[Show help]' \
    '1:command:_imnorm_commands' '*::argument:->arguments'
  case $state in
    arguments)
      case $words[1] in
{}      esac ;;
  esac
}}
if [ "$funcstack[1]" = "_imnorm" ]; then
  _imnorm "$@"
else
  compdef _imnorm imnorm
fi
)zsh",
                     summaries, arguments);
}

}  // namespace imnorm::cli
