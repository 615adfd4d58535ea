// Puts together what --help and --version print.
#include "cli/help.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "cli/command.h"
#include "decode/codecs.h"
#include "decode/module_decoder.h"
#include "imnorm/decode.h"
#include "kernels/target.h"

namespace imnorm::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  imnorm stats train/                                  exact mean and std
  imnorm normalize photos/ --preset imagenet -o x.npy  as torchvision, exactly
  imnorm normalize photos/ --preset preprocessor_config.json -o x.npy
  imnorm presets                                       what --preset takes

)";

}  // namespace

std::string ExamplesOf(std::string_view command) {
  for (const Command* known : Commands()) {
    if (known->name == command) return std::string(known->examples);
  }
  return kExamples;
}

std::string ShortHelp() {
  std::string text =
      "imnorm: exact image preprocessing and dataset statistics\n"
      "Usage: imnorm COMMAND ...\n\nCommands:\n";
  for (const Command* command : Commands()) {
    text += fmt::format("  {:<10}  {}\n", command->name, command->summary);
  }
  return fmt::format("{}\n{}imnorm COMMAND --help says more.\n", text, kExamples);
}

std::string VersionText() {
  std::string text = "imnorm " IMNORM_VERSION;
  for (const CodecVersion& codec : CodecVersions()) {
    text += fmt::format("\n{} {}", codec.name, codec.version);
  }
  const char* jpeg = std::getenv("IMNORM_JPEG");
  text += jpeg != nullptr && std::string_view(jpeg) == "turbo"
              ? "\njpeg turbo (libjpeg-turbo for all)"
              : "\njpeg auto (imnorm's own decoder, libjpeg-turbo for what it leaves)";
  const char* png = std::getenv("IMNORM_PNG");
  text += png != nullptr && std::string_view(png) == "spng"
              ? "\npng spng (libspng for all)"
              : "\npng auto (imnorm's own decoder, libspng for what it leaves)";
  std::string read, unread;
  for (const Codec* codec : Codecs()) {
    const bool here = codec->module == nullptr || IsThere(*codec->module);
    (here ? read : unread).append(" ").append(codec->name);
  }
  text += "\nreads" + read;
  if (!unread.empty()) text += "\nnot read here" + unread + " (imnorm formats says why)";
  text += fmt::format("\nsimd {}", kernels::TargetName(kernels::ActiveTarget()));
  return text;
}

}  // namespace imnorm::cli
