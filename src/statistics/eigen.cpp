// Finds eigenvectors by Jacobi's rotations.
#include "statistics/eigen.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace imnorm {
namespace {

using Matrix = std::vector<std::vector<double>>;

// Convergence is quadratic: six to ten sweeps in practice for any size.
constexpr int kMostSweeps = 60;

// Rotates rows and columns p and q so that matrix[p][q] becomes 0.
void Rotate(size_t p, size_t q, Matrix* matrix, Matrix* vectors) {
  Matrix& m = *matrix;
  const double ratio = (m[q][q] - m[p][p]) / (2 * m[p][q]);
  const double tangent =
      (ratio >= 0 ? 1.0 : -1.0) / (std::fabs(ratio) + std::sqrt(1 + ratio * ratio));
  const double cosine = 1 / std::sqrt(1 + tangent * tangent), sine = tangent * cosine;
  for (size_t k = 0; k < m.size(); ++k) {
    const double kp = m[k][p], kq = m[k][q];
    m[k][p] = cosine * kp - sine * kq;
    m[k][q] = sine * kp + cosine * kq;
  }
  for (size_t k = 0; k < m.size(); ++k) {
    const double pk = m[p][k], qk = m[q][k];
    m[p][k] = cosine * pk - sine * qk;
    m[q][k] = sine * pk + cosine * qk;
  }
  m[p][q] = m[q][p] = 0;
  for (std::vector<double>& row : *vectors) {
    const double kp = row[p], kq = row[q];
    row[p] = cosine * kp - sine * kq;
    row[q] = sine * kp + cosine * kq;
  }
}

// Rotates every pair once; false when nothing was left to do.
bool Sweep(Matrix* matrix, Matrix* vectors) {
  bool rotated = false;
  for (size_t p = 0; p < matrix->size(); ++p) {
    for (size_t q = p + 1; q < matrix->size(); ++q) {
      const double off = std::fabs((*matrix)[p][q]);
      // Too small to change either value it lies between.
      const double small = std::min(std::fabs((*matrix)[p][p]), std::fabs((*matrix)[q][q]));
      if (off == 0 || (off < 1e-300) || small + off * 1e-3 == small) {
        (*matrix)[p][q] = (*matrix)[q][p] = 0;
        continue;
      }
      Rotate(p, q, matrix, vectors);
      rotated = true;
    }
  }
  return rotated;
}

}  // namespace

Eigen SolveSymmetric(Matrix matrix) {
  const size_t size = matrix.size();
  Matrix vectors(size, std::vector<double>(size));
  for (size_t i = 0; i < size; ++i) vectors[i][i] = 1;
  for (int sweep = 0; sweep < kMostSweeps && Sweep(&matrix, &vectors); ++sweep) {
  }
  std::vector<size_t> order(size);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return matrix[a][a] > matrix[b][b]; });
  Eigen out;
  for (size_t column : order) {
    out.values.push_back(matrix[column][column]);
    std::vector<double> vector(size);
    for (size_t i = 0; i < size; ++i) vector[i] = vectors[i][column];
    const auto largest = std::max_element(vector.begin(), vector.end(), [](double a, double b) {
      return std::fabs(a) < std::fabs(b);
    });
    if (largest != vector.end() && *largest < 0) {
      for (double& component : vector) component = -component;
    }
    for (double& component : vector) component += 0.0;  // no -0 in print
    out.vectors.push_back(std::move(vector));
  }
  return out;
}

}  // namespace imnorm
