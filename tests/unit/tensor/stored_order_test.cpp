// Elements of other byte and axis orders, brought into ours.
#include "tensor/stored_order.h"

#include <catch2/catch.hpp>
#include <numeric>

namespace imnorm {

TEST_CASE("elements are turned round one by one", "[tensor]") {
  std::vector<uint8_t> bytes = {1, 2, 3, 4, 5, 6, 7, 8};
  SwapElements(bytes.data(), 4, 2);
  CHECK(bytes == std::vector<uint8_t>{2, 1, 4, 3, 6, 5, 8, 7});
  SwapElements(bytes.data(), 1, 8);
  CHECK(bytes == std::vector<uint8_t>{7, 8, 5, 6, 3, 4, 1, 2});
  SwapElements(bytes.data(), 8, 1);
  CHECK(bytes.front() == 7);
}

TEST_CASE("any part of a tensor in Fortran order comes in C order", "[tensor]") {
  const std::vector<int64_t> shape = {2, 3, 4};
  // Element (i, j, k) is stored at i + 2 j + 6 k.
  std::vector<uint16_t> stored(24);
  std::iota(stored.begin(), stored.end(), uint16_t{0});
  for (int64_t first = 0; first < 24; ++first) {
    for (int64_t count = 1; first + count <= 24; ++count) {
      std::vector<uint16_t> out(static_cast<size_t>(count));
      GatherFortran(reinterpret_cast<const uint8_t*>(stored.data()), shape, 2, first, count,
                    reinterpret_cast<uint8_t*>(out.data()));
      for (int64_t n = 0; n < count; ++n) {
        const int64_t at = first + n;
        REQUIRE(out[size_t(n)] == at / 12 + 2 * (at / 4 % 3) + 6 * (at % 4));
      }
    }
  }
}

}  // namespace imnorm
