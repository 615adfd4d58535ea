// What a value may be, read off an option's text; and all commands with their options.
#include "cli/completions.h"

#include <algorithm>

#include "cli/parse.h"

namespace imnorm::cli {
namespace {

std::vector<std::string> Split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(at, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// The first word of a text that lists alternatives.
std::string_view Alternatives(std::string_view text) {
  const size_t bar = text.find('|');
  if (bar == std::string_view::npos) return {};
  const size_t space = text.rfind(' ', bar);
  const size_t begin = space == std::string_view::npos ? 0 : space + 1;
  std::string_view word = text.substr(begin, text.find(' ', bar) - begin);
  while (word.ends_with(':') || word.ends_with(',') || word.ends_with(';')) word.remove_suffix(1);
  return word;
}

// A word as it is typed: no placeholder (upper case), no pattern (#rrggbb).
bool IsTyped(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// "torch[-float]" is torch and torch-float.
void AddChoice(std::string word, std::vector<std::string>& choices) {
  if (const size_t bracket = word.find('['); bracket != std::string::npos && word.ends_with(']')) {
    const std::string stem = word.substr(0, bracket);
    AddChoice(stem, choices);
    AddChoice(stem + word.substr(bracket + 1, word.size() - bracket - 2), choices);
  } else if (IsTyped(word)) {
    choices.push_back(std::move(word));
  }
}

}  // namespace

std::vector<std::string> NamesOf(const OptionText& text) { return Split(text.names, ','); }

ValueWords WordsOf(const OptionText& text) {
  ValueWords words;
  if (text.value.empty()) return words;
  const std::vector<std::string> values = Split(text.value, '|');
  for (const std::string& value : values) {
    words.is_file |= value == "FILE" || value == "DIR" || value == "OUT";
    AddChoice(value, words.choices);
  }
  if (words.choices.empty()) {
    for (std::string& word : Split(Alternatives(text.help), '|')) {
      AddChoice(std::move(word), words.choices);
    }
  }
  words.is_preset = text.names == "--preset";
  return words;
}

std::vector<DescribedCommand> DescribeCommands() {
  std::vector<DescribedCommand> described;
  for (const Command* command : Commands()) described.push_back({command, OptionsOf(*command)});
  return described;
}

}  // namespace imnorm::cli
