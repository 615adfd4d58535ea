// Float resizes without antialiasing, their blur, and Pillow's reduced resize.
#include "geometry/direct_resizer.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "geometry/gaussian.h"
#include "geometry/reduced_resizer.h"

namespace imnorm {
namespace {

// What a geometry hands on, as floats.
class Kept : public PlacedRows {
 public:
  Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) override {
    samples_ = size_t(place.window.width) * size_t(info.channels);
    bytes_ = info.type == ElementType::kU8;
    return {};
  }
  void PlacedRow(int, const uint8_t* row) override {
    for (size_t i = 0; i < samples_; ++i) {
      float value = float(row[i]);
      if (!bytes_) std::memcpy(&value, row + i * sizeof value, sizeof value);
      values.push_back(value);
    }
  }
  std::vector<float> values;

 private:
  size_t samples_ = 0;
  bool bytes_ = false;
};

template <typename Source>
std::vector<float> Made(const GeometryPlan& plan, int width, const std::vector<uint8_t>& samples) {
  Kept kept;
  Source source(plan, kept);
  ImageInfo info;
  info.width = width;
  info.height = int(samples.size()) / width;
  info.channels = 1;
  info.type = ElementType::kU8;
  REQUIRE(source.Begin(info));
  source.Rows(samples.data(), size_t(width), 0, info.height);
  REQUIRE(source.Finish());
  return kept.values;
}

GeometryPlan Exact(ResizeEngine engine, int width, int height) {
  GeometryPlan plan;
  plan.resize.kind = ResizeKind::kExact;
  plan.resize.engine = engine;
  plan.resize.width = width;
  plan.resize.height = height;
  return plan;
}

}  // namespace

TEST_CASE("two neighbours are weighed by how near they are", "[geometry]") {
  GeometryPlan plan = Exact(ResizeEngine::kTorchDirect, 4, 1);
  const std::vector<uint8_t> row = {0, 255};
  CHECK(Made<DirectResizer>(plan, 2, row) == std::vector<float>{0.0f, 0.25f, 0.75f, 1.0f});
  plan.resize.corners = true;
  CHECK(Made<DirectResizer>(plan, 2, row)[1] == 1.0f / 3.0f);
}

TEST_CASE("what shrinks along both axes is blurred", "[geometry]") {
  GeometryPlan plan = Exact(ResizeEngine::kTorchDirect, 3, 3);
  std::vector<uint8_t> square(81, 0);
  square[40] = 255;
  const auto sharp = Made<DirectResizer>(plan, 9, square);
  plan.resize.blur = true;
  const auto blurred = Made<DirectResizer>(plan, 9, square);
  CHECK(sharp[4] == 1.0f);
  CHECK(blurred[4] < 0.2f);
  CHECK(blurred[1] > 0.0f);
  CHECK(sharp[1] == 0.0f);
}

TEST_CASE("the taps of a blur are even and make one", "[geometry]") {
  for (const float sigma : {0.1f, 0.5f, 1.0f, 1.6f, 3.3f}) {
    const auto taps = GaussianTaps(sigma);
    CHECK(taps.size() == size_t(2 * int(std::ceil(3.0f * sigma)) + 1));
    float sum = 0.0f;
    for (const float tap : taps) sum += tap;
    CHECK(std::abs(sum - 1.0f) < 1e-5f);
    CHECK(taps.front() == taps.back());
  }
}

TEST_CASE("a picture is reduced by whole numbers before Pillow's filter", "[geometry]") {
  GeometryPlan plan = Exact(ResizeEngine::kPillow, 2, 1);
  plan.resize.reducing_gap = 2;
  // 9 to 2 by a gap of 2: blocks of two, the last of one.
  std::vector<uint8_t> row = {0, 1, 10, 10, 20, 21, 30, 30, 99};
  const auto made = Made<ReducedResizer>(plan, 9, row);
  CHECK(made.size() == 2);
  std::vector<uint8_t> swapped = {1, 0, 10, 10, 21, 20, 30, 30, 99};
  CHECK(Made<ReducedResizer>(plan, 9, swapped) == made);
  plan.resize.width = 4;  // too few to reduce
  CHECK(Made<ReducedResizer>(plan, 9, swapped) != Made<ReducedResizer>(plan, 9, row));
}

}  // namespace imnorm
