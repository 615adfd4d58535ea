#include "cli/help.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

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

constexpr const char* kStatsExamples = R"(Examples:
  imnorm stats train/                         a table on a terminal, JSON in a pipe
  imnorm stats train/ -o stats.json           JSON in a file
  imnorm stats train/ --preset imagenet       of what the network sees
  imnorm stats train/ --emit torchvision      ready to paste
  imnorm stats train/ --shard 1/4 -o 1.json   a quarter; imnorm merge ?.json adds them up

)";

constexpr const char* kNormalizeExamples = R"(Examples:
  imnorm normalize photos/ --preset imagenet -o x.npy
  imnorm normalize photos/ --resize 256 --crop 224 --mean 0.5,0.5,0.5 --std 0.5,0.5,0.5 -o x.npy
  imnorm normalize photos/ --preset clip --dtype float16 -o x.safetensors
  imnorm normalize photos/ --resize 224x224 --method instance -o x.npy

)";

constexpr const char* kMergeExamples = R"(Examples:
  imnorm merge shard-*.json -o stats.json

)";

constexpr const char* kPresetsExamples = R"(Examples:
  imnorm presets              a table
  imnorm presets clip         one as JSON, which --preset FILE reads

)";

}  // namespace

const char* ExamplesOf(std::string_view command) {
  return command == "stats"       ? kStatsExamples
         : command == "normalize" ? kNormalizeExamples
         : command == "merge"     ? kMergeExamples
         : command == "presets"   ? kPresetsExamples
                                  : kExamples;
}

std::string ShortHelp() {
  constexpr const char* kUsage = R"(imnorm: exact image preprocessing and dataset statistics
Usage: imnorm COMMAND ...

Commands:
  stats       per-channel statistics of pictures
  merge       add the statistics of shards
  normalize   pictures to one normalised NCHW tensor
  presets     list the presets, or print one

)";
  return fmt::format("{}{}imnorm COMMAND --help says more.\n", kUsage, kExamples);
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
  text += fmt::format("\nsimd {}", kernels::TargetName(kernels::ActiveTarget()));
  return text;
}

}  // namespace imnorm::cli
