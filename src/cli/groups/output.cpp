// OUT, its format, and the files beside it.
#include "cli/groups/output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "cli/parse_values.h"
#include "sink/formats.h"

namespace imnorm::cli {

namespace {

// The format that is named, or that goes with OUT.
Result<void> ChooseFormat(const OutputArguments& a, OutputOptions& output) {
  if (output.to_stdout() && a.format.empty()) {
    output.format = StreamedFormats().front();
    return {};
  }
  if (a.format.empty()) {
    auto format = FormatOfPath(a.output);
    if (!format) return Failed(format);
    output.format = *format;
    return {};
  }
  const SinkFormat* format = FindFormat(a.format);
  if (format == nullptr) {
    const auto names = FormatNames();
    return NoSuchWord("--format", a.format, {names.begin(), names.end()});
  }
  output.format = a.format;
  if (output.to_stdout() && !format->streams) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("-o - --format {}: its header needs the final count, which a pipe "
                            "cannot wait for; --format {} has none",
                            a.format, fmt::join(StreamedFormats(), " or ")));
  }
  return {};
}

}  // namespace

void AddOutput(Options& options, OutputArguments& a) {
  options.Group("Output");
  options.Text(
      {"-o,--output", "OUT", "A .npy, .npz, .safetensors, .raw or .tar; -: raw or wds on stdout"},
      a.output);
  options.Text({"--format", "NAME",
                fmt::format("{}, whatever OUT's extension", fmt::join(FormatNames(), "|"))},
               a.format);
  options.Text({"--manifest", "FILE", "Where the manifest goes (OUT.manifest.json)"}, a.manifest);
  options.Number(
      {"--manifest-fd", "N", "With -o -: the manifest as JSON lines on descriptor N, as rows come",
       Fits::kPictures},
      a.manifest_fd);
  options.Text({"--state-out", "FILE", "Where to write running statistics", Fits::kLayers},
               a.state_out);
  options.Text(
      {"--report-norm", "FILE", "Write the means and variances used, as JSON", Fits::kLayers},
      a.report_norm);
  options.Number({"--shard-size", "N", "N rows a file: OUT-000000, OUT-000001, ..."}, a.shard_size);
  options.Flag({"--split", "", "One raw file a picture, and input_list.txt of them"}, a.split);
  options.Flag({"--no-labels", "", "Folders are no classes", Fits::kPictures}, a.labels, false);
  options.Flag({"--force", "", "Overwrite OUT"}, a.force);
  options.Flag({"--resume", "", "Go on where a run that was killed or stopped has ended"},
               a.resume);
  options.Flag({"--dry-run", "", "Say what would be done, write nothing"}, a.dry_run);
}

Result<OutputOptions> ResolveOutput(const OutputArguments& a) {
  OutputOptions output;
  if (a.output.empty()) return Fail(ErrorCode::kBadArgument, "-o OUT is missing");
  output.path = a.output;
  output.manifest = a.manifest;
  if (a.manifest_fd) {
    if (*a.manifest_fd < 2 || *a.manifest_fd > 1 << 20) {
      return Fail(
          ErrorCode::kBadArgument,
          fmt::format("--manifest-fd {}: it takes the number of an open descriptor, such as "
                      "3",
                      *a.manifest_fd));
    }
    output.manifest_fd = *a.manifest_fd;
  }
  output.overwrite = a.force;
  output.resume = a.resume;
  output.labels = a.labels;
  output.state_out = a.state_out;
  output.report_norm = a.report_norm;
  for (const auto& [option, path] :
       {std::pair("--manifest", a.manifest), std::pair("--report-norm", a.report_norm),
        std::pair("--state-out", a.state_out)}) {
    if (path != "-") continue;
    return Fail(ErrorCode::kBadArgument, fmt::format("{} -: it takes a file", option));
  }
  if (output.to_stdout() && isatty(STDOUT_FILENO) == 1 && !a.dry_run) {
    return Fail(ErrorCode::kBadArgument,
                "-o -: stdout is a terminal, where a tensor is of no use; pipe it or name a file");
  }
  if (a.shard_size == 0) {
    return Fail(ErrorCode::kBadArgument, "--shard-size 0: a shard has one row at least");
  }
  if (a.split && a.shard_size) {
    return Fail(ErrorCode::kBadArgument,
                "--split writes one row a file: no --shard-size goes with it");
  }
  output.split = a.split;
  output.shard_size = a.split ? 1 : a.shard_size.value_or(0);
  if (output.sharded() && output.to_stdout()) {
    return Fail(ErrorCode::kBadArgument, fmt::format("-o -: {} writes files; name one",
                                                     a.split ? "--split" : "--shard-size"));
  }
  if (auto chosen = ChooseFormat(a, output); !chosen) return Failed(chosen);
  if (a.split && output.format != "raw") {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--split writes raw files, not {}; name OUT .raw, or --format raw",
                            output.format));
  }
  return output;
}

}  // namespace imnorm::cli
