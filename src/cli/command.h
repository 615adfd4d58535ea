// What a command is: one value, in its own file under commands/, and one line in commands.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "cli/groups/conduct.h"
#include "cli/options.h"

namespace imnorm::cli {

// A command with the fields that its options set.
class Invocation {
 public:
  virtual ~Invocation() = default;

  // Does the work and returns the exit code.
  virtual int Run(Console& console) = 0;

  std::vector<GivenOption> given;  // set once the command line is parsed
  ConsoleArguments loudness;
};

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view examples;  // what its help begins with, since most people want one of those
  // Declares its options, which set fields of what it returns.
  std::unique_ptr<Invocation> (*add)(Options& options);
};

// All of them, in the order in which they are listed to people.
std::span<const Command* const> Commands();

}  // namespace imnorm::cli
