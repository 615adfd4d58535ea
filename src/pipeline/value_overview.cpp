// Shrinks the joined tiles by whole numbers, across and then down.
#include "pipeline/value_overview.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace imnorm {
namespace {

// One sample of a line that is shrunk by `factor`.
template <typename At>
float Shrunk(const At& at, int to, int factor, int length) {
  if (factor % 2 == 1) return at(to * factor + factor / 2);
  const int first = to * factor + factor / 2 - 2;
  const auto tap = [&](int t) { return at(std::clamp(first + t, 0, length - 1)); };
  constexpr float kOuter = -3.0f / 32.0f, kInner = 19.0f / 32.0f;
  float sum = tap(1) * kInner;
  sum = std::fma(tap(0), kOuter, sum);
  sum = std::fma(tap(2), kInner, sum);
  return std::fma(tap(3), kOuter, sum);
}

}  // namespace

void MakeValueOverview(const PatchGrid& grid, int side, size_t channels, std::span<uint8_t> rows) {
  const auto n = size_t(side);
  const size_t plane = n * n * sizeof(float);
  const uint8_t* tiles = rows.data() + channels * plane;
  const int height = grid.rows * side, width = grid.columns * side;
  std::vector<float> across(size_t(height) * n);
  std::vector<float> line(static_cast<size_t>(width));
  for (size_t c = 0; c < channels; ++c) {
    for (int y = 0; y < height; ++y) {
      for (size_t column = 0; column < size_t(grid.columns); ++column) {
        const size_t tile = size_t(y / side) * size_t(grid.columns) + column;
        const uint8_t* from =
            tiles + (tile * channels + c) * plane + size_t(y % side) * n * sizeof(float);
        std::memcpy(line.data() + column * n, from, n * sizeof(float));
      }
      for (int x = 0; x < side; ++x) {
        across[size_t(y) * n + size_t(x)] =
            Shrunk([&](int at) { return line[size_t(at)]; }, x, grid.columns, width);
      }
    }
    for (int y = 0; y < side; ++y) {
      for (size_t x = 0; x < n; ++x) {
        const float value =
            Shrunk([&](int at) { return across[size_t(at) * n + x]; }, y, grid.rows, height);
        std::memcpy(rows.data() + c * plane + (size_t(y) * n + x) * sizeof value, &value,
                    sizeof value);
      }
    }
  }
}

}  // namespace imnorm
