// imnorm formats: the picture formats that this installation reads, and what is missing for others.
#include "cli/commands/formats.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>

#include "cli/answer.h"
#include "cli/exit_code.h"
#include "decode/codecs.h"
#include "decode/module_decoder.h"
#include "decode/to_srgb.h"

namespace imnorm::cli {
namespace {

// What reads a format here.
std::string ReaderOf(const Codec& codec) {
  if (codec.version != nullptr) {
    const CodecVersion library = codec.version();
    return fmt::format("{} {}", library.name, library.version);
  }
  if (codec.module != nullptr) {
    if (!IsThere(*codec.module)) return "not read here: " + RemedyOf(codec.module->module);
    const Result<CodecVersion> library = LibraryOf(*codec.module);
    return library ? fmt::format("{} {}, in {}", library->name, library->version,
                                 codec.module->module.file)
                   : "not read here: " + library.error().message;
  }
  if (codec.ready != nullptr) {
    const Result<void> ready = codec.ready();
    return ready ? "a module" : "not read here: " + ready.error().message;
  }
  return "imnorm's own";
}

class Formats : public Invocation {
 public:
  explicit Formats(Options&) {}

  int Run(Console& console) override {
    std::string table;
    for (const Codec* codec : Codecs()) {
      table += fmt::format("{:<8}  {:<40}  {}\n", codec->name,
                           fmt::format("{}", fmt::join(codec->extensions, " ")), ReaderOf(*codec));
    }
    table += fmt::format("{:<8}  {:<40}  {}\n", "icc", "profiles inside of them, with --icc srgb",
                         TellIcc());
    return PrintAnswer(table, kExitDone, console);
  }
};

}  // namespace

const Command kFormats = {"formats", "List the picture formats that are read here",
                          R"(Examples:
  imnorm formats              format, extensions, and what reads it

)",
                          [](Options& options) -> std::unique_ptr<Invocation> {
                            return std::make_unique<Formats>(options);
                          }};

}  // namespace imnorm::cli
