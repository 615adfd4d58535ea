// A file that may be anything is opened if it is a regular one, and nothing else is waited for.
#include "io/regular_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/folder.h"

namespace imnorm {

TEST_CASE("a regular file is opened with its size, through a link too", "[io]") {
  const Folder folder;
  const std::string path = folder.Write("f", "abc");
  std::filesystem::create_symlink(path, folder / "link");
  for (const std::string& name : {path, folder / "link"}) {
    const auto opened = OpenRegular(name);
    REQUIRE(opened);
    CHECK(opened->bytes == 3);
    CHECK(opened->file.is_open());
  }
}

TEST_CASE("what is no regular file is refused at once, each as what it is", "[io]") {
  const Folder folder;
  const std::string file = folder.Write("f", "x");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const auto refused = [](const std::string& path) {
    const auto opened = OpenRegular(path);
    REQUIRE_FALSE(opened);
    CHECK(BeginningOf(path, 8).empty());
    return opened.error();
  };
  CHECK(refused(folder / "pipe").code == ErrorCode::kUnsupported);
  CHECK(refused("/dev/zero").code == ErrorCode::kUnsupported);
  CHECK(refused(folder.path()).message.find("folder") != std::string::npos);
  CHECK(refused(folder / "nothing").code == ErrorCode::kNotFound);
  CHECK(refused(file + "/below").code == ErrorCode::kNotFound);
}

TEST_CASE("a file's beginning is as long as was asked, or as the file is", "[io]") {
  const Folder folder;
  const std::string path = folder.Write("f", "abcdef");
  CHECK(BeginningOf(path, 3) == "abc");
  CHECK(BeginningOf(path, 100) == "abcdef");
  CHECK(BeginningOf(folder.Write("empty", ""), 3).empty());
}

}  // namespace imnorm
