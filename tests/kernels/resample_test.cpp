#include <catch2/catch.hpp>

#include "kernels/kernels.h"
#include "kernels/resize.h"
#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using kernels::ColumnMethod;
using testing::ForEachTarget;
using testing::Input;
using testing::Output;

struct Case {
  int in_size, out_size, begin, end;
  Filter filter;
  int channels, rows;
};

AxisWeights TorchWeights(const Case& c) {
  AxisWeightsF64 exact;
  AxisWeights fixed;
  FindTorchWeights(c.in_size, c.out_size, c.filter, c.begin, c.end, &exact, &fixed);
  return fixed;
}

// Compares one pass with its twin; returns the method used.
ColumnMethod Check(const std::string& target, const Case& c, const AxisWeights& weights,
                   size_t misalign, size_t stride_extra) {
  const int in_begin = weights.first.front();
  int in_end = 0;
  for (int i = 0; i < weights.size(); ++i) {
    in_end = std::max(in_end, weights.first[size_t(i)] + weights.count[size_t(i)]);
  }
  const size_t in_bytes = size_t(in_end - in_begin) * size_t(c.channels);
  const size_t in_stride = in_bytes + stride_extra;
  const size_t out_bytes = size_t(weights.size()) * size_t(c.channels);
  const size_t out_stride = out_bytes + stride_extra;
  // The last row ends where its samples end.
  const size_t in_size = in_stride * size_t(c.rows - 1) + in_bytes;
  const size_t out_size = out_stride * size_t(c.rows - 1) + out_bytes;
  const Input in(in_size, misalign, uint64_t(c.in_size * 131 + c.out_size));
  Output expected(out_size), actual(out_size, misalign);
  kernels::reference::ResampleRows(weights, in_begin, in.data(), in_stride, c.rows, c.channels,
                                   expected.data(), out_stride);
  const auto columns = kernels::PrepareColumns(weights, in_begin, c.channels);
  kernels::ResampleRows(columns, in.data(), in_stride, c.rows, actual.data(), out_stride);
  INFO(target << ": " << c.in_size << " -> " << c.out_size << " [" << c.begin << ", " << c.end
              << "), filter " << int(c.filter) << ", channels " << c.channels << ", rows " << c.rows
              << ", method " << int(columns.method) << ", short " << columns.short_weights
              << ", precision " << weights.precision << ", misalign " << misalign);
  CHECK(actual.GuardsIntact());
  CHECK(actual.values() == expected.values());
  return columns.method;
}

ColumnMethod Check(const std::string& target, const Case& c, size_t misalign, size_t stride_extra) {
  return Check(target, c, MakeAxisWeights(c.in_size, c.out_size, c.filter, c.begin, c.end),
               misalign, stride_extra);
}

constexpr Filter kFilters[] = {Filter::kNearest, Filter::kBox,     Filter::kBilinear,
                               Filter::kHamming, Filter::kBicubic, Filter::kLanczos};

TEST_CASE("the horizontal pass equals its twin for every filter, scale and target", "[kernels]") {
  constexpr int kSizes[][2] = {{500, 341}, {375, 256}, {256, 224}, {224, 224}, {100, 333},
                               {999, 300}, {640, 100}, {640, 77},  {1000, 64}, {1600, 50},
                               {64, 65},   {31, 7},    {5, 40},    {1, 9},     {9, 1}};
  ForEachTarget([&](const std::string& target) {
    for (const auto& size : kSizes) {
      for (const Filter filter : kFilters) {
        for (const int channels : {1, 2, 3, 4}) {
          const int rows = 1 + (size[0] + channels) % 6;
          Check(target, {size[0], size[1], 0, size[1], filter, channels, rows},
                size_t(channels) * 5, size_t(size[0] % 13));
        }
      }
    }
  });
}

TEST_CASE("the horizontal pass equals its twin for every small width", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    for (const int channels : {1, 3, 4}) {
      for (int width = 1; width <= 140; width += width < 48 ? 1 : 7) {
        Check(target, {width, width + 3, 0, width + 3, Filter::kBicubic, channels, 2}, 1, 1);
        Check(target, {width * 3 / 2 + 1, width, 0, width, Filter::kBilinear, channels, 5}, 3, 0);
        Check(target, {width * 9 + 1, width, 0, width, Filter::kLanczos, channels, 3}, 7, 31);
      }
    }
  });
}

TEST_CASE("a window of the outputs is resampled as the whole is", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    for (const int channels : {1, 3, 4}) {
      Check(target, {500, 341, 58, 282, Filter::kBilinear, channels, 4}, 0, 0);
      Check(target, {4000, 341, 58, 282, Filter::kBicubic, channels, 2}, 9, 3);
      Check(target, {500, 341, 340, 341, Filter::kLanczos, channels, 4}, 0, 0);
    }
  });
}

TEST_CASE("the horizontal pass equals its twin for torch's weights", "[kernels]") {
  constexpr int kSizes[][2] = {{500, 341}, {256, 224}, {224, 224}, {100, 333}, {999, 300},
                               {640, 77},  {1600, 50}, {64, 65},   {31, 7},    {5, 40},
                               {1, 9},     {9, 1},     {4000, 30}, {47, 46}};
  int shorter = 0, wider = 0;
  ForEachTarget([&](const std::string& target) {
    for (const auto& size : kSizes) {
      for (const Filter filter : {Filter::kNearest, Filter::kNearestExact, Filter::kBilinear,
                                  Filter::kBicubic, Filter::kLanczos}) {
        for (const int channels : {1, 2, 3, 4}) {
          const int rows = 1 + (size[0] + channels) % 6;
          const Case c{size[0], size[1], 0, size[1], filter, channels, rows};
          AxisWeights weights = TorchWeights(c);
          Check(target, c, weights, size_t(channels) * 5, size_t(size[0] % 13));
          const auto columns = kernels::PrepareColumns(weights, 0, channels);
          (columns.short_weights ? shorter : wider) += target != "SCALAR";
          // The largest that 16 bits hold: on some targets it is not split into two parts.
          weights.weights[0] = 32767;
          Check(target, c, weights, 0, 0);
        }
      }
    }
  });
  const bool vectors = kernels::UsableTargets().size() > 1;
  CHECK((shorter > 0) == vectors);
  CHECK(shorter > wider);
}

TEST_CASE("every small width takes torch's weights as its twin does", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    for (const int channels : {1, 3, 4}) {
      for (int width = 1; width <= 140; width += width < 48 ? 1 : 7) {
        for (const Case& c : {Case{width, width + 3, 0, width + 3, Filter::kBicubic, channels, 2},
                              {width * 3 / 2 + 1, width, 0, width, Filter::kBilinear, channels, 5},
                              {width * 9 + 1, width, 0, width, Filter::kLanczos, channels, 3}}) {
          Check(target, c, TorchWeights(c), 3, size_t(width % 5));
        }
      }
    }
  });
}

TEST_CASE("no reduction falls back to plain code where there are vectors", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    for (const int channels : {1, 3, 4}) {
      for (const int in_size : {300, 500, 900, 2000, 4000, 20000}) {
        const ColumnMethod method =
            Check(target, {in_size, 256, 0, 256, Filter::kLanczos, channels, 1}, 0, 0);
        CHECK((method == ColumnMethod::kTwin) == (target == "SCALAR"));
      }
    }
  });
}

TEST_CASE("weights beyond the split's range go to the twin", "[kernels]") {
  AxisWeights weights;
  weights.taps = 2;
  weights.first = {0, 1};
  weights.count = {2, 2};
  weights.weights = {9 << 20, -(5 << 20), 3 << 20, 1 << 20};
  ForEachTarget([&](const std::string& target) {
    INFO(target);
    const uint8_t in[3] = {10, 200, 30};
    uint8_t expected[2], actual[2];
    kernels::reference::ResampleRows(weights, 0, in, 3, 1, 1, expected, 2);
    const auto columns = kernels::PrepareColumns(weights, 0, 1);
    kernels::ResampleRows(columns, in, 3, 1, actual, 2);
    CHECK(columns.method == ColumnMethod::kTwin);
    CHECK(actual[0] == expected[0]);
    CHECK(actual[1] == expected[1]);
  });
}

}  // namespace
}  // namespace imnorm
