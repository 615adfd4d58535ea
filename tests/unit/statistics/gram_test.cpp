// Matrices of products with and without vectors that have them.
#include "statistics/gram.h"

#include <catch2/catch.hpp>
#include <random>

namespace imnorm {
namespace {

using Vectors = std::vector<std::vector<double>>;

std::vector<std::vector<Dyadic>> GramOf(const Vectors& vectors) {
  std::vector<std::vector<Dyadic>> out(vectors.size(), std::vector<Dyadic>(vectors.size()));
  for (size_t i = 0; i < vectors.size(); ++i) {
    for (size_t j = 0; j < vectors.size(); ++j) {
      for (size_t k = 0; k < vectors[i].size(); ++k) {
        out[i][j] = out[i][j] + Dyadic(vectors[i][k]) * Dyadic(vectors[j][k]);
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("products of vectors have the vectors' rank, without rounding", "[statistics]") {
  std::mt19937 random(1);
  for (size_t length = 1; length < 6; ++length) {
    Vectors vectors(4, std::vector<double>(length));
    for (auto& vector : vectors) {
      for (double& value : vector) value = (double(random()) - 2e9) * 1e-200;
    }
    CHECK(GramRank(GramOf(vectors)) == std::min<size_t>(4, length));
  }
  CHECK(GramRank(GramOf({{1, 2, 3}, {2, 4, 6}, {1, 0, 0}})) == 2u);
  CHECK(GramRank(GramOf({{0, 0}, {0, 1}})) == 1u);
  CHECK(GramRank({}) == 0u);
}

TEST_CASE("no vectors have products beyond Cauchy's bound, by however little", "[statistics]") {
  const auto with = [](double square, double product) {
    return GramRank({{Dyadic(square), Dyadic(product)}, {Dyadic(product), Dyadic(4.0)}});
  };
  CHECK(with(1, 2) == 1u);
  CHECK(with(1, -2) == 1u);
  CHECK(with(1, 1) == 2u);
  CHECK_FALSE(with(1, 2 + 0x1p-50));
  CHECK_FALSE(with(-1, 0));
  CHECK_FALSE(with(0, 0x1p-900));
  // Every pair is possible, the three together are not.
  const Dyadic one(1.0), near(-0.75);
  CHECK_FALSE(GramRank({{one, near, near}, {near, one, near}, {near, near, one}}));
}

}  // namespace imnorm
