#include "decode/memory_share.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

const Stop kNever;

TEST_CASE("A picture that comes to need more than there is begins again with all of it",
          "[memory]") {
  MemoryBudget budget(100);
  MemoryShare share(&budget, kNever);
  REQUIRE(share.TakeForFile(20));
  REQUIRE(share.Take(30));
  auto other = budget.Admit(40, kNever);
  REQUIRE(other);
  REQUIRE_FALSE(share.Take(25));
  REQUIRE(share.begins_again());
  other->Release();
  REQUIRE(share.WaitForAll());
  CHECK_FALSE(share.begins_again());
  CHECK_FALSE(budget.TryAdmit(26));  // 75 are held
  CHECK(share.Take(30));             // which pay for the second time
  CHECK(share.Take(25));
  CHECK(budget.TryAdmit(25));
  CHECK_FALSE(share.Take(30));
  CHECK(share.begins_again());
  const auto waited = share.WaitForAll();  // 105 in all
  REQUIRE_FALSE(waited);
  CHECK(waited.error().code == ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace imnorm
