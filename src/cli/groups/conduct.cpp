// Threads, strictness, decoders; progress and loudness.
#include "cli/groups/conduct.h"

#include <array>
#include <cstdlib>

#include "cli/parse_values.h"

namespace imnorm::cli {

void AddConduct(Options& options, ConductArguments& a, ConsoleArguments& console) {
  options.Number({"-j,--threads", "N", "Threads (default: the CPUs there are)"}, a.threads);
  options.Flag({"--strict", "", "Stop at the first bad input"}, a.strict);
  options.Text({"--jpeg", "WHICH", "auto|turbo: which JPEG decoder; the bytes are the same"},
               a.jpeg);
  options.Text({"--progress", "WHEN", "auto|always|never"}, console.progress);
}

void AddLoudness(Options& options, ConsoleArguments& a) {
  options.Flag({"-q,--quiet", "", "Errors only"}, a.quiet);
  options.Flag({"-v,--verbose", "", "Also notes on good pictures"}, a.verbose);
}

Result<RunOptions> ResolveConduct(const ConductArguments& a) {
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
    if (!jpeg) return Failed(jpeg);
    options.jpeg = *jpeg;
  }
  return options;
}

Result<ProgressMode> ResolveProgress(const ConsoleArguments& a) {
  constexpr std::array<std::pair<std::string_view, ProgressMode>, 3> kModes = {
      {{"auto", ProgressMode::kAuto},
       {"always", ProgressMode::kAlways},
       {"never", ProgressMode::kNever}}};
  return ParseWord("--progress", a.progress, kModes);
}

}  // namespace imnorm::cli
