// Pieces miss no pair that is near enough, and find none that is not.
#include "statistics/near_hashes.h"

#include <bit>
#include <catch2/catch.hpp>
#include <random>

namespace imnorm {
namespace {

TEST_CASE("the nearest is what looking at all of them finds, at every distance", "[statistics]") {
  std::mt19937_64 random(5);
  for (int most = 0; most <= 12; ++most) {
    NearHashes hashes(most);
    std::vector<uint64_t> all;
    for (int i = 0; i < 300; ++i) {
      uint64_t hash = random();
      if (i % 3 != 0) {
        hash = all[random() % all.size()];
        const int flips = int(random() % 15);
        for (int k = 0; k < flips; ++k) hash ^= uint64_t{1} << (random() % 64);
      }
      std::optional<uint64_t> expected;
      int best = most + 1;
      for (size_t j = 0; j < all.size(); ++j) {
        const int distance = std::popcount(all[j] ^ hash);
        if (distance < best) {
          best = distance;
          expected = j;
        }
      }
      REQUIRE(hashes.Nearest(hash) == expected);
      hashes.Add(hash);
      all.push_back(hash);
    }
    CHECK(hashes.size() == 300);
  }
}

}  // namespace
}  // namespace imnorm
