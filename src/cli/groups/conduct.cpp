// Threads, strictness, decoders; progress and loudness.
#include "cli/groups/conduct.h"

#include <cmath>
#include <cstdlib>

#include "cli/flags.h"
#include "cli/parse_values.h"
#include "imnorm/words.h"

namespace imnorm {

template <>
std::span<const Word<cli::ProgressMode>> Words<cli::ProgressMode>() {
  static constexpr Word<cli::ProgressMode> kModes[] = {
      {cli::ProgressMode::kAuto, "auto"},
      {cli::ProgressMode::kAlways, "always"},
      {cli::ProgressMode::kNever, "never"},
      {cli::ProgressMode::kJson, "json"},
  };
  return kModes;
}

}  // namespace imnorm

namespace imnorm::cli {
namespace {

// Of --isolate where --timeout is not given: a decoder that loops is part of what it is there for.
constexpr double kIsolatedTimeout = 300;

// The flag's word, else the variable's, else the first choice; an empty one is unset.
template <typename Decoder>
Result<Decoder> ChooseDecoder(const char* flag, const std::string& given, const char* variable) {
  if (!given.empty()) return ParseOptionWord<Decoder>(flag, given);
  const char* set = std::getenv(variable);
  if (set == nullptr || *set == '\0') return Words<Decoder>().front().value;
  return ParseOptionWord<Decoder>(variable, set);
}

}  // namespace

void AddConduct(Options& options, ConductArguments& a, ConsoleArguments& console) {
  options.Group("Conduct");
  options.Number({"-j,--threads", "N", "Threads (default: the CPUs there are)"}, a.threads);
  options.Text({"--memory", "SIZE",
                "Pictures take no more at once: 500M, 2G (default: a quarter of what there is, 4G "
                "at most)"},
               a.memory);
  options.Number({"--timeout", "S",
                  "Seconds that decoding a picture may take (default: any; with --isolate 300)"},
                 a.timeout);
  options.Flag({"--isolate", "",
                "Decode in processes that may do nothing else: a decoder that crashes costs its "
                "picture alone"},
               a.isolate);
  options.Flag({"--strict", "", "Stop at the first bad input"}, a.strict);
  options.Text({"--jpeg", "WHICH", "auto|turbo: which JPEG decoder; the bytes are the same"},
               a.jpeg);
  options.Text({"--png", "WHICH", "auto|spng: which PNG decoder, likewise"}, a.png);
  options.Text({"--progress", "WHEN", "auto|always|never, or json: lines on stderr"},
               console.progress);
  options.Text({"--json-log", "FD|FILE", "What happens as lines of JSON, for wrappers"},
               console.json_log);
}

void AddLoudness(Options& options, ConsoleArguments& a) {
  options.Group("Conduct");
  options.Flag({"-q,--quiet", "", "Errors only"}, a.quiet);
  options.Flag({"-v,--verbose", "", "Also notes on good pictures"}, a.verbose);
}

Result<RunOptions> ResolveConduct(const ConductArguments& a) {
  RunOptions options;
  options.spoken = Spoken;
  if (a.threads < 0 || a.threads > 4096) {
    return Fail(ErrorCode::kBadArgument, "-j: it takes 1 to 4096, or 0 for the CPUs there are");
  }
  options.threads = a.threads;
  if (!a.memory.empty()) {
    auto memory = ParseBytes("--memory", a.memory);
    if (!memory) return Failed(memory);
    options.memory = *memory;
  }
  options.strict = a.strict;
  if (a.timeout && !(*a.timeout > 0 && std::isfinite(*a.timeout))) {
    return Fail(ErrorCode::kBadArgument, "--timeout: it takes seconds, more than 0");
  }
  options.timeout = a.timeout.value_or(a.isolate ? kIsolatedTimeout : 0);
  if (a.isolate) options.isolate = "/proc/self/exe";
  const auto jpeg = ChooseDecoder<JpegDecoder>("--jpeg", a.jpeg, "IMNORM_JPEG");
  if (!jpeg) return Failed(jpeg);
  const auto png = ChooseDecoder<PngDecoder>("--png", a.png, "IMNORM_PNG");
  if (!png) return Failed(png);
  options.jpeg = *jpeg;
  options.png = *png;
  return options;
}

Result<ProgressMode> ResolveProgress(const ConsoleArguments& a) {
  return ParseOptionWord<ProgressMode>("--progress", a.progress);
}

}  // namespace imnorm::cli
