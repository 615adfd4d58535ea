// Threads, strictness, decoders; progress and loudness.
#include "cli/groups/conduct.h"

#include <array>
#include <cstdlib>

#include "cli/flags.h"
#include "cli/parse_values.h"

namespace imnorm::cli {
namespace {

template <typename Decoder>
using DecoderWords = std::array<std::pair<std::string_view, Decoder>, 2>;

// The flag's word, else the variable's, else the first choice; an empty one is unset.
template <typename Decoder>
Result<Decoder> ChooseDecoder(const char* flag, const std::string& given, const char* variable,
                              const DecoderWords<Decoder>& words) {
  if (!given.empty()) return ParseWord(flag, given, words);
  const char* set = std::getenv(variable);
  if (set == nullptr || *set == '\0') return words.front().second;
  return ParseWord(variable, set, words);
}

}  // namespace

void AddConduct(Options& options, ConductArguments& a, ConsoleArguments& console) {
  options.Number({"-j,--threads", "N", "Threads (default: the CPUs there are)"}, a.threads);
  options.Flag({"--strict", "", "Stop at the first bad input"}, a.strict);
  options.Text({"--jpeg", "WHICH", "auto|turbo: which JPEG decoder; the bytes are the same"},
               a.jpeg);
  options.Text({"--png", "WHICH", "auto|spng: which PNG decoder, likewise"}, a.png);
  options.Text({"--progress", "WHEN", "auto|always|never"}, console.progress);
}

void AddLoudness(Options& options, ConsoleArguments& a) {
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
  options.strict = a.strict;
  constexpr DecoderWords<JpegDecoder> kJpegDecoders = {
      {{"auto", JpegDecoder::kAuto}, {"turbo", JpegDecoder::kTurbo}}};
  constexpr DecoderWords<PngDecoder> kPngDecoders = {
      {{"auto", PngDecoder::kAuto}, {"spng", PngDecoder::kSpng}}};
  const auto jpeg = ChooseDecoder("--jpeg", a.jpeg, "IMNORM_JPEG", kJpegDecoders);
  if (!jpeg) return Failed(jpeg);
  const auto png = ChooseDecoder("--png", a.png, "IMNORM_PNG", kPngDecoders);
  if (!png) return Failed(png);
  options.jpeg = *jpeg;
  options.png = *png;
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
