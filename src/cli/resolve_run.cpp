#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "cli/resolve.h"
#include "sink/formats.h"

namespace imnorm::cli {
namespace {

// A whole number from the environment.
std::optional<uint64_t> Variable(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
  if (error != std::errc() || *end != '\0') return std::nullopt;
  return value;
}

// What a cluster says of this task: the first of the known pairs that is whole. Slurm tells every
// job of one task that it is one, also where a launcher inside of it then starts several.
std::optional<Shard> ShardFromCluster(const std::optional<uint64_t>& num_shards) {
  const auto array_task = Variable("SLURM_ARRAY_TASK_ID");
  const auto array_min = Variable("SLURM_ARRAY_TASK_MIN");
  const auto array_count = Variable("SLURM_ARRAY_TASK_COUNT");
  if (array_task && array_min && array_count && *array_count > 1) {
    const uint64_t step = std::max<uint64_t>(1, Variable("SLURM_ARRAY_TASK_STEP").value_or(1));
    return Shard{(*array_task - *array_min) / step + 1, *array_count};
  }
  const auto slurm_rank = Variable("SLURM_PROCID");
  const auto slurm_size = Variable("SLURM_NTASKS");
  if (slurm_rank && slurm_size && *slurm_size > 1) return Shard{*slurm_rank + 1, *slurm_size};
  const auto kubernetes = Variable("JOB_COMPLETION_INDEX");
  if (kubernetes && num_shards) return Shard{*kubernetes + 1, *num_shards};
  const auto rank = Variable("RANK");
  const auto size = Variable("WORLD_SIZE");
  if (rank && size) return Shard{*rank + 1, *size};
  const bool alone =
      (array_task && array_min && array_count == 1) || (slurm_rank && slurm_size == 1);
  return alone ? std::optional(Shard{1, 1}) : std::nullopt;
}

// A tensor's samples are taken as they are: an option that would choose, shape or look at pictures
// must not seem to have been obeyed.
Result<void> RefusePictureOptions(const Arguments& a) {
  const auto names = [](const std::optional<std::string>& size) { return size && *size != "none"; };
  const bool stats = a.command == Command::kStats;
  const std::pair<const char*, bool> options[] = {
      {"--resize", names(a.resize)},
      {"--crop", names(a.crop)},
      {"--filter", a.filter.has_value()},
      {"--fill", a.fill.has_value()},
      {"--like", a.like.has_value()},
      {"--pillow", a.pillow.has_value()},
      {"--exif", a.exif.has_value()},
      {"--alpha", a.alpha.has_value()},
      {"--channels", a.channels.has_value()},
      {"--depth", a.depth.has_value()},
      {"--max-pixels", a.max_pixels.has_value()},
      {"--fast-decode", a.fast_decode},
      {"--ext", !a.inputs.extensions.empty()},
      {"--exclude", !a.inputs.exclude.empty()},
      {"--no-follow", !a.inputs.follow_links},
      {"--preset", stats && a.preset.has_value()},  // of values, statistics need none
      {"--config", stats && a.config.has_value()},
      {"--per-class", a.per_class},
      {"--per-image", !a.per_image.empty()},
      {"--ignore-value", !a.ignore_value.empty()},
      {"--mask-dir", !a.mask_dir.empty()},
      {"--sample", a.sample.has_value()},
      {"--until", a.until.has_value()},
  };
  for (const auto& [name, given] : options) {
    if (!given) continue;
    return Fail(ErrorCode::kBadArgument,
                fmt::format("{} is for pictures: a tensor's samples are taken as they are", name));
  }
  return {};
}

}  // namespace

Result<RunOptions> ResolveRun(const Arguments& a) {
  RunOptions options;
  if (a.threads < 0 || a.threads > 4096) {
    return Fail(ErrorCode::kBadArgument, "-j: it takes 1 to 4096, or 0 for the CPUs there are");
  }
  options.threads = a.threads;
  options.strict = a.strict;
  constexpr std::array<std::pair<std::string_view, JpegDecoder>, 2> kDecoders = {
      {{"auto", JpegDecoder::kAuto}, {"turbo", JpegDecoder::kTurbo}}};
  const char* variable = std::getenv("IMNORM_JPEG");
  const std::string_view environment = variable == nullptr ? "" : variable;  // empty is unset
  if (!a.jpeg.empty() || !environment.empty()) {
    auto jpeg = a.jpeg.empty() ? ParseWord("IMNORM_JPEG", environment, kDecoders)
                               : ParseWord("--jpeg", a.jpeg, kDecoders);
    if (!jpeg) return tl::unexpected<Error>(std::move(jpeg.error()));
    options.jpeg = *jpeg;
  }
  return options;
}

Result<ProgressMode> ResolveProgress(const Arguments& a) {
  constexpr std::array<std::pair<std::string_view, ProgressMode>, 3> kModes = {
      {{"auto", ProgressMode::kAuto},
       {"always", ProgressMode::kAlways},
       {"never", ProgressMode::kNever}}};
  return ParseWord("--progress", a.progress, kModes);
}

Result<Shard> ResolveShard(const Arguments& a) {
  if (a.num_shards && a.shard != "auto") {
    return Fail(ErrorCode::kBadArgument, "--num-shards goes with --shard auto");
  }
  if (a.shard.empty()) return Shard{};
  if (a.shard != "auto") return ParseShard(a.shard);
  const auto shard = ShardFromCluster(a.num_shards);
  if (!shard) {
    return Fail(ErrorCode::kBadArgument,
                "--shard auto: none of SLURM_ARRAY_TASK_ID (with _MIN and _COUNT), SLURM_PROCID "
                "with SLURM_NTASKS, JOB_COMPLETION_INDEX with --num-shards, or RANK with "
                "WORLD_SIZE is set");
  }
  if (shard->index < 1 || shard->index > shard->count || shard->count > kMostShards) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--shard auto: the environment says part {} of {}", shard->index,
                            shard->count));
  }
  return *shard;
}

Result<TensorSource> TensorInput(const Arguments& a) {
  const std::vector<std::string>& inputs = a.inputs.inputs;
  if (inputs.empty() && a.inputs.files_from.empty()) {
    return Fail(ErrorCode::kBadArgument, "no INPUT: name files or folders, or give --files-from");
  }
  if (inputs.size() == 1 && a.inputs.files_from.empty() && IsTensorPath(inputs.front())) {
    if (auto sound = RefusePictureOptions(a); !sound) {
      return tl::unexpected<Error>(std::move(sound.error()));
    }
    return TensorSource{inputs.front(), a.tensor};
  }
  for (const std::string& input : inputs) {
    if (IsTensorPath(input)) {
      return Fail(ErrorCode::kBadArgument,
                  input + ": a tensor is an input of its own; give it alone");
    }
  }
  if (!a.tensor.empty()) {
    return Fail(
        ErrorCode::kBadArgument,
        fmt::format("--tensor {}: it names a tensor of one .npz or .safetensors INPUT", a.tensor));
  }
  return TensorSource();
}

Result<OutputOptions> ResolveOutput(const Arguments& a) {
  OutputOptions output;
  if (a.output.empty()) return Fail(ErrorCode::kBadArgument, "-o OUT is missing");
  output.path = a.output;
  output.manifest = a.manifest;
  output.overwrite = a.force;
  output.state_out = a.state_out.value_or("");
  output.report_norm = a.report_norm;
  for (const auto& [option, path] :
       {std::pair("--manifest", a.manifest), std::pair("--report-norm", a.report_norm),
        std::pair("--state-out", a.state_out.value_or(""))}) {
    if (path != "-") continue;
    return Fail(ErrorCode::kBadArgument, fmt::format("{} -: it takes a file", option));
  }
  if (output.to_stdout() && isatty(STDOUT_FILENO) == 1 && !a.dry_run) {
    return Fail(ErrorCode::kBadArgument,
                "-o -: stdout is a terminal, where a tensor is of no use; pipe it or name a file");
  }
  if (output.to_stdout() && a.format.empty()) {
    output.format = StreamedFormats().front();
    return output;
  }
  if (a.format.empty()) {
    auto format = FormatOfPath(a.output);
    if (!format) return tl::unexpected<Error>(std::move(format.error()));
    output.format = *format;
    return output;
  }
  const SinkFormat* format = FindFormat(a.format);
  if (format == nullptr) {
    return NoSuchWord("--format", a.format, FormatNames());
  }
  output.format = a.format;
  if (output.to_stdout() && !format->streams) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("-o - --format {}: its header needs the final count, which a pipe "
                            "cannot wait for; --format {} has none",
                            a.format, fmt::join(StreamedFormats(), " or ")));
  }
  return output;
}

}  // namespace imnorm::cli
