#include "statistics/eigen.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace imnorm {
namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix RandomCovariance(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  Matrix factor(size, std::vector<double>(size)), out = factor;
  for (auto& row : factor) {
    for (double& x : row) x = normal(random);
  }
  for (size_t i = 0; i < size; ++i) {
    for (size_t j = 0; j < size; ++j) {
      for (size_t k = 0; k < size; ++k) out[i][j] += factor[i][k] * factor[j][k];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("eigenvectors solve the matrix, are orthonormal and have their sign", "[statistics]") {
  for (size_t size : {1, 2, 3, 4, 10, 40}) {
    const Matrix matrix = RandomCovariance(size, uint32_t(size));
    const Eigen eigen = SolveSymmetric(matrix);
    const double bound = 1e-13 * eigen.values[0] * double(size);
    for (size_t k = 0; k < size; ++k) {
      if (k > 0) CHECK(eigen.values[k - 1] >= eigen.values[k]);
      const std::vector<double>& v = eigen.vectors[k];
      double largest = 0;
      for (size_t i = 0; i < size; ++i) {
        double product = 0;
        for (size_t j = 0; j < size; ++j) product += matrix[i][j] * v[j];
        CHECK(std::fabs(product - eigen.values[k] * v[i]) < bound);
        if (std::fabs(v[i]) > std::fabs(largest)) largest = v[i];
      }
      CHECK(largest > 0);
      for (size_t l = 0; l <= k; ++l) {
        double dot = 0;
        for (size_t i = 0; i < size; ++i) dot += v[i] * eigen.vectors[l][i];
        CHECK(dot == Approx(l == k ? 1.0 : 0.0).margin(1e-13));
      }
    }
  }
}

TEST_CASE("a diagonal matrix keeps its values, zeros included", "[statistics]") {
  const Eigen eigen = SolveSymmetric({{2, 0, 0}, {0, 0, 0}, {0, 0, 5}});
  CHECK(eigen.values == std::vector<double>{5, 2, 0});
  CHECK(eigen.vectors == Matrix{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}});
  const Eigen zero = SolveSymmetric({{0, 0}, {0, 0}});
  CHECK(zero.values == std::vector<double>{0, 0});
}

TEST_CASE("equal channels give one direction and nothing beside it", "[statistics]") {
  const Eigen eigen = SolveSymmetric({{4, 4, 4}, {4, 4, 4}, {4, 4, 4}});
  CHECK(eigen.values[0] == Approx(12));
  CHECK(std::fabs(eigen.values[1]) < 1e-14);
  CHECK(std::fabs(eigen.values[2]) < 1e-14);
  for (double x : eigen.vectors[0]) CHECK(x == Approx(std::sqrt(1.0 / 3)));
}

TEST_CASE("tiny and huge variances are solved alike", "[statistics]") {
  for (double scale : {1e-280, 1e-20, 1e250}) {
    const Eigen eigen = SolveSymmetric({{2 * scale, scale}, {scale, 2 * scale}});
    CHECK(eigen.values[0] / scale == Approx(3));
    CHECK(eigen.values[1] / scale == Approx(1));
  }
}

}  // namespace imnorm
