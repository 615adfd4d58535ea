// What a spool keeps, and that nobody finds it.
#include "io/spool.h"

#include <catch2/catch.hpp>

#include "support/folder.h"

namespace imnorm {

TEST_CASE("a spool gives back what was written at each place and shows in no folder", "[io]") {
  const Folder folder;
  Spool spool = Spool::Open(folder.path()).value();
  REQUIRE(spool.Reserve(100));
  REQUIRE(spool.WriteAt(3, "def", 3));
  REQUIRE(spool.WriteAt(0, "abc", 3));
  CHECK(std::filesystem::is_empty(folder.path()));
  char back[4];
  REQUIRE(spool.ReadAt(1, back, 4));
  CHECK(std::string(back, 4) == "bcde");
}

TEST_CASE("a spool that is read past its end or cannot be made names its folder", "[io]") {
  const Folder folder;
  Spool spool = Spool::Open(folder.path()).value();
  char back[4];
  const auto read = spool.ReadAt(0, back, 4);
  REQUIRE_FALSE(read);
  CHECK(read.error().message.find(folder.path()) == 0);
  CHECK_FALSE(Spool::Open(folder / "nowhere"));
  CHECK(Spool::Open(""));
}

}  // namespace imnorm
