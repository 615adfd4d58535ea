// A small picture made of tiles' values.
#include "pipeline/value_overview.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

namespace imnorm {

TEST_CASE("an overview of values takes the middle, or four neighbours", "[pipeline]") {
  // Three columns and two rows of tiles of 2 x 2 in one channel, behind the overview's place.
  const PatchGrid grid = {2, 3};
  std::vector<float> rows(4 + 6 * 4);
  for (size_t i = 4; i < rows.size(); ++i) rows[i] = float(i);
  std::vector<uint8_t> bytes(rows.size() * sizeof(float));
  std::memcpy(bytes.data(), rows.data(), bytes.size());
  MakeValueOverview(grid, 2, 1, bytes);
  std::memcpy(rows.data(), bytes.data(), bytes.size());
  // Columns 1 and 4 of six: the second of the first tile and the first of the third.
  const float column[4] = {5, 7, 17, 19};
  const auto blend = [](float a, float b, float c, float d) {
    return (-3 * a + 19 * b + 19 * c - 3 * d) / 32;
  };
  CHECK(rows[0] == Approx(blend(column[0], column[0], column[1], column[2])));
  CHECK(rows[2] == Approx(blend(column[1], column[2], column[3], column[3])));
  CHECK(rows[1] == Approx(blend(12, 12, 14, 24)));
}

}  // namespace imnorm
