// Eigenvalues and eigenvectors of a covariance matrix: the constants of "PCA lighting".
#pragma once

#include <vector>

namespace imnorm {

// vectors[k] is the unit eigenvector of values[k]; values descend.
//
// Rules:    the sign of a vector makes its component of largest magnitude positive (the first of
//           equals)
struct Eigen {
  std::vector<double> values;
  std::vector<std::vector<double>> vectors;
};

// Solves a symmetric matrix by cyclic Jacobi rotations.
//
// Numbers:  relative error near 1e-15 of the largest value; only + - * / and sqrt, so the same bits
//           on every machine
// Source:   Golub and Van Loan, "Matrix Computations", section 8.5
Eigen SolveSymmetric(std::vector<std::vector<double>> matrix);

}  // namespace imnorm
