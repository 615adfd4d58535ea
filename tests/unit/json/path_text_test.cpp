// Bytes as base64 and back.
#include "json/path_text.h"

#include <catch2/catch.hpp>
#include <random>

namespace imnorm {

TEST_CASE("base64 is that of RFC 4648", "[json]") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(Base64(bytes) == text);
    std::string back;
    CHECK(FromBase64(text, &back));
    CHECK(back == bytes);
  }
}

TEST_CASE("bytes of every length come back from base64", "[json]") {
  std::mt19937 random(1);
  for (size_t length = 0; length < 200; ++length) {
    std::string bytes(length, '\0'), back;
    for (char& byte : bytes) byte = char(random());
    CHECK(FromBase64(Base64(bytes), &back));
    CHECK(back == bytes);
  }
}

TEST_CASE("what is no base64 is refused", "[json]") {
  std::string bytes;
  for (const char* text : {"Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm-_", "Zm9vYg"}) {
    INFO(text);
    CHECK_FALSE(FromBase64(text, &bytes));
  }
}

}  // namespace imnorm
