#include <catch2/catch.hpp>

#include "kernels/kernels.h"
#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using kernels::RowSums;
using testing::ForEachTarget;
using testing::Input;

void CheckEqual(const RowSums& actual, const RowSums& expected) {
  for (int c = 0; c < 4; ++c) {
    CHECK(actual.sum[c] == expected.sum[c]);
    CHECK(actual.sum_squares[c] == expected.sum_squares[c]);
    CHECK(int(actual.min[c]) == int(expected.min[c]));
    CHECK(int(actual.max[c]) == int(expected.max[c]));
  }
  for (int p = 0; p < 3; ++p) CHECK(actual.cross[p] == expected.cross[p]);
}

TEST_CASE("sums equal their twin for every width, stride and target", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    for (int channels = 1; channels <= 4; ++channels) {
      for (size_t pixels = 1; pixels <= 2 * 64 + 3; pixels += pixels < 70 ? 1 : 5) {
        const int rows = 1 + int(pixels % 3);
        const size_t stride = pixels * size_t(channels) + pixels % 7;
        const Input in(stride * size_t(rows - 1) + pixels * size_t(channels), pixels % 5, pixels);
        RowSums expected, actual, by_row, cross;
        // They add to what is there already.
        expected.sum[0] = actual.sum[0] = by_row.sum[0] = 77;
        for (int y = 0; y < rows; ++y) {
          const uint8_t* row = in.data() + size_t(y) * stride;
          kernels::reference::AddSums(row, pixels, channels, &expected);
          kernels::AddSums(row, pixels, channels, &by_row);
        }
        kernels::AddSums(in.data(), stride, rows, pixels, channels, &actual);
        INFO(target << ": channels " << channels << ", pixels " << pixels << ", rows " << rows);
        CheckEqual(actual, expected);
        CheckEqual(by_row, expected);
        if (channels != 3) continue;
        kernels::AddCross(in.data(), stride, rows, pixels, &cross);
        for (int p = 0; p < 3; ++p) CHECK(cross.cross[p] == expected.cross[p]);
      }
    }
  });
}

TEST_CASE("minimum and maximum are those of the pixels, not of the padding", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    INFO(target);
    for (const size_t pixels : {1, 15, 17, 63, 65, 130}) {
      const std::vector<uint8_t> in(pixels * 3, 130);
      RowSums sums;
      kernels::AddSums(in.data(), pixels, 3, &sums);
      for (int c = 0; c < 3; ++c) {
        CHECK(int(sums.min[c]) == 130);
        CHECK(int(sums.max[c]) == 130);
      }
    }
  });
}

TEST_CASE("long runs of extremes overflow no lane", "[kernels]") {
  // 3 times as many vectors as a lane holds, on the target with the longest vectors.
  const size_t pixels = 64 * 8192 * 3 + 11;
  std::vector<uint8_t> in(pixels * 3, 255);
  for (size_t i = 0; i < pixels; ++i) in[3 * i + 2] = 0;
  ForEachTarget([&](const std::string& target) {
    INFO(target);
    RowSums sums;
    kernels::AddSums(in.data(), pixels, 3, &sums);
    CHECK(sums.sum[0] == 255 * pixels);
    CHECK(sums.sum_squares[1] == 65025 * pixels);
    CHECK(sums.sum_squares[2] == 0);
    CHECK(sums.cross[0] == 65025 * pixels);
    CHECK(sums.cross[1] == 0);
    CHECK(int(sums.max[2]) == 0);
  });
}

}  // namespace
}  // namespace imnorm
