// The command line on CLI11, which is included here only, since its headers cost static
// initialisers in each file: options as groups declare them, commands from their list, errors with
// the nearest spelling.
#include "cli/parse.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/help.h"
#include "cli/parse_values.h"
#include "cli/spaced_lists.h"
#include "imnorm/plan.h"
#include "imnorm/words.h"

namespace imnorm::cli {
Result<void> RefuseGiven(const std::vector<GivenOption>& given, Fits fits, std::string_view why) {
  for (const GivenOption& option : given) {
    const bool size =
        fits == Fits::kPictures && option.fits == Fits::kSizes && option.value != "none";
    if (option.fits != fits && !size) continue;
    return Fail(ErrorCode::kBadArgument, fmt::format("{} {}", option.flag, why));
  }
  return {};
}

CLI::Option* Options::Keep(CLI::Option* option, const OptionText& text, bool is_operand) {
  if (!text.value.empty() || is_operand) option->type_name(text.value);
  if (!is_operand) option->group(group_);
  entries_.push_back({option, {text, group_, is_operand}});
  return option;
}

void Options::Flag(const OptionText& text, bool& target, bool value) {
  Keep(app_.add_flag_callback(
           text.names, [&target, value] { target = value; }, text.help),
       text);
}

void Options::Text(const OptionText& text, std::string& target) {
  Keep(app_.add_option(text.names, target, text.help), text);
}

void Options::Text(const OptionText& text, std::optional<std::string>& target) {
  Keep(app_.add_option(text.names, target, text.help), text);
}

void Options::TextOr(const OptionText& text, std::string& target, std::string otherwise) {
  const auto set = [&target, otherwise = std::move(otherwise)](const std::string& given) {
    target = given.empty() ? otherwise : given;
  };
  Keep(app_.add_option_function<std::string>(text.names, set, text.help), text)->expected(0, 1);
}

// CLI11 takes -3 for 2^64 - 3 where a count is wanted, and 010 for 8.
template <typename T, typename Target>
void Options::AddNumber(const OptionText& text, Target& target) {
  const std::string name = text.names;
  const auto set = [&target, name](const std::string& given) {
    const auto number = ParseNumber<T>(given);
    if (!number) throw CLI::ValidationError(name, number.error().message);
    target = *number;
  };
  Keep(app_.add_option_function<std::string>(text.names, set, text.help), text);
}

void Options::Number(const OptionText& text, int& target) { AddNumber<int>(text, target); }
void Options::Number(const OptionText& text, std::optional<int>& target) {
  AddNumber<int>(text, target);
}
void Options::Number(const OptionText& text, std::optional<int64_t>& target) {
  AddNumber<int64_t>(text, target);
}
void Options::Number(const OptionText& text, std::optional<uint64_t>& target) {
  AddNumber<uint64_t>(text, target);
}
void Options::Number(const OptionText& text, std::optional<double>& target) {
  AddNumber<double>(text, target);
}

void Options::Each(const OptionText& text, std::vector<std::string>& target, char separator) {
  CLI::Option* option = Keep(app_.add_option(text.names, target, text.help), text);
  if (separator != '\0') option->delimiter(separator);
  option->take_all()->allow_extra_args(false);  // what follows is an INPUT
}

void Options::Inputs(const OptionText& text, std::vector<std::string>& target, bool required) {
  Keep(app_.add_option(text.names, target, text.help), text, true)->take_all()->required(required);
}

void Options::Input(const OptionText& text, std::string& target) {
  Keep(app_.add_option(text.names, target, text.help), text, true);
}

std::vector<DeclaredOption> Options::Declared() const {
  std::vector<DeclaredOption> declared;
  for (const Entry& entry : entries_) declared.push_back(entry.declared);
  return declared;
}

std::vector<GivenOption> Options::Given() const {
  std::vector<GivenOption> given;
  for (const auto& [option, declared] : entries_) {
    if (declared.is_operand || option->count() == 0) continue;
    const auto& values = option->results();
    given.push_back({"--" + option->get_lnames().front(), declared.text.fits,
                     values.empty() ? "" : values.back()});
  }
  return given;
}

namespace {

constexpr size_t kHelpColumn = 30;
constexpr size_t kHelpWidth = 80 - kHelpColumn;

// Breaks a line behind the last space or bar that fits.
std::string Wrapped(std::string text, size_t width) {
  for (size_t begin = 0; text.size() - begin > width;) {
    size_t end = text.find_last_of(" |", begin + width - (text[begin + width] == ' ' ? 0 : 1));
    if (end == std::string::npos || end <= begin) return text;
    if (text[end] == ' ') {
      text[end] = '\n';
    } else {
      text.insert(++end, 1, '\n');
    }
    begin = end + 1;
  }
  return text;
}

// Help that begins with examples and fits 80 columns.
class ExamplesFirst : public CLI::Formatter {
 public:
  ExamplesFirst() { column_width(kHelpColumn); }

  std::string make_option_desc(const CLI::Option* option) const override {
    return Wrapped(CLI::Formatter::make_option_desc(option), kHelpWidth);
  }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    const std::string help = CLI::Formatter::make_help(app, std::move(name), mode);
    return mode == CLI::AppFormatMode::Normal ? ExamplesOf(app->get_name()) + help : help;
  }
};

const Command* Find(std::string_view name) {
  const auto commands = Commands();
  const auto found =
      std::ranges::find_if(commands, [&](const Command* c) { return c->name == name; });
  return found == commands.end() ? nullptr : *found;
}

// "stats, merge, normalize or presets"
std::string NamesOfCommands() {
  std::vector<std::string_view> names;
  for (const Command* command : Commands()) names.push_back(command->name);
  const std::string_view last = names.back();
  names.pop_back();
  return fmt::format("{} or {}", fmt::join(names, ", "), last);
}

std::string UnknownCommand(std::string_view word) {
  std::vector<std::string> names;
  for (const Command* command : Commands()) names.emplace_back(command->name);
  const std::string nearest = NearestWord(word, names);
  return fmt::format("unknown command \"{}\": {}it takes {}", word,
                     nearest.empty() ? "" : fmt::format("did you mean \"{}\"? ", nearest),
                     NamesOfCommands());
}

// The parser with all commands, of which the one that is used has its options: making those of all
// costs more than all else that --version does.
class Parser {
 public:
  explicit Parser(const Command* used)
      : app_("imnorm: exact image preprocessing and dataset statistics", "imnorm") {
    app_.set_version_flag("-V,--version", [] { return VersionText(); });
    app_.require_subcommand(1);
    // As everywhere else: what a script or an alias says first can be said again.
    app_.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    const auto formatter = std::make_shared<ExamplesFirst>();
    app_.formatter(formatter);
    for (const Command* command : Commands()) {
      CLI::App* sub =
          app_.add_subcommand(std::string(command->name), std::string(command->summary));
      sub->formatter(formatter);
      if (command != used) continue;
      used_ = sub;
      options_.emplace(*sub);
      invocation_ = command->add(*options_);
    }
  }

  Result<std::variant<std::unique_ptr<Invocation>, Answer>> Parse(int argc,
                                                                  const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return Answer{Help()};
    } catch (const CLI::CallForVersion& version) {
      return Answer{std::string(version.what()) + "\n"};
    } catch (const CLI::RequiredError& error) {
      const std::string what = used_ == nullptr ? fmt::format("{}: a command comes first: {}",
                                                              argv[1], NamesOfCommands())
                                                : error.what();
      return Fail(ErrorCode::kBadArgument, what + Suggestion(argc, argv));
    } catch (const CLI::ParseError& error) {
      return Fail(ErrorCode::kBadArgument, error.what() + Suggestion(argc, argv));
    }
    invocation_->given = options_->Given();
    return std::move(invocation_);
  }

  std::string Help() const { return used_ == nullptr ? app_.help() : used_->help("imnorm"); }

 private:
  // The nearest known spelling of the first unknown option, as a hint.
  std::string Suggestion(int argc, const char* const* argv) const {
    const CLI::App* command = used_ == nullptr ? &app_ : used_;
    std::vector<std::string> names;
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    for (int i = 1; i < argc; ++i) {
      const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
      if (!word.starts_with("--") || std::count(names.begin(), names.end(), word) > 0) continue;
      const std::string nearest = NearestWord(word, names);
      if (!nearest.empty()) return fmt::format("; did you mean {}?", nearest);
    }
    return "";
  }

  CLI::App app_;
  CLI::App* used_ = nullptr;
  std::optional<Options> options_;
  std::unique_ptr<Invocation> invocation_;
};

}  // namespace

Result<std::variant<std::unique_ptr<Invocation>, Answer>> Parse(int argc, const char* const* argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  const Command* used = Find(word);
  if (used == nullptr && !word.starts_with('-')) {
    return Fail(ErrorCode::kBadArgument, UnknownCommand(word));
  }
  if (std::string trouble = SpacedListTrouble(argc, argv); !trouble.empty()) {
    return Fail(ErrorCode::kBadArgument, std::move(trouble));
  }
  return Parser(used).Parse(argc, argv);
}

std::vector<DeclaredOption> OptionsOf(const Command& command) {
  CLI::App app;
  Options options(app);
  const auto invocation = command.add(options);
  return options.Declared();
}

Result<std::string> HelpOf(std::string_view command) {
  const Command* found = Find(command);
  if (found == nullptr && !command.empty()) {
    return Fail(ErrorCode::kBadArgument, UnknownCommand(command));
  }
  return Parser(found).Help();
}

}  // namespace imnorm::cli
