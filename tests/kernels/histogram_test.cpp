#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>

#include "kernels/kernels.h"
#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using kernels::HistogramTables;
using kernels::RowSums;
using testing::ForEachTarget;
using testing::Input;

struct Counted {
  std::vector<uint64_t> histogram;
  std::vector<uint64_t> cross;
  bool operator==(const Counted&) const = default;
};

struct Rows {
  const uint8_t* in;
  size_t stride, rows, pixels;
  int channels;
};

Counted Expected(const Rows& r) {
  Counted out{std::vector<uint64_t>(size_t(r.channels) * 256, 3), {}};
  RowSums sums;
  for (size_t y = 0; y < r.rows; ++y) {
    const uint8_t* row = r.in + y * r.stride;
    kernels::reference::AddHistogram(row, r.pixels, r.channels, out.histogram.data());
    kernels::reference::AddSums(row, r.pixels, r.channels, &sums);
  }
  out.cross.assign(sums.cross, sums.cross + 3);
  return out;
}

// In calls of `band` rows. Tables are as new afterwards: a second flush adds nothing.
Counted Actual(const Rows& r, size_t band, HistogramTables* tables) {
  Counted out{std::vector<uint64_t>(size_t(r.channels) * 256, 3), {}};
  RowSums sums;
  for (size_t y = 0; y < r.rows; y += band) {
    const size_t rows = std::min(band, r.rows - y);
    kernels::AddHistogram(r.in + y * r.stride, r.stride, int(rows), r.pixels, r.channels, tables,
                          &sums);
  }
  for (int i = 0; i < 2; ++i) {
    kernels::FlushHistogram(tables, r.channels, out.histogram.data(), &sums);
  }
  out.cross.assign(sums.cross, sums.cross + 3);
  return out;
}

TEST_CASE("histograms equal the twin for every width, stride, band and target", "[kernels]") {
  const auto tables = std::make_unique<HistogramTables>();
  ForEachTarget([&](const std::string& target) {
    for (const int channels : {1, 3}) {
      for (size_t pixels = 1; pixels < 1200; pixels += pixels < 131 ? 1 : 97) {
        const size_t rows = 1 + pixels * 7 % 50;
        const size_t stride = pixels * size_t(channels) + pixels % 7;
        const Input in(stride * (rows - 1) + pixels * size_t(channels), pixels % 5, pixels);
        const Rows all{in.data(), stride, rows, pixels, channels};
        INFO(target << ": channels " << channels << ", pixels " << pixels << ", rows " << rows);
        const Counted expected = Expected(all);
        for (const size_t band : {size_t{1}, size_t{15}, size_t{17}, rows}) {
          CHECK(Actual(all, band, tables.get()) == expected);
        }
      }
    }
  });
}

TEST_CASE("every value is counted, be it alone, in a narrow range or beside its opposite",
          "[kernels]") {
  const auto tables = std::make_unique<HistogramTables>();
  ForEachTarget([&](const std::string& target) {
    for (int value = 0; value < 256; ++value) {
      for (const int other : {value, value ^ 1, value ^ 8, 255 - value}) {
        std::vector<uint8_t> in(3 * 64 * 35, uint8_t(value));
        for (size_t i = size_t(value); i < in.size(); i += 5) in[i] = uint8_t(other);
        INFO(target << ": " << value << " and " << other);
        for (const int channels : {1, 3}) {
          const Rows all{in.data(), in.size() / 35, 35, in.size() / 35 / size_t(channels),
                         channels};
          CHECK(Actual(all, 35, tables.get()) == Expected(all));
        }
      }
    }
  });
}

TEST_CASE("large pictures of one or two values overflow no counter", "[kernels]") {
  const auto tables = std::make_unique<HistogramTables>();
  const size_t width = 1033, rows = 301;  // more than 4 times 65,535 pixels
  std::vector<uint8_t> in(width * rows * 3, 255);
  ForEachTarget([&](const std::string& target) {
    for (const size_t step : {0, 1, 2, 3}) {
      for (size_t i = 0; step > 0 && i < in.size(); ++i) in[i] = i / 3 % (step + 1) == 0 ? 255 : 3;
      INFO(target << ", step " << step);
      const Rows all{in.data(), width * 3, rows, width, 3};
      for (const size_t band : {size_t{1}, rows}) {
        CHECK(Actual(all, band, tables.get()) == Expected(all));
      }
    }
  });
}

TEST_CASE("nothing of cleared histogram tables is left", "[kernels]") {
  const auto tables = std::make_unique<HistogramTables>();
  const Input in(3 * 500 * 35, 0, 1);
  ForEachTarget([&](const std::string& target) {
    INFO(target);
    for (const int channels : {1, 3}) {
      RowSums sums;
      kernels::AddHistogram(in.data(), 1500, 35, 500, 3, tables.get(), &sums);
      kernels::ClearHistogram(tables.get());
      const Rows all{in.data(), 1500, 35, 500, channels};
      CHECK(Actual(all, 35, tables.get()) == Expected(all));
    }
  });
}

}  // namespace
}  // namespace imnorm
