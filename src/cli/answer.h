// How a command ends: with an error, or with text on stdout.
#pragma once

#include <exception>
#include <string_view>

#include "cli/console.h"
#include "imnorm/error.h"

namespace imnorm::cli {

// Prints the error and returns its exit code.
int FailWith(const Error& error, Console& console);

// The same of an exception that ends a run: without memory in words that take none.
int FailWith(const std::exception& error) noexcept;

// Writes text to stdout; on a terminal only what is printable.
Result<void> WriteText(std::string_view text);

// Writes text to stdout, likewise; the exit code is `code` unless that fails.
int PrintAnswer(std::string_view text, int code, Console& console);

}  // namespace imnorm::cli
