// Temporary files that nobody finds.
#include "io/temporary_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/folder.h"

namespace imnorm {

TEST_CASE("a temporary file has no name, is its maker's alone and can be read back", "[io]") {
  const Folder folder;
  const Descriptor file = OpenTemporary(folder.path()).value();
  CHECK(std::filesystem::is_empty(folder.path()));
  struct stat status;
  REQUIRE(fstat(file.get(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(status.st_nlink == 0);
  REQUIRE(pwrite(file.get(), "abc", 3, 0) == 3);
  char back[3];
  REQUIRE(pread(file.get(), back, 3, 0) == 3);
  CHECK(std::string(back, 3) == "abc");
}

TEST_CASE("where no temporary file can be made the folder is named", "[io]") {
  const Folder folder;
  const auto missing = OpenTemporary(folder / "nowhere");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::kIo);
  CHECK(missing.error().message.find(folder / "nowhere") == 0);
  CHECK(OpenTemporary());
}

TEST_CASE("a descriptor closes what it holds once, wherever it was moved", "[io]") {
  const Folder folder;
  int number = -1;
  {
    Descriptor first = OpenToRead(folder.Write("f", "x"));
    number = first.get();
    Descriptor second = std::move(first);
    CHECK_FALSE(first.is_open());
    first = std::move(second);
    CHECK(first.get() == number);
    CHECK(fcntl(number, F_GETFD) >= 0);
  }
  CHECK(fcntl(number, F_GETFD) < 0);
  CHECK_FALSE(OpenToRead(folder / "nothing").is_open());
}

}  // namespace imnorm
