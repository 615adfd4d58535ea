// Matrices of products: whether any vectors have them, without rounding.
#pragma once

#include <optional>
#include <vector>

#include "statistics/dyadic.h"

namespace imnorm {

// The rank of a symmetric matrix if some vectors have it as their products with each other, which
// is where no combination of them has a square below 0; nothing for others.
//
// Shapes:   [n][n], of which the upper half is read
// Rules:    for a handful of vectors: elimination without division doubles the digits at each step
std::optional<size_t> GramRank(std::vector<std::vector<Dyadic>> matrix);

}  // namespace imnorm
