#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "imnorm/inputs.h"
#include "support/folder.h"

namespace imnorm {
namespace {

constexpr uint64_t kMost = 1 << 20;

ErrorCode CodeOf(const std::string& path, uint64_t most = kMost) {
  std::vector<uint8_t> bytes;
  const auto read = ReadFile(path, most, false, bytes);
  REQUIRE_FALSE(read);
  return read.error().code;
}

}  // namespace

TEST_CASE("a file is read whole, into a buffer that served before", "[source]") {
  const Folder folder;
  std::vector<uint8_t> bytes(1000, 7);
  for (const std::string& content : {std::string(), std::string("x"), std::string(70000, 'y')}) {
    REQUIRE(ReadFile(folder.Write("f", content), kMost, false, bytes));
    CHECK(std::string(bytes.begin(), bytes.end()) == content);
  }
}

TEST_CASE("a pipe without a writer, a folder and a device are refused at once", "[source]") {
  const Folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(CodeOf(folder / "pipe") == ErrorCode::kUnsupported);
  CHECK(CodeOf(folder.path()) == ErrorCode::kUnsupported);
  CHECK(CodeOf("/dev/zero") == ErrorCode::kUnsupported);
}

TEST_CASE("a missing file and a file below a file are not found", "[source]") {
  const Folder folder;
  const std::string file = folder.Write("f", "x");
  CHECK(CodeOf(folder / "nothing") == ErrorCode::kNotFound);
  CHECK(CodeOf(file + "/g") == ErrorCode::kNotFound);
}

TEST_CASE("a file over the limit is refused by its size, one at the limit is not", "[source]") {
  const Folder folder;
  const std::string file = folder.Write("f", std::string(100, 'x'));
  CHECK(CodeOf(file, 99) == ErrorCode::kTooLarge);
  std::vector<uint8_t> bytes;
  CHECK(ReadFile(file, 100, false, bytes));
}

TEST_CASE("of a file that no codec knows only the head is read, where that is asked", "[source]") {
  const Folder folder;
  std::vector<uint8_t> bytes;
  const std::string words(1000, 'w');
  const std::string png = std::string("\x89PNG\r\n\x1a\n", 8) + words;
  REQUIRE(ReadFile(folder.Write("words", words), 100, true, bytes));
  CHECK(bytes.size() == 512);
  REQUIRE(ReadFile(folder.Write("short", "abc"), 100, true, bytes));
  CHECK(bytes.size() == 3);
  REQUIRE(ReadFile(folder.Write("png", png), kMost, true, bytes));
  CHECK(bytes.size() == png.size());
}

}  // namespace imnorm
