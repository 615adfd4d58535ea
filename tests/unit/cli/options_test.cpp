// Options as they are declared, parsed and refused.
#include "cli/options.h"

#include <catch2/catch.hpp>

#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

struct Sample {
  std::string word, list = "none";
  std::optional<std::string> maybe;
  std::optional<uint64_t> count;
  int number = 0;
  bool flag = false, links = true;
  std::vector<std::string> each, inputs;
};

Parsed<Sample> Parse(std::vector<const char*> words) {
  const auto add = [](Options& options, Sample& a) {
    options.Text({"--word", "W", ""}, a.word);
    options.TextOr({"--list", "L", ""}, a.list, "1,2");
    options.Text({"--crop", "C", "", Fits::kSizes}, a.maybe);
    options.Number({"-n,--number", "N", ""}, a.number);
    options.Number({"--count", "N", "", Fits::kGroups}, a.count);
    options.Flag({"--flag", "", "", Fits::kLayers}, a.flag);
    options.Flag({"--no-links", "", ""}, a.links, false);
    options.Each({"--each", "E", ""}, a.each, ',');
    options.Inputs({"INPUT", "", ""}, a.inputs);
  };
  return ParseGroup<Sample>(add, std::move(words));
}

}  // namespace

TEST_CASE("options set their fields, and those that are not given leave them", "[cli]") {
  const Sample none = Parse({}).arguments;
  CHECK(none.word.empty());
  CHECK(none.list == "none");
  CHECK(!none.maybe);
  CHECK(!none.count);
  CHECK(!none.flag);
  CHECK(none.links);
  const Sample all =
      Parse({"--word", "a", "--crop", "", "-n", "-3", "--count", "18446744073709551615", "--flag",
             "--no-links", "--each", "x,y", "--each", "z", "in", "out"})
          .arguments;
  CHECK(all.word == "a");
  CHECK(all.maybe == "");
  CHECK(all.number == -3);
  CHECK(all.count == ~uint64_t{0});
  CHECK(all.flag);
  CHECK(!all.links);
  CHECK(all.each == std::vector<std::string>{"x", "y", "z"});
  CHECK(all.inputs == std::vector<std::string>{"in", "out"});
}

TEST_CASE("the last of an option that is given twice counts", "[cli]") {
  CHECK(Parse({"--word", "a", "--word", "b"}).arguments.word == "b");
  CHECK(Parse({"-n", "1", "--number", "2"}).arguments.number == 2);
}

TEST_CASE("an option whose value may be left out has one then", "[cli]") {
  CHECK(Parse({"--list"}).arguments.list == "1,2");
  CHECK(Parse({"--list", "7"}).arguments.list == "7");
}

TEST_CASE("numbers are read as they are written", "[cli]") {
  CHECK(Parse({"-n", "010"}).arguments.number == 10);
  for (const char* word : {"1e3", "0x10", "3.5", "", "99999999999"}) {
    CAPTURE(word);
    CHECK_THROWS_AS(Parse({"-n", word}), CLI::ParseError);
  }
  CHECK_THROWS_AS(Parse({"--count", "-3"}), CLI::ParseError);
}

TEST_CASE("what was given is known with its last value", "[cli]") {
  CHECK(Parse({}).given.empty());
  const auto given = Parse({"--flag", "--crop", "3", "--crop", "none", "-n", "1"}).given;
  REQUIRE(given.size() == 3);
  CHECK(given[0].flag == "--crop");
  CHECK(given[0].fits == Fits::kSizes);
  CHECK(given[0].value == "none");
  CHECK(given[1].flag == "--number");
  CHECK(given[2].flag == "--flag");
  CHECK(given[2].fits == Fits::kLayers);
}

TEST_CASE("an option that does not fit is refused by name, a none of sizes is not", "[cli]") {
  const auto given = Parse({"--flag", "--crop", "3", "--word", "w"}).given;
  CHECK(RefuseGiven(given, Fits::kGroups, "goes"));
  CHECK(RefuseGiven(given, Fits::kLayers, "goes").error().message == "--flag goes");
  CHECK(RefuseGiven(given, Fits::kPictures, "is not").error().message == "--crop is not");
  CHECK(RefuseGiven(Parse({"--crop", "none"}).given, Fits::kPictures, "is not"));
  CHECK(!RefuseGiven({{"--ignore-value", Fits::kPictures, "none"}}, Fits::kPictures, "is not"));
  CHECK(!RefuseGiven({{"--momentum", Fits::kLayers, "none"}}, Fits::kLayers, "goes"));
}

}  // namespace imnorm::cli
