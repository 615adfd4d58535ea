// What is taken for an archive, by its first bytes.
#include "source/archive.h"

#include <catch2/catch.hpp>

#include "source/selection.h"

namespace imnorm {
namespace {

bool Begins(std::string_view head) {
  return IsArchive({reinterpret_cast<const uint8_t*>(head.data()), head.size()});
}

}  // namespace

TEST_CASE("archives are known by their first bytes, cut ones and others are none", "[source]") {
  CHECK(Begins(std::string_view("PK\x03\x04", 4)));
  CHECK(Begins(std::string_view("PK\x05\x06", 4)));
  CHECK(Begins("\x1f\x8b rest"));
  CHECK(Begins("\x28\xb5\x2f\xfd"));
  std::string tar(512, '\0');
  tar.replace(257, 5, "ustar");
  CHECK(Begins(tar));
  CHECK_FALSE(Begins(tar.substr(0, 261)));
  CHECK_FALSE(Begins("PK"));
  CHECK_FALSE(Begins(""));
  CHECK_FALSE(Begins("\x89PNG\r\n\x1a\n"));
}

TEST_CASE("extensions that mean the same choose the same names", "[source]") {
  InputOptions options;
  CHECK(IsSelectedName("anything", options));
  options.extensions = {"jpg", "tif"};
  for (const char* name : {"a.jpg", "a.JPEG", "b/a.Jpe", "a.tiff"}) {
    CAPTURE(name);
    CHECK(IsSelectedName(name, options));
  }
  for (const char* name : {"a.png", "jpg", "a.jpg/b", "a.jpgx"}) {
    CAPTURE(name);
    CHECK_FALSE(IsSelectedName(name, options));
  }
}

}  // namespace imnorm
