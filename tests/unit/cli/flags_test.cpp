// Errors of the library in the words of the command line.
#include "cli/flags.h"

#include <catch2/catch.hpp>

#include "cli/exit_code.h"

namespace imnorm::cli {

TEST_CASE("a setting has its flag, a part of it the flag of the whole", "[cli]") {
  CHECK(FlagOf("layer.eps") == "--eps");
  CHECK(FlagOf("output.path") == "-o");
  CHECK(FlagOf("resize") == "--resize");
  CHECK(FlagOf("resize.width") == "--resize");
  CHECK(FlagOf("resize.filter") == "--filter");
  CHECK(FlagOf("layer") == "");
  CHECK(FlagOf("nothing.of.ours") == "");
  CHECK(FlagOf("") == "");
}

TEST_CASE("settings in a text become flags, everything else stays as it is", "[cli]") {
  CHECK(InFlags("raise `max_pixels` if it is meant") == "raise --max-pixels if it is meant");
  CHECK(InFlags("`layer.gamma`/`layer.beta`") == "--gamma/--beta");
  CHECK(InFlags("`imnorm presets` lists them") == "`imnorm presets` lists them");
  CHECK(InFlags("a` of `crop` and `depth`") == "a` of --crop and --depth");
  CHECK(InFlags("one ` alone") == "one ` alone");
  CHECK(InFlags("``") == "``");
  CHECK(InFlags("") == "");
}

TEST_CASE("an error names the flag of the setting that it blames, once", "[cli]") {
  CHECK(Spoken({ErrorCode::kBadArgument, "crop of 0 x 4", "crop"}) == "crop of 0 x 4 (--crop)");
  CHECK(Spoken({ErrorCode::kBadArgument, "give `crop` none", "crop"}) == "give --crop none");
  CHECK(Spoken({ErrorCode::kBadArgument, "nobody's", ""}) == "nobody's");
  // What a file says is mended in the file.
  CHECK(Spoken({ErrorCode::kBadConfig, "p.json: crop of 0 x 4", "crop"}) ==
        "p.json: crop of 0 x 4");
}

TEST_CASE("an input that a strict run stopped at is no fault of the command line", "[cli]") {
  for (const ErrorCode code :
       {ErrorCode::kNotFound, ErrorCode::kBadArgument, ErrorCode::kCorrupt, ErrorCode::kIo}) {
    CHECK(ExitCodeOf(Error{code, "p.png: bad", "conduct.strict"}) == kExitNotDone);
  }
  CHECK(ExitCodeOf(Error{ErrorCode::kNotFound, "p.png: bad"}) == kExitUsage);
  CHECK(ExitCodeOf(Error{ErrorCode::kBadArgument, "p.png: bad", "crop"}) == kExitUsage);
}

}  // namespace imnorm::cli
