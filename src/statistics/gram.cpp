// Symmetric elimination: a pivot is the square of what is left of a vector.
#include "statistics/gram.h"

namespace imnorm {

std::optional<size_t> GramRank(std::vector<std::vector<Dyadic>> matrix) {
  const size_t size = matrix.size();
  size_t rank = 0;
  for (size_t k = 0; k < size; ++k) {
    const Dyadic pivot = matrix[k][k];
    if (pivot.negative()) return std::nullopt;
    if (pivot.IsZero()) {
      // A vector of length 0 has no product with another.
      for (size_t j = k + 1; j < size; ++j) {
        if (!matrix[k][j].IsZero()) return std::nullopt;
      }
      continue;
    }
    ++rank;
    for (size_t i = k + 1; i < size; ++i) {
      for (size_t j = i; j < size; ++j) {
        matrix[i][j] = (pivot * matrix[i][j] - matrix[k][i] * matrix[k][j]).Reduced();
      }
    }
  }
  return rank;
}

}  // namespace imnorm
