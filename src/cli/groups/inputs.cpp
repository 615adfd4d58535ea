// Files, folders, lists and shards of them; or one tensor.
#include "cli/groups/inputs.h"

#include <fmt/format.h>

#include <limits>

#include "cli/groups/shard.h"
#include "cli/parse_values.h"

namespace imnorm::cli {
namespace {

// "JPG" and ".jpg" -> "jpg".
std::vector<std::string> Extensions(std::vector<std::string> extensions) {
  for (std::string& extension : extensions) {
    for (char& c : extension) c = char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (extension.starts_with('.')) extension.erase(0, 1);
  }
  return extensions;
}

}  // namespace

void AddInputs(Options& options, InputArguments& a) {
  options.Group("Inputs");
  options.Inputs({"INPUT", "", "Files, folders (recursively), tar and zip; -: a tar on stdin"},
                 a.inputs.inputs);
  options.Text({"--files-from", "FILE", "Read paths from FILE, or - for stdin"},
               a.inputs.files_from);
  options.Flag({"-0,--null", "", "--files-from is separated by NUL"}, a.inputs.null_separated);
  options.Each({"--ext", "LIST", "Only these extensions in folders: jpg,png", Fits::kPictures},
               a.inputs.extensions, ',');
  options.Each(
      {"--exclude", "GLOB", "Leave out names, paths or folders/ (repeatable)", Fits::kPictures},
      a.inputs.exclude);
  options.Text({"--checksums", "FILE", "Of sha256sum or b3sum: a picture of other bytes failed",
                Fits::kPictures},
               a.inputs.checksums);
  options.Text(
      {"--frame", "N|all", "Page or frame of each file, from 0; all: each is a picture, file#N",
       Fits::kPictures},
      a.frame);
  options.Text({"--tensor", "NAME", "Which tensor of a .npz or .safetensors INPUT"}, a.tensor);
  options.Text({"--input-layout", "NAME",
                "What the sides of a tensor INPUT are: nchw|nhwc|ncdhw|nlc|chw|nhw|..."},
               a.input_layout);
  options.Flag({"--no-follow", "", "Leave out links to folders", Fits::kPictures},
               a.inputs.follow_links, false);
  options.Text({"--shard", "I/N", "Only part I of N of the list, or auto for a cluster's own"},
               a.shard);
  options.Number({"--num-shards", "N", "N for --shard auto where the cluster does not say"},
                 a.num_shards);
}

Result<void> ResolveFrame(const std::string& text, InputOptions& inputs) {
  inputs.all_frames = text == "all";
  if (text.empty() || inputs.all_frames) return {};
  constexpr uint32_t kMost = std::numeric_limits<int32_t>::max();
  const auto frame = ParseNumber<uint64_t>(text);
  if (!frame || *frame > kMost) {
    return Fail(
        ErrorCode::kBadArgument,
        fmt::format("--frame {}: it takes the number of a page or frame, from 0, or all", text));
  }
  inputs.frame = uint32_t(*frame);
  return {};
}

bool IsTensorInput(const InputArguments& a) {
  return a.inputs.inputs.size() == 1 && a.inputs.files_from.empty() &&
         IsTensorPath(a.inputs.inputs.front());
}

Result<SourceOptions> ResolveSource(const InputArguments& a,
                                    const std::vector<GivenOption>& given) {
  SourceOptions source;
  auto shard = ResolveShard(a.shard, a.num_shards);
  if (!shard) return Failed(shard);
  source.shard = *shard;
  source.inputs = a.inputs;
  source.inputs.extensions = Extensions(a.inputs.extensions);
  if (auto chosen = ResolveFrame(a.frame, source.inputs); !chosen) return Failed(chosen);
  const std::vector<std::string>& inputs = a.inputs.inputs;
  if (inputs.empty() && a.inputs.files_from.empty()) {
    return Fail(ErrorCode::kBadArgument, "no INPUT: name files or folders, or give --files-from");
  }
  if (IsTensorInput(a)) {
    const auto sound = RefuseGiven(given, Fits::kPictures,
                                   "is for pictures: a tensor's samples are taken as they are");
    if (!sound) return Failed(sound);
    source.tensor = {inputs.front(), a.tensor, a.input_layout};
    return source;
  }
  for (const std::string& input : inputs) {
    if (!IsTensorPath(input)) continue;
    return Fail(ErrorCode::kBadArgument,
                input + ": a tensor is an input of its own; give it alone");
  }
  if (!a.tensor.empty()) {
    return Fail(
        ErrorCode::kBadArgument,
        fmt::format("--tensor {}: it names a tensor of one .npz or .safetensors INPUT", a.tensor));
  }
  if (!a.input_layout.empty()) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--input-layout {}: it is of one .npy, .npz or .safetensors INPUT",
                            a.input_layout));
  }
  return source;
}

}  // namespace imnorm::cli
