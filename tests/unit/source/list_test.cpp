#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "imnorm/inputs.h"
#include "support/folder.h"

namespace imnorm {
namespace {

std::vector<std::string> Keys(const InputList& list) {
  std::vector<std::string> keys;
  for (const Input& input : list.inputs) keys.emplace_back(input.key());
  return keys;
}

using Names = std::vector<std::string>;

InputOptions Inputs(std::vector<std::string> inputs) {
  InputOptions options;
  options.inputs = std::move(inputs);
  return options;
}

InputOptions ListFrom(std::string file, bool null_separated = false) {
  InputOptions options;
  options.files_from = std::move(file);
  options.null_separated = null_separated;
  return options;
}

}  // namespace

TEST_CASE("a folder's files come byte-wise by relative path, hidden names left out", "[source]") {
  const Folder folder;
  for (const char* name : {"b.png", "a/z.png", "a.png", "B.png", "a/y/1.png", ".hidden.png",
                           ".git/x.png", "\xc3\xa4.png"}) {
    folder.Write(name, "x");
  }
  const InputList list = ListInputs(Inputs({folder.path()})).value();
  CHECK(Keys(list) == Names{"B.png", "a.png", "a/y/1.png", "a/z.png", "b.png", "\xc3\xa4.png"});
  CHECK(list.inputs[2].top_folder() == "a");
  CHECK(list.inputs[0].top_folder().empty());
  CHECK(list.inputs[0].expected);
  CHECK_FALSE(list.inputs[0].named);
}

TEST_CASE("equal keys of two inputs are ordered by the input as given", "[source]") {
  const Folder folder;
  folder.Write("two/x.png", "x");
  folder.Write("one/x.png", "x");
  const InputList list = ListInputs(Inputs({folder / "two", folder / "one"})).value();
  REQUIRE(list.inputs.size() == 2);
  CHECK(list.inputs[0].path == folder / "one/x.png");
  CHECK(list.inputs[1].path == folder / "two/x.png");
  CHECK(ListInputs(Inputs({folder / "one", folder / "one/"}))->inputs.size() == 2);
}

TEST_CASE("the hash follows the relative names, not where the folder stands", "[source]") {
  const Folder a, b;
  for (const Folder* folder : {&a, &b}) {
    folder->Write("1.png", "x");
    folder->Write("2.png", folder == &a ? "x" : "y");
  }
  const std::string hash = ListInputs(Inputs({a.path()}))->Hash();
  CHECK(hash.size() == 32);
  CHECK(ListInputs(Inputs({b.path() + "/"}))->Hash() == hash);
  b.Write("3.png", "x");
  CHECK(ListInputs(Inputs({b.path()}))->Hash() != hash);
  // XXH3-128 of nothing, and of "a\0b\0": the value must never change between versions.
  CHECK(InputList().Hash() == "99aa06d3014798d86001c324468d497f");
  InputList joined, split;
  joined.inputs.resize(1);
  joined.inputs[0].path = "ab";
  split.inputs.resize(2);
  split.inputs[0].path = "a";
  split.inputs[1].path = "b";
  CHECK(joined.Hash() != split.Hash());
}

TEST_CASE("a list's entries are named inputs, blank lines and carriage returns left out",
          "[source]") {
  const Folder folder;
  const std::string file = folder.Write("list.txt", "b.png\r\n\na.png\nlast");
  const InputList list = ListInputs(ListFrom(file)).value();
  CHECK(Keys(list) == Names{"a.png", "b.png", "last"});
  for (const Input& input : list.inputs) CHECK(input.named);
}

TEST_CASE("a list separated by NUL keeps newlines in names", "[source]") {
  const Folder folder;
  const std::string file = folder.Write("list", std::string_view("b\nc\r\0a\0", 7));
  CHECK(Keys(ListInputs(ListFrom(file, true)).value()) == Names{"a", "b\nc\r"});
}

TEST_CASE("an entry twice in one list is an error that names it, a missing list is not found",
          "[source]") {
  const Folder folder;
  const auto twice = ListInputs(ListFrom(folder.Write("list", "x.png\ny.png\nx.png\n")));
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == ErrorCode::kBadArgument);
  CHECK(twice.error().message.find("x.png") != std::string::npos);
  const auto missing = ListInputs(ListFrom(folder / "nothing"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::kNotFound);
}

TEST_CASE("extensions choose in folders only, whatever the case, jpeg with jpg", "[source]") {
  const Folder folder;
  for (const char* name : {"a.JPG", "b.jpeg", "c.png", "d.jpe", "jpg", "e.tiff"}) {
    folder.Write(name, "x");
  }
  InputOptions options = Inputs({folder.path(), folder / "c.png"});
  options.extensions = {"jpg"};
  CHECK(Keys(ListInputs(options).value()) == Names{folder / "c.png", "a.JPG", "b.jpeg", "d.jpe"});
  options = Inputs({folder.path()});
  options.extensions = {"tif"};
  CHECK(Keys(ListInputs(options).value()) == Names{"e.tiff"});
}

TEST_CASE("globs leave out names, folders, and with a slash relative paths", "[source]") {
  const Folder folder;
  for (const char* name : {"a/1.png", "a/2.png", "b/1.png", "c/a/3.png"}) folder.Write(name, "x");
  const auto without = [&](std::string glob) {
    InputOptions options = Inputs({folder.path()});
    options.exclude = {std::move(glob)};
    return Keys(ListInputs(options).value());
  };
  CHECK(without("1.*") == Names{"a/2.png", "c/a/3.png"});
  CHECK(without("a") == Names{"b/1.png"});
  CHECK(without("a/*") == Names{"b/1.png", "c/a/3.png"});
}

TEST_CASE("links to files and folders are followed, broken ones reported", "[source]") {
  const Folder folder;
  const Folder other;
  other.Write("inside.png", "x");
  REQUIRE(symlink((other / "inside.png").c_str(), (folder / "file.png").c_str()) == 0);
  REQUIRE(symlink(other.path().c_str(), (folder / "folder.png").c_str()) == 0);
  REQUIRE(symlink("nowhere", (folder / "broken.png").c_str()) == 0);
  REQUIRE(symlink("nowhere", (folder / "broken").c_str()) == 0);
  REQUIRE(symlink("loop.png", (folder / "loop.png").c_str()) == 0);
  REQUIRE(mkfifo((folder / "pipe.png").c_str(), 0600) == 0);
  const InputList list = ListInputs(Inputs({folder.path()})).value();
  CHECK(Keys(list) == Names{"broken.png", "file.png", "folder.png/inside.png", "loop.png"});
  CHECK(list.inputs[0].list_error == ENOENT);
  CHECK(list.inputs[1].list_error == 0);
  CHECK(list.inputs[3].list_error == ELOOP);
  CHECK(list.passed_over == 2);
  InputOptions options = Inputs({folder.path()});
  options.follow_links = false;
  const InputList real = ListInputs(options).value();
  CHECK(Keys(real) == Names{"broken.png", "file.png", "loop.png"});
  CHECK(real.links_left_out == Names{folder / "folder.png"});
}

TEST_CASE("each folder is read once, by its own path before that of a link, and loops end",
          "[source]") {
  const Folder folder;
  folder.Write("z/1.png", "x");
  REQUIRE(symlink("z", (folder / "b").c_str()) == 0);
  REQUIRE(symlink("..", (folder / "z/up").c_str()) == 0);
  const Folder other;
  other.Write("deep/2.png", "x");
  REQUIRE(symlink(other.path().c_str(), (folder / "y").c_str()) == 0);
  REQUIRE(symlink((other / "deep").c_str(), (folder / "x").c_str()) == 0);
  const InputList list = ListInputs(Inputs({folder.path()})).value();
  CHECK(Keys(list) == Names{"x/2.png", "z/1.png"});
  CHECK(list.links_read_before == Names{folder / "b", folder / "y/deep", folder / "z/up"});
}

TEST_CASE("an input that does not exist, or stands below a file, is not found", "[source]") {
  const Folder folder;
  folder.Write("a.png", "x");
  for (const char* name : {"nothing", "a.png/b.png", ""}) {
    CAPTURE(name);
    const auto list = ListInputs(Inputs({*name ? folder / name : ""}));
    REQUIRE_FALSE(list);
    CHECK(list.error().code == ErrorCode::kNotFound);
  }
}

TEST_CASE("shards cover every list without overlap and differ by at most one", "[source]") {
  for (const size_t size : {0, 1, 2, 7, 100, 1001}) {
    for (const uint64_t count : {1, 2, 3, 7, 64, 1000}) {
      CAPTURE(size, count);
      size_t at = 0;
      for (uint64_t i = 1; i <= count; ++i) {
        const ShardRange range = ShardOf(size, i, count);
        REQUIRE(range.begin == at);
        REQUIRE(range.end >= range.begin);
        const size_t length = range.end - range.begin;
        REQUIRE((length == size / count || length == size / count + 1));
        at = range.end;
      }
      REQUIRE(at == size);
    }
  }
  const size_t huge = size_t{1} << 63;
  CHECK(ShardOf(huge, 1'000'000, 1'000'000).end == huge);
}

}  // namespace imnorm
