// The options of a command as argument groups declare them; the parser behind them is parse.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace imnorm::cli {

// What an option is for. One that is given where it has no meaning must not seem to have been
// obeyed: RefuseGiven says its name.
enum class Fits {
  kAll,
  kPictures,  // chooses, shapes or looks at pictures: a tensor's samples are taken as they are
  kSizes,     // likewise, but a "none" of it asks for nothing
  kLayers,    // batch, layer, instance and group normalisation
  kGroups,    // group normalisation
};

// An option as the help shows it.
struct OptionText {
  std::string names;  // "-j,--threads"
  std::string value;  // what stands for its value: "N"; "" for flags
  std::string help;
  Fits fits = Fits::kAll;
};

// An option as it was declared: what help, completions and manual pages are made of.
struct DeclaredOption {
  OptionText text;
  std::string group;        // the heading that it stands under
  bool is_operand = false;  // what stands without an option, by its name in text.names
};

// An option that stood on the command line.
struct GivenOption {
  std::string flag;  // its long name
  Fits fits = Fits::kAll;
  std::string value;  // the last one, as it was written
};

// Refuses the first option that is given for what there is not: "--crop `why`".
//
// Rules:    kPictures means kSizes too
// Errors:   kBadArgument
Result<void> RefuseGiven(const std::vector<GivenOption>& given, Fits fits, std::string_view why);

// Declares options and the fields that they set. Fields keep their address until the parse.
//
// Rules:    of an option that is given twice the last one counts, but for Each and Inputs
class Options {
 public:
  explicit Options(CLI::App& app) : app_(app) {}

  // The heading of what is declared from here on.
  void Group(std::string name) { group_ = std::move(name); }

  void Flag(const OptionText& text, bool& target, bool value = true);
  void Text(const OptionText& text, std::string& target);
  void Text(const OptionText& text, std::optional<std::string>& target);
  // One whose value may be left out, and is `otherwise` then.
  void TextOr(const OptionText& text, std::string& target, std::string otherwise);
  // A number as it is written: nothing is taken for octal, and no sign is wrapped.
  void Number(const OptionText& text, int& target);
  void Number(const OptionText& text, std::optional<int>& target);
  void Number(const OptionText& text, std::optional<int64_t>& target);
  void Number(const OptionText& text, std::optional<uint64_t>& target);
  void Number(const OptionText& text, std::optional<double>& target);
  // May be given several times; with a separator also several in one word.
  void Each(const OptionText& text, std::vector<std::string>& target, char separator = '\0');
  // What stands without an option.
  void Inputs(const OptionText& text, std::vector<std::string>& target, bool required = false);
  void Input(const OptionText& text, std::string& target);

  // In the order of the declarations.
  std::vector<DeclaredOption> Declared() const;

  // After the parse: what was given, in the order of the declarations.
  std::vector<GivenOption> Given() const;

 private:
  struct Entry {
    CLI::Option* option;
    DeclaredOption declared;
  };
  CLI::Option* Keep(CLI::Option* option, const OptionText& text, bool is_operand = false);
  template <typename T, typename Target>
  void AddNumber(const OptionText& text, Target& target);

  CLI::App& app_;
  std::string group_ = "Options";
  std::vector<Entry> entries_;
};

}  // namespace imnorm::cli
