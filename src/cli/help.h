// What --help and --version say.
#pragma once

#include <string>
#include <string_view>

namespace imnorm::cli {

// What the help of a command begins with, since most people want one of those; of any other word,
// what the help of imnorm itself does.
std::string ExamplesOf(std::string_view command);

// The tool's version, the codecs' versions and the SIMD target in use, a line each.
std::string VersionText();

// What imnorm says where nothing was asked: the commands and examples.
std::string ShortHelp();

}  // namespace imnorm::cli
