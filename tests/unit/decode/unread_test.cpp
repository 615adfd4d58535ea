#include "decode/unread.h"

#include <catch2/catch.hpp>

#include "imnorm/probe.h"
#include "unit/decode/files.h"

namespace imnorm {
namespace {

using testing::BytesOf;

TEST_CASE("formats that are not read are called by their name", "[decode]") {
  CHECK(NameOfUnread(BytesOf(std::string("IIU\0", 4))) == "camera raw (RW2)");
  CHECK(NameOfUnread(BytesOf(std::string("\0\0\0\x20", 4) + "ftypcrx ....")) == "camera raw (CR3)");
  CHECK(NameOfUnread(BytesOf(std::string(257, '\0') + "ustar\00000")) == "tar archive");
  CHECK(NameOfUnread(BytesOf("plain words\n")) == "text");
  CHECK(NameOfUnread(BytesOf("\xfe\x01\x02")) == "");
}

TEST_CASE("a name ends in a picture's extension whether the format is read or not", "[decode]") {
  for (const char* name : {"a.jpg", "b/c.JPEG", "d.apng", "e.dib", "f.tiff", "g.pam", "h.heic",
                           "i.jp2", "j.svg", "k.x.webp"}) {
    CHECK(HasPictureExtension(name));
  }
  for (const char* name : {"", "jpg", "a.txt", "b.jpg/c", "d.", "e.jpg.txt", "f.npy"}) {
    CHECK_FALSE(HasPictureExtension(name));
  }
}

}  // namespace
}  // namespace imnorm
