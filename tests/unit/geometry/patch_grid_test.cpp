// How many patches a picture has, and what a row of them looks like.
#include <catch2/catch.hpp>

#include "imnorm/patches.h"

namespace imnorm {

TEST_CASE("a picture has its patches where blocks of them fill it", "[geometry]") {
  PatchPlan plan;
  plan.size = 14;
  plan.merge = 2;
  const auto grid = GridOf(plan, 504, 364);
  REQUIRE(grid);
  CHECK(grid->rows == 26);
  CHECK(grid->columns == 36);
  CHECK(grid->merge == 2);
  CHECK(grid->count() == 936);
  const auto odd = GridOf(plan, 504, 378);  // 27 rows do not make pairs
  REQUIRE(!odd);
  CHECK(odd.error().message.find("blocks of 28x28") != std::string::npos);
}

TEST_CASE("a row of patches is flat, or keeps the sides of one", "[geometry]") {
  PatchPlan plan;
  plan.size = 14;
  plan.frames = 2;
  CHECK(PatchRowShape(plan, 3) == std::vector<int64_t>{1176});
  plan.flat = false;
  CHECK(PatchRowShape(plan, 3) == std::vector<int64_t>{6, 14, 14});
}

}  // namespace imnorm
