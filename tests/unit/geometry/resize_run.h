// A picture through a plan's resizer: what comes out, whatever the bands it goes in by.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <random>

#include "geometry/resizer.h"

namespace imnorm::testing {

// Keeps placed rows as a picture.
class Keeper : public PlacedRows {
 public:
  Result<void> BeginPlaced(const Placement& begun, const ImageInfo& info) override {
    place = begun;
    picture.Reshape(begun.window.width, begun.window.height, info.channels, info.type);
    next = 0;
    return {};
  }
  void PlacedRow(int y, const uint8_t* row) override {
    REQUIRE(y == next++);
    std::memcpy(picture.row(y), row, picture.stride_bytes());
  }
  Placement place;
  Image picture;
  int next = 0;
};

inline Image Noise(int width, int height, int channels, ElementType type, std::mt19937& random) {
  Image image;
  image.Reshape(width, height, channels, type);
  for (uint8_t& byte : image.pixels) byte = uint8_t(random());
  return image;
}

// Feeds the asked-for window in bands of random height.
inline Image Run(const GeometryPlan& plan, const Image& in, std::mt19937& random) {
  Keeper keeper;
  const auto resizer = MakePlacedSource(plan, keeper);
  const Rect want = resizer->Begin({in.width, in.height, in.channels, in.type}).value();
  REQUIRE(want.x >= 0);
  REQUIRE(want.y >= 0);
  REQUIRE(want.x + want.width <= in.width);
  REQUIRE(want.y + want.height <= in.height);
  const size_t left = size_t(want.x) * size_t(in.channels) * ElementBytes(in.type);
  for (int y = want.y; y < want.y + want.height;) {
    const int count = std::min(1 + int(random() % 23), want.y + want.height - y);
    resizer->Rows(in.row(y) + left, in.stride_bytes(), y, count);
    y += count;
  }
  REQUIRE(resizer->Finish());
  REQUIRE(keeper.next == keeper.place.window.height);
  return keeper.picture;
}

inline GeometryPlan Exact(int width, int height, Filter filter) {
  GeometryPlan plan;
  plan.resize.kind = ResizeKind::kExact;
  plan.resize.width = width;
  plan.resize.height = height;
  plan.resize.filter = filter;
  return plan;
}

inline constexpr Filter kFilters[] = {Filter::kNearest, Filter::kBox,     Filter::kBilinear,
                                      Filter::kHamming, Filter::kBicubic, Filter::kLanczos};

// The part of `whole` that a placement keeps.
inline Image Cut(const Image& whole, const Rect& window) {
  Image part;
  part.Reshape(window.width, window.height, whole.channels, whole.type);
  const size_t pixel = size_t(whole.channels) * ElementBytes(whole.type);
  for (int y = 0; y < window.height; ++y) {
    std::memcpy(part.row(y), whole.row(window.y + y) + size_t(window.x) * pixel,
                part.stride_bytes());
  }
  return part;
}

}  // namespace imnorm::testing
