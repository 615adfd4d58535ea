// The options of a group as a command line sets them.
#pragma once

#include <CLI/CLI.hpp>
#include <vector>

#include "cli/options.h"

namespace imnorm::cli {

using Words = std::vector<const char*>;

template <typename Arguments>
struct Parsed {
  Arguments arguments;
  std::vector<GivenOption> given;
};

// Parses `words` with the options that `add(options, arguments)` declares.
//
// Errors:   throws CLI::ParseError
template <typename Arguments, typename Add>
Parsed<Arguments> ParseGroup(const Add& add, std::vector<const char*> words) {
  Parsed<Arguments> parsed;
  CLI::App app;
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  Options options(app);
  add(options, parsed.arguments);
  words.insert(words.begin(), "imnorm");
  app.parse(int(words.size()), words.data());
  parsed.given = options.Given();
  return parsed;
}

// What is wrong, or nothing.
template <typename T>
std::string Complaint(const Result<T>& result) {
  return result ? "" : result.error().message;
}

}  // namespace imnorm::cli
