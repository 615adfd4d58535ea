// What --help and --version say.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace imnorm::cli {

// Help that begins with examples, since most people want one of those.
class ExamplesFirst : public CLI::Formatter {
 public:
  ExamplesFirst() { column_width(30); }
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

// The tool's version, the codecs' versions and the SIMD target in use, a line each.
std::string VersionText();

}  // namespace imnorm::cli
