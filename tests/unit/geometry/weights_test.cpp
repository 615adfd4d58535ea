#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "imnorm/geometry.h"

namespace imnorm {
namespace {

const std::map<std::string, Filter>& Filters() {
  static const auto* filters = new std::map<std::string, Filter>{
      {"nearest", Filter::kNearest}, {"box", Filter::kBox},         {"bilinear", Filter::kBilinear},
      {"hamming", Filter::kHamming}, {"bicubic", Filter::kBicubic}, {"lanczos", Filter::kLanczos}};
  return *filters;
}

// The pattern of tests/golden/make_resize_golden.py.
std::vector<int> Pattern(int size) {
  std::vector<int> row;
  for (int i = 0; i < size; ++i) row.push_back((i * i * 37 + i * 101 + 11) % 256);
  return row;
}

std::vector<int> Apply(const AxisWeights& axis, const std::vector<int>& in) {
  std::vector<int> out;
  for (int i = 0; i < axis.size(); ++i) {
    int64_t sum = 1 << 21;
    for (int t = 0; t < axis.count[size_t(i)]; ++t) {
      sum +=
          int64_t(axis.weights[size_t(i * axis.taps + t)]) * in[size_t(axis.first[size_t(i)] + t)];
    }
    out.push_back(int(std::clamp<int64_t>(sum >> 22, 0, 255)));
  }
  return out;
}

}  // namespace

TEST_CASE("a row resized by the weights is Pillow's row, with every filter", "[geometry]") {
  std::ifstream file(IMNORM_SOURCE_DIR "/tests/golden/resize_golden.json");
  const auto golden = nlohmann::json::parse(file);
  REQUIRE(golden["cases"].size() == 60);
  for (const auto& item : golden["cases"]) {
    const int in = item["in"];
    const int out = item["out"];
    CAPTURE(item["filter"].get<std::string>(), in, out);
    const Filter filter = Filters().at(item["filter"]);
    const AxisWeights axis = MakeAxisWeights(in, out, filter, 0, out);
    CHECK(Apply(axis, Pattern(in)) == item["row"].get<std::vector<int>>());
  }
}

TEST_CASE("weights of a part of the outputs are those of the whole", "[geometry]") {
  for (const auto& [name, filter] : Filters()) {
    CAPTURE(name);
    const AxisWeights whole = MakeAxisWeights(331, 97, filter, 0, 97);
    const AxisWeights part = MakeAxisWeights(331, 97, filter, 13, 60);
    REQUIRE(part.size() == 47);
    REQUIRE(part.taps == whole.taps);
    for (int i = 0; i < part.size(); ++i) {
      REQUIRE(part.first[size_t(i)] == whole.first[size_t(i + 13)]);
      REQUIRE(part.count[size_t(i)] == whole.count[size_t(i + 13)]);
      for (int t = 0; t < part.taps; ++t) {
        REQUIRE(part.weights[size_t(i * part.taps + t)] ==
                whole.weights[size_t((i + 13) * whole.taps + t)]);
      }
    }
  }
}

TEST_CASE("every window lies inside the input and its weights sum to one", "[geometry]") {
  for (const auto& [name, filter] : Filters()) {
    for (const auto& [in, out] :
         {std::pair{1, 1}, {1, 9}, {9, 1}, {7, 1000}, {1000, 7}, {50, 49}}) {
      CAPTURE(name, in, out);
      const AxisWeights axis = MakeAxisWeights(in, out, filter, 0, out);
      REQUIRE(axis.size() == out);
      CHECK(axis.identity == (in == out));
      for (int i = 0; i < out; ++i) {
        const int count = axis.count[size_t(i)];
        REQUIRE(axis.first[size_t(i)] >= 0);
        REQUIRE(axis.first[size_t(i)] + count <= in);
        int64_t sum = 0;
        for (int t = 0; t < axis.taps; ++t) {
          const int weight = axis.weights[size_t(i * axis.taps + t)];
          if (t >= count) REQUIRE(weight == 0);
          sum += weight;
        }
        REQUIRE(std::abs(sum - (1 << 22)) <= count);
      }
    }
  }
}

TEST_CASE("exact weights are what the fixed-point ones were rounded from", "[geometry]") {
  const AxisWeights fixed = MakeAxisWeights(100, 37, Filter::kLanczos, 0, 37);
  const AxisWeightsF64 exact = MakeAxisWeightsF64(100, 37, Filter::kLanczos, 0, 37);
  REQUIRE(exact.taps == fixed.taps);
  CHECK(exact.first == fixed.first);
  CHECK(exact.count == fixed.count);
  for (size_t i = 0; i < fixed.weights.size(); ++i) {
    REQUIRE(std::abs(exact.weights[i] * (1 << 22) - fixed.weights[i]) <= 0.5);
  }
}

}  // namespace imnorm
