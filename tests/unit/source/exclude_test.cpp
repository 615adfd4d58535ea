// Patterns of --exclude against paths.
#include "source/exclude.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

bool Leaves(const char* pattern, const char* path, bool folder = false) {
  return Excludes({pattern}).Match(path, [&] { return folder; });
}

TEST_CASE("a star crosses no folder", "[source]") {
  CHECK(Leaves("a/*", "a/b"));
  CHECK_FALSE(Leaves("a/*", "a/b/c"));
  CHECK_FALSE(Leaves("*/c", "a/b/c"));
  CHECK(Leaves("*/*/c", "a/b/c"));
  CHECK_FALSE(Leaves("a?b/c", "a/b/c"));
  CHECK(Leaves("*.png", "x/y/c.png"));
}

TEST_CASE("a pattern without a slash meets a name at any depth, one with a slash the whole path",
          "[source]") {
  CHECK(Leaves("thumbs", "thumbs"));
  CHECK(Leaves("thumbs", "a/b/thumbs"));
  CHECK_FALSE(Leaves("thumbs", "a/thumbs/x"));  // a walk never goes in
  CHECK(Leaves("a/b", "a/b"));
  CHECK_FALSE(Leaves("a/b", "x/a/b"));
}

TEST_CASE("a slash or a dot and a slash at the beginning name the INPUT", "[source]") {
  for (const char* pattern : {"/a", "./a"}) {
    CAPTURE(pattern);
    CHECK(Leaves(pattern, "a"));
    CHECK_FALSE(Leaves(pattern, "b/a"));
  }
  CHECK(Leaves("./a/*", "a/x"));
  CHECK_FALSE(Leaves("./a/*", "b/a/x"));
}

TEST_CASE("a slash at the end takes folders only", "[source]") {
  CHECK(Leaves("thumbs/", "x/thumbs", true));
  CHECK_FALSE(Leaves("thumbs/", "x/thumbs", false));
  CHECK(Leaves("/x/thumbs/", "x/thumbs", true));
  CHECK_FALSE(Leaves("/thumbs/", "x/thumbs", true));
}

TEST_CASE("two stars stand for any number of folders", "[source]") {
  CHECK(Leaves("**/c", "c"));
  CHECK(Leaves("**/c", "a/b/c"));
  CHECK(Leaves("a/**/c", "a/c"));
  CHECK(Leaves("a/**/c", "a/x/y/c"));
  CHECK_FALSE(Leaves("a/**/c", "b/a/c"));
  CHECK(Leaves("a/**", "a/b/c"));
  CHECK_FALSE(Leaves("a/**", "a"));
}

TEST_CASE("patterns that met nothing are told apart, whatever the others leave out", "[source]") {
  Excludes excludes({"*.png", "a.*", "thumbs/", "/"});
  const auto file = [] { return false; };
  CHECK(excludes.Match("x/a.png", file));
  CHECK_FALSE(excludes.Match("thumbs", file));
  CHECK(excludes.Idle() == std::vector<std::string>{"thumbs/", "/"});
}

}  // namespace
}  // namespace imnorm
