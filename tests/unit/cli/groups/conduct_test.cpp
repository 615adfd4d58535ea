// Options of conduct -> how a run is carried out, with the environment behind them.
#include "cli/groups/conduct.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

struct Both {
  ConductArguments conduct;
  ConsoleArguments console;
};

Both Arguments(Words words) {
  const auto add = [](Options& o, Both& a) {
    AddConduct(o, a.conduct, a.console);
    AddLoudness(o, a.console);
  };
  return ParseGroup<Both>(add, std::move(words)).arguments;
}

Result<RunOptions> Conduct(Words words) {
  return ResolveConduct(Arguments(std::move(words)).conduct);
}

}  // namespace

TEST_CASE("a run is conducted as the options say", "[cli]") {
  const auto plain = Conduct({});
  REQUIRE(plain);
  CHECK(plain->threads == 0);
  CHECK_FALSE(plain->strict);
  CHECK(plain->jpeg == JpegDecoder::kAuto);
  const auto all = Conduct({"-j", "4096", "--strict", "--jpeg", "turbo", "--png", "spng"});
  REQUIRE(all);
  CHECK(all->threads == 4096);
  CHECK(all->strict);
  CHECK(all->jpeg == JpegDecoder::kTurbo);
  CHECK(all->png == PngDecoder::kSpng);
  for (const Words& words : {Words{"-j", "4097"}, Words{"-j", "-1"}, Words{"--jpeg", "mozjpeg"},
                             Words{"--png", "lode"}}) {
    CAPTURE(words[0], words[1]);
    CHECK_THAT(Complaint(Conduct(words)), Catch::StartsWith(words[0]));
  }
}

TEST_CASE("a variable chooses a decoder where no option does, and is named where it errs",
          "[cli]") {
  setenv("IMNORM_JPEG", "turbo", 1);
  CHECK(Conduct({})->jpeg == JpegDecoder::kTurbo);
  CHECK(Conduct({"--jpeg", "auto"})->jpeg == JpegDecoder::kAuto);
  setenv("IMNORM_JPEG", "x", 1);
  CHECK_THAT(Complaint(Conduct({})), Catch::StartsWith("IMNORM_JPEG"));
  setenv("IMNORM_JPEG", "", 1);
  CHECK(Conduct({})->jpeg == JpegDecoder::kAuto);
  unsetenv("IMNORM_JPEG");
}

TEST_CASE("progress is shown when it is asked for", "[cli]") {
  CHECK(ResolveProgress(Arguments({}).console) == ProgressMode::kAuto);
  CHECK(ResolveProgress(Arguments({"--progress", "never"}).console) == ProgressMode::kNever);
  CHECK_THAT(Complaint(ResolveProgress(Arguments({"--progress", "evr"}).console)),
             Catch::Contains("--progress"));
  CHECK(Arguments({"-q"}).console.quiet);
  CHECK(Arguments({"-v"}).console.verbose);
}

}  // namespace imnorm::cli
