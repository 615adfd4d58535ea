// The whole command line: commands, help, and what is wrong where.
#include "cli/parse.h"

#include <catch2/catch.hpp>
#include <set>

#include "cli/flags.h"
#include "cli/help.h"

namespace imnorm::cli {
namespace {

using Outcome = Result<std::variant<std::unique_ptr<Invocation>, Answer>>;

Outcome ParseWords(std::vector<const char*> words) {
  words.insert(words.begin(), "imnorm");
  return Parse(int(words.size()), words.data());
}

std::string Complaint(std::vector<const char*> words) {
  const auto parsed = ParseWords(std::move(words));
  return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("every command has a name of its own, a summary, examples and options", "[cli]") {
  std::set<std::string_view> names;
  for (const Command* command : Commands()) {
    CAPTURE(command->name);
    CHECK(names.insert(command->name).second);
    CHECK(!command->summary.empty());
    CHECK(command->examples.starts_with("Examples:\n  imnorm " + std::string(command->name)));
    const auto help = HelpOf(command->name);
    REQUIRE(help);
    CHECK(help->starts_with(command->examples));
    CHECK_THAT(*help, Catch::Contains("Usage: imnorm " + std::string(command->name)));
    CHECK_THAT(ShortHelp(), Catch::Contains("\n  " + std::string(command->name) + " "));
    const std::string name(command->name);
    const auto asked = ParseWords({name.c_str(), "--help"});
    REQUIRE(asked);
    CHECK(std::get<Answer>(*asked).text == *help);
  }
}

TEST_CASE("every flag that stands for a setting is an option of some command", "[cli]") {
  std::string help;
  for (const Command* command : Commands()) help += *HelpOf(command->name) + "\n";
  for (const std::string_view flag : FlagsOfSettings()) {
    CAPTURE(flag);
    const bool there = help.find("  " + std::string(flag) + " ") != std::string::npos ||
                       help.find("," + std::string(flag) + " ") != std::string::npos ||
                       help.find("  " + std::string(flag) + ",") != std::string::npos;
    CHECK(there);
  }
}

TEST_CASE("a command is found, with what its console is to be", "[cli]") {
  const auto parsed = ParseWords({"stats", "photos", "-q", "--progress", "never"});
  REQUIRE(parsed);
  const auto& invocation = std::get<std::unique_ptr<Invocation>>(*parsed);
  REQUIRE(invocation);
  CHECK(invocation->loudness.quiet);
  CHECK(!invocation->loudness.verbose);
  CHECK(invocation->loudness.progress == "never");
  REQUIRE(invocation->given.size() == 2);
}

TEST_CASE("what is wrong is said with the nearest that is right", "[cli]") {
  CHECK(Complaint({"normalise"}) ==
        "unknown command \"normalise\": did you mean \"normalize\"? it takes stats, merge, "
        "normalize, inspect, compare, verify, preview, report, presets, formats, completions or "
        "help");
  CHECK_THAT(Complaint({"normalize", "x", "--preest", "clip"}),
             Catch::Contains("did you mean --preset?"));
  CHECK_THAT(Complaint({"-q"}), Catch::Contains("-q: a command comes first"));
  CHECK_THAT(Complaint({"merge"}), Catch::Contains("PARTIAL"));
  CHECK_THAT(Complaint({"stats", "x", "--ddof", "one"}),
             Catch::Contains("\"one\" is no whole number"));
  CHECK_THAT(Complaint({"normalize", "x", "--mean", "0.5", "0.5"}),
             Catch::Contains("--mean 0.5,0.5"));
  CHECK(HelpOf("presset").error().message.find("did you mean \"presets\"?") != std::string::npos);
  REQUIRE(HelpOf(""));
  CHECK_THAT(*HelpOf(""), Catch::Contains("normalize"));
}

}  // namespace imnorm::cli
