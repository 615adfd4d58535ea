// A stream whose write failed does not end as if it had not.
#include "io/durable_stream.h"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <string>

#include "support/folder.h"

using namespace imnorm;

TEST_CASE("after an error every later call of a stream fails, and nothing gets the name", "[io]") {
  const Folder folder;
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const std::string path = folder / "x";
  {
    auto file = DurableFile::Create(path, false);
    REQUIRE(file);
    DurableStream stream(std::move(*file));
    REQUIRE(stream.Append("some lines"));
    const rlimit small = {4, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
    CHECK_FALSE(stream.Sync());
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK_FALSE(stream.Append("more"));
    CHECK_FALSE(stream.Sync());
    const auto committed = stream.Commit();
    REQUIRE_FALSE(committed);
    CHECK(committed.error().message.find("File too large") != std::string::npos);
  }
  CHECK(LeftoverOf(path).empty());
  CHECK_FALSE(IsFinished(path));
}
