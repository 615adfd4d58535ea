#include "io/durable_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "support/folder.h"

namespace imnorm {
namespace {

size_t FilesIn(const Folder& folder) {
  const std::filesystem::directory_iterator files(folder.path());
  return size_t(std::distance(begin(files), end(files)));
}

}  // namespace

TEST_CASE("a file shows under its name only once it is committed", "[sink]") {
  const Folder folder;
  const std::string path = folder / "out";
  auto file = DurableFile::Create(path, false).value();
  REQUIRE(file.WriteAt(3, "def", 3));
  REQUIRE(file.WriteAt(0, "abc", 3));
  char back[2];
  REQUIRE(file.ReadAt(2, back, 2));
  CHECK(std::string(back, 2) == "cd");
  CHECK_FALSE(file.ReadAt(5, back, 2));
  CHECK_FALSE(std::filesystem::exists(path));
  REQUIRE(file.Commit(5));
  CHECK(ReadBytes(path) == "abcde");
  CHECK(FilesIn(folder) == 1);
  CHECK_FALSE(file.is_open());
}

TEST_CASE("a large file holds what several threads wrote while it went to the disk", "[sink]") {
  const Folder folder;
  const std::string path = folder / "out";
  constexpr size_t kRow = 300'001;
  constexpr size_t kRows = 120;  // 36 MB: several pieces
  auto first = DurableFile::Create(path, false).value();
  REQUIRE(first.Reserve(kRow * kRows));
  DurableFile file = std::move(first);
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (size_t row = t; row < kRows; row += 3) {
        const std::string bytes(kRow, char(row));
        if (!file.WriteAt(row * kRow, bytes.data(), kRow)) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  REQUIRE(file.Commit(kRow * kRows));
  const std::string all = ReadBytes(path);
  REQUIRE(all.size() == kRow * kRows);
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i] != char(i / kRow)) FAIL("byte " << i);
  }
}

TEST_CASE("a large file that is given up leaves nothing", "[sink]") {
  const Folder folder;
  {
    auto file = DurableFile::Create(folder / "out", false).value();
    REQUIRE(file.Reserve(3 * Writeback::kPiece));
    const std::string bytes(2 * Writeback::kPiece, 'x');
    REQUIRE(file.WriteAt(0, bytes.data(), bytes.size()));
  }
  CHECK(FilesIn(folder) == 0);
}

TEST_CASE("without a commit nothing is left, and moving keeps the one file", "[sink]") {
  const Folder folder;
  {
    auto file = DurableFile::Create(folder / "out", false).value();
    DurableFile moved = std::move(file);
    REQUIRE(moved.WriteAt(0, "x", 1));
    CHECK(FilesIn(folder) == 1);
  }
  CHECK(FilesIn(folder) == 0);
}

TEST_CASE("a sealed file is whole on the disk and still not under its name", "[sink]") {
  const Folder folder;
  auto file = DurableFile::Create(folder / "out", false).value();
  REQUIRE(file.WriteAt(0, "abc", 3));
  REQUIRE(file.Seal(2));
  CHECK(ReadBytes(folder / "out.partial") == "ab");
  CHECK_FALSE(std::filesystem::exists(folder / "out"));
  REQUIRE(file.Publish());
  CHECK(ReadBytes(folder / "out") == "ab");
}

TEST_CASE("a second run is refused while the first holds the file, and harms nothing", "[sink]") {
  const Folder folder;
  auto first = DurableFile::Create(folder / "out", true).value();
  REQUIRE(first.WriteAt(0, "first", 5));
  const auto second = DurableFile::Create(folder / "out", true);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kIo);
  CHECK(second.error().message.find("another run") != std::string::npos);
  REQUIRE(first.Commit(5));
  CHECK(ReadBytes(folder / "out") == "first");
}

// Gives a file the mark of a run that has not ended.
void Mark(const std::string& path) { REQUIRE(chmod(path.c_str(), 01644) == 0); }

TEST_CASE("what a killed run left behind is taken over and emptied", "[sink]") {
  const Folder folder;
  Mark(folder.Write("out.partial", std::string(100, 'z')));
  auto file = DurableFile::Create(folder / "out", false).value();
  CHECK(file.took_over());
  REQUIRE(file.WriteAt(0, "ab", 2));
  REQUIRE(file.Commit(4));
  CHECK(ReadBytes(folder / "out") == std::string("ab\0\0", 4));
  struct stat status;
  REQUIRE(stat((folder / "out").c_str(), &status) == 0);
  CHECK((status.st_mode & S_ISVTX) == 0);
}

TEST_CASE("a file under the partial's name that no run left is not touched", "[sink]") {
  const Folder folder;
  const std::string mine = folder.Write("out.partial", "mine");
  const auto refused = DurableFile::Create(folder / "out", true);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kIo);
  CHECK(refused.error().message.find("out.partial") != std::string::npos);
  CHECK(ReadBytes(mine) == "mine");
  // A second name of another file, even a marked one.
  std::filesystem::remove(mine);
  const std::string other = folder.Write("other", "precious");
  Mark(other);
  std::filesystem::create_hard_link(other, mine);
  CHECK_FALSE(DurableFile::Create(folder / "out", true));
  CHECK(ReadBytes(other) == "precious");
  std::filesystem::remove(mine);
  REQUIRE(mkfifo(mine.c_str(), 0600) == 0);
  CHECK_FALSE(DurableFile::Create(folder / "out", true));
  CHECK(std::filesystem::is_fifo(mine));
}

TEST_CASE("an output of a run that did not end may be written again", "[sink]") {
  const Folder folder;
  Mark(folder.Write("out", "left"));
  auto file = DurableFile::Create(folder / "out", false).value();
  REQUIRE(file.WriteAt(0, "new", 3));
  REQUIRE(file.Commit(3));
  CHECK(ReadBytes(folder / "out") == "new");
}

TEST_CASE("a symbolic link is written where it points, there already or not", "[sink]") {
  const Folder folder;
  std::filesystem::create_directory(folder / "far");
  for (const char* name : {"far/old", "far/new"}) {
    std::filesystem::create_symlink(name, folder / "link");
    if (name == std::string("far/old")) {
      folder.Write(name, "old");
      CHECK_FALSE(DurableFile::Create(folder / "link", false));
    }
    auto file = DurableFile::Create(folder / "link", true).value();
    REQUIRE(file.WriteAt(0, "new", 3));
    REQUIRE(file.Commit(3));
    CHECK(ReadBytes(folder / name) == "new");
    CHECK(std::filesystem::is_symlink(folder / "link"));
    std::filesystem::remove(folder / "link");
  }
  std::filesystem::create_symlink("ring", folder / "ring");
  CHECK_FALSE(DurableFile::Create(folder / "ring", true));
}

TEST_CASE("an output that appears during the run stays, unless it may be overwritten", "[sink]") {
  const Folder folder;
  for (const bool overwrite : {false, true}) {
    auto file = DurableFile::Create(folder / "out", overwrite).value();
    REQUIRE(file.WriteAt(0, "new", 3));
    folder.Write("out", "somebody's");
    const auto done = file.Commit(3);
    CHECK(done.has_value() == overwrite);
    if (!done) CHECK(done.error().message.find("appeared") != std::string::npos);
    CHECK(ReadBytes(folder / "out") == (overwrite ? "new" : "somebody's"));
    std::filesystem::remove(folder / "out");
  }
}

TEST_CASE("a partial file that was replaced is neither published nor removed", "[sink]") {
  const Folder folder;
  {
    auto file = DurableFile::Create(folder / "out", true).value();
    REQUIRE(file.WriteAt(0, "new", 3));
    std::filesystem::remove(folder / "out.partial");
    folder.Write("out.partial", "theirs");
    CHECK_FALSE(file.Commit(3));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "out"));
  CHECK(ReadBytes(folder / "out.partial") == "theirs");
}

TEST_CASE("files that belong together appear together, or none does", "[sink]") {
  const Folder folder;
  const auto sealed = [&](const char* name, const char* text, bool overwrite) {
    auto file = DurableFile::Create(folder / name, overwrite).value();
    REQUIRE(file.WriteAt(0, text, 3));
    REQUIRE(file.Seal(3));
    return file;
  };
  DurableFile main = sealed("main", "one", false);
  std::vector<DurableFile> sides;
  sides.push_back(sealed("side", "ONE", false));
  REQUIRE(PublishTogether(main, sides));
  CHECK(ReadBytes(folder / "main") == "one");
  CHECK(ReadBytes(folder / "side") == "ONE");
  CHECK(FilesIn(folder) == 2);
  // A main file that appeared: the side file goes back.
  DurableFile late = sealed("late", "two", false);
  std::vector<DurableFile> late_sides;
  late_sides.push_back(sealed("late-side", "TWO", false));
  folder.Write("late", "theirs");
  const auto done = PublishTogether(late, late_sides);
  REQUIRE_FALSE(done);
  CHECK(done.error().message.find("appeared") != std::string::npos);
  CHECK(ReadBytes(folder / "late") == "theirs");
  CHECK_FALSE(std::filesystem::exists(folder / "late-side"));
}

TEST_CASE("an existing file is kept unless it may be overwritten", "[sink]") {
  const Folder folder;
  const std::string path = folder.Write("out", "old");
  const auto refused = DurableFile::Create(path, false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kBadArgument);
  CHECK(refused.error().setting == "output.overwrite");
  {
    auto abandoned = DurableFile::Create(path, true).value();
    REQUIRE(abandoned.WriteAt(0, "new", 3));
  }
  CHECK(ReadBytes(path) == "old");
  auto file = DurableFile::Create(path, true).value();
  REQUIRE(file.WriteAt(0, "new", 3));
  REQUIRE(file.Commit(3));
  CHECK(ReadBytes(path) == "new");
}

TEST_CASE("folders, pipes, missing folders and a linked partial file are refused", "[sink]") {
  const Folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const std::string& path : {folder.path(), folder / "pipe", folder / "nowhere/out"}) {
    CAPTURE(path);
    const auto refused = DurableFile::Create(path, true);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kIo);
  }
  const std::string victim = folder.Write("victim", "precious");
  REQUIRE(symlink(victim.c_str(), (folder / "out.partial").c_str()) == 0);
  CHECK_FALSE(DurableFile::Create(folder / "out", true));
  CHECK(ReadBytes(victim) == "precious");
}

TEST_CASE("a small file is written whole, and straight into what is no file", "[sink]") {
  const Folder folder;
  REQUIRE(WriteWholeFile(folder / "text", "hello", false));
  CHECK(ReadBytes(folder / "text") == "hello");
  CHECK_FALSE(WriteWholeFile(folder / "text", "again", false));
  CHECK(WriteWholeFile("/dev/null", "hello", false));
  CHECK_FALSE(WriteWholeFile("/dev/full", "hello", false));
}

}  // namespace imnorm
