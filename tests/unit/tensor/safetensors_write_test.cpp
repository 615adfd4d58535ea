// The one writer of .safetensors headers against the reader.
#include "tensor/safetensors_write.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

std::string JsonIn(const std::string& header) {
  uint64_t length = 0;
  REQUIRE(header.size() >= 8);
  std::memcpy(&length, header.data(), 8);
  REQUIRE(header.size() == 8 + length);
  return header.substr(8);
}

}  // namespace

TEST_CASE("tensors of every type are read back at their places", "[tensor]") {
  for (const ElementTypeRow& row : kElementTypes) {
    CAPTURE(row.word);
    const std::string header =
        SafetensorsHeader({{"a", row.type, {2, 3}, 6 * row.bytes}, {"b", row.type, {}, row.bytes}});
    CHECK(header.size() % 8 == 0);
    const auto entries = ParseSafetensorsHeader(JsonIn(header), 7 * row.bytes);
    REQUIRE(entries);
    REQUIRE(entries->size() == 2);
    CHECK((*entries)[0].name == "a");
    CHECK((*entries)[0].dtype == row.safetensors);
    CHECK((*entries)[0].layout.shape == std::vector<int64_t>{2, 3});
    CHECK((*entries)[1].layout.offset == 6 * row.bytes);
    CHECK((*entries)[1].layout.bytes == row.bytes);
  }
}

TEST_CASE("a header takes the room it was given, metadata and all", "[tensor]") {
  const std::string header =
      SafetensorsHeader({{"x", ElementType::kF32, {1}, 4}}, {{"k", "v"}, {"a", "\"\n"}}, 512);
  CHECK(header.size() == 512);
  const std::string json = JsonIn(header);
  CHECK(json.starts_with(R"({"__metadata__":{"k":"v","a":"\"\n"},"x":{"dtype":"F32")"));
  CHECK(ParseSafetensorsHeader(json, 4));
  CHECK(JsonIn(SafetensorsHeader({})) == "{}      ");
}

}  // namespace imnorm
