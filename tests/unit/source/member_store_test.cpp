// Bytes of members: kept, read by their places, stopped where that is asked.
#include "source/member_store.h"

#include <catch2/catch.hpp>

namespace imnorm {

TEST_CASE("members are read by their places, in any order", "[source]") {
  auto store = MemberStore::Open();
  REQUIRE(store);
  REQUIRE(store->Append("abc", 3));
  CHECK(store->size() == 3);
  REQUIRE(store->Append("defgh", 5));
  std::vector<uint8_t> bytes(100);
  REQUIRE(store->Read(3, 5, bytes, {}));
  CHECK(std::string(bytes.begin(), bytes.end()) == "defgh");
  REQUIRE(store->Read(0, 3, bytes, {}));
  CHECK(std::string(bytes.begin(), bytes.end()) == "abc");
  REQUIRE(store->Read(8, 0, bytes, {}));
  CHECK(bytes.empty());
}

TEST_CASE("a large member is stopped between its pieces", "[source]") {
  auto store = MemberStore::Open();
  REQUIRE(store);
  const std::string large(size_t{20} << 20, 'x');
  REQUIRE(store->Append(large.data(), large.size()));
  std::vector<uint8_t> bytes;
  const auto stopped = store->Read(0, large.size(), bytes, Stop([] { return true; }));
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == ErrorCode::kCancelled);
  REQUIRE(store->Read(0, large.size(), bytes, {}));
  CHECK(bytes.size() == large.size());
}

TEST_CASE("errors live as long as the store, wherever it is moved", "[source]") {
  auto store = MemberStore::Open();
  REQUIRE(store);
  const Error* first = store->Keep({ErrorCode::kCorrupt, "first"});
  for (int i = 0; i < 1000; ++i) store->Keep({ErrorCode::kIo, "more"});
  const MemberStore moved = std::move(*store);
  CHECK(first->message == "first");
}

}  // namespace imnorm
