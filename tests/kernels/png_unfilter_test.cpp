#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <vector>

#include "decode/png/unfilter.h"
#include "support/each_target.h"

namespace imnorm::png {
namespace {

constexpr size_t kGuard = 16;
constexpr int kPixelBytes[] = {1, 2, 3, 4, 6, 8};

struct Rows {
  std::vector<uint8_t> in, above;
  size_t stride;
  int rows, pixel_bytes;
};

// filter -1: any; `small`: bytes that make the predictors tie.
Rows MakeRows(std::mt19937& random, int width, int rows, int pixel_bytes, int filter, bool small) {
  const size_t stride = size_t(width) * size_t(pixel_bytes);
  Rows made{std::vector<uint8_t>(size_t(rows) * (stride + 1) + kUnfilterSlack),
            std::vector<uint8_t>(stride + kUnfilterSlack), stride, rows, pixel_bytes};
  for (auto& v : made.in) v = uint8_t(small ? random() % 3 : random());
  for (auto& v : made.above) v = uint8_t(small ? random() % 5 : random());
  for (int y = 0; y < rows; ++y) {
    made.in[size_t(y) * (stride + 1)] = uint8_t(filter >= 0 ? filter : int(random() % 5));
  }
  return made;
}

// What came, and guard bytes behind it.
std::vector<uint8_t> Unfiltered(bool (*unfilter)(const FilteredRows&), const Rows& rows,
                                bool expected) {
  std::vector<uint8_t> out(size_t(rows.rows) * rows.stride + kGuard, 0x5a);
  const FilteredRows job = {rows.in.data(),   rows.rows,         rows.stride,
                            rows.pixel_bytes, rows.above.data(), out.data()};
  REQUIRE(unfilter(job) == expected);
  return out;
}

void CheckEqual(const Rows& rows) {
  if (Unfiltered(UnfilterRows, rows, true) != Unfiltered(reference::UnfilterRows, rows, true)) {
    FAIL("pixel bytes " << rows.pixel_bytes << " stride " << rows.stride << " rows " << rows.rows);
  }
}

}  // namespace

TEST_CASE("undone filters equal their reference on every target, pixel and width",
          "[kernels][png]") {
  ForEachTarget([] {
    std::mt19937 random(1);
    for (const int pixel_bytes : kPixelBytes) {
      for (int width = 1; width <= 80; ++width) {
        for (const int rows : {1, 2, 7, 16, 19}) {
          CheckEqual(MakeRows(random, width, rows, pixel_bytes, -1, width % 2 == 0));
        }
      }
    }
  });
}

TEST_CASE("each filter alone and each pair of them equal their reference", "[kernels][png]") {
  ForEachTarget([] {
    std::mt19937 random(2);
    for (const int pixel_bytes : kPixelBytes) {
      for (const int width : {3, 33, 40, 101}) {
        for (int filter = 0; filter <= 4; ++filter) {
          for (int other = 0; other <= 4; ++other) {
            Rows rows = MakeRows(random, width, 32, pixel_bytes, filter, other % 2 == 0);
            for (int y = 0; y < 32; ++y) {
              if (random() % 3 == 0) rows.in[size_t(y) * (rows.stride + 1)] = uint8_t(other);
            }
            CheckEqual(rows);
          }
        }
      }
    }
  });
}

TEST_CASE("Paeth's predictor equals its reference for every three bytes", "[kernels][png]") {
  ForEachTarget([] {
    // Residuals make each even pixel `a`; each odd one then has a, b and c around it, and a
    // residual of 0. The four bytes of a pixel are four values of c.
    bool equal = true;
    for (int a = 0; a < 256; ++a) {
      for (int c = 0; c < 256; c += 4) {
        Rows rows{std::vector<uint8_t>(1 + 512 * 4 + kUnfilterSlack),
                  std::vector<uint8_t>(512 * 4 + kUnfilterSlack), 512 * 4, 1, 4};
        rows.in[0] = 4;
        // Pixel 2b is a under c; pixel 2b + 1 stands under b.
        for (int b = 0; b < 256; ++b) {
          for (int lane = 0; lane < 4; ++lane) {
            rows.above[size_t(b) * 8 + size_t(lane)] = uint8_t(c + lane);
            rows.above[size_t(b) * 8 + 4 + size_t(lane)] = uint8_t(b);
          }
        }
        std::vector<uint8_t> made(512 * 4);
        const auto predicted = [&](size_t i) {
          const int left = i >= 4 ? made[i - 4] : 0;
          const int up = rows.above[i];
          const int corner = i >= 4 ? rows.above[i - 4] : 0;
          const int p = left + up - corner;
          const int pa = std::abs(p - left), pb = std::abs(p - up), pc = std::abs(p - corner);
          return pa <= pb && pa <= pc ? left : pb <= pc ? up : corner;
        };
        for (size_t i = 0; i < 512 * 4; ++i) {
          if (i / 4 % 2 == 0) rows.in[1 + i] = uint8_t(a - predicted(i));
          made[i] = uint8_t(rows.in[1 + i] + predicted(i));
        }
        std::vector<uint8_t> out = Unfiltered(UnfilterRows, rows, true);
        out.resize(made.size());
        equal = equal && out == made;
      }
    }
    CHECK(equal);
  });
}

TEST_CASE("a filter that does not exist is seen in any row", "[kernels][png]") {
  ForEachTarget([] {
    std::mt19937 random(3);
    for (const int pixel_bytes : kPixelBytes) {
      for (const int width : {1, 5, 50}) {
        for (int y = 0; y < 17; ++y) {
          for (const uint8_t filter : {5, 255}) {
            Rows rows = MakeRows(random, width, 17, pixel_bytes, 4, false);
            rows.in[size_t(y) * (rows.stride + 1)] = filter;
            Unfiltered(UnfilterRows, rows, false);
            Unfiltered(reference::UnfilterRows, rows, false);
          }
        }
      }
    }
  });
}

}  // namespace imnorm::png
