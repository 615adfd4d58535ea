// The examples that a command's help begins with are command lines of that command.
#include <catch2/catch.hpp>
#include <iterator>
#include <sstream>

#include "cli/parse.h"

namespace imnorm::cli {
namespace {

// The words of an example, without what explains it behind them.
std::vector<std::string> WordsOf(const std::string& example) {
  std::istringstream stream(example.substr(0, example.find("  ")));
  return {std::istream_iterator<std::string>(stream), {}};
}

}  // namespace

TEST_CASE("every example of every command parses as a call of it", "[cli]") {
  for (const Command* command : Commands()) {
    std::istringstream lines{std::string(command->examples)};
    int examples = 0;
    for (std::string line; std::getline(lines, line);) {
      const size_t begin = line.find("imnorm " + std::string(command->name));
      if (begin == std::string::npos) continue;
      CAPTURE(line);
      const std::vector<std::string> words = WordsOf(line.substr(begin));
      std::vector<const char*> argv;
      for (const std::string& word : words) argv.push_back(word.c_str());
      const auto parsed = Parse(int(argv.size()), argv.data());
      CHECK((parsed ? "" : parsed.error().message) == "");
      ++examples;
    }
    CAPTURE(command->name);
    CHECK(examples > 0);
  }
}

}  // namespace imnorm::cli
