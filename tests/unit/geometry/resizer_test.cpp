#include "geometry/resizer.h"

#include <cmath>
#include <cstring>

#include "unit/geometry/resize_run.h"

namespace imnorm {
namespace {

using testing::Cut;
using testing::Exact;
using testing::Keeper;
using testing::kFilters;
using testing::Noise;
using testing::Run;

// Two whole passes by the definition; Pillow 13's rule for the first of them, or columns first.
Image Slow(const Image& in, int width, int height, Filter filter, int pillow) {
  const auto pass = [](const Image& from, int out_width, int out_height, Filter by, bool columns) {
    Image to;
    to.Reshape(out_width, out_height, from.channels, ElementType::kU8);
    const AxisWeights axis = columns ? MakeAxisWeights(from.width, out_width, by, 0, out_width)
                                     : MakeAxisWeights(from.height, out_height, by, 0, out_height);
    for (int y = 0; y < out_height; ++y) {
      for (int x = 0; x < out_width; ++x) {
        const auto at = size_t(columns ? x : y);
        for (int c = 0; c < from.channels; ++c) {
          int64_t sum = 1 << 21;
          for (int t = 0; t < axis.count[at]; ++t) {
            const int source = axis.first[at] + t;
            const uint8_t* row = from.row(columns ? y : source);
            sum += int64_t(axis.weights[at * size_t(axis.taps) + size_t(t)]) *
                   row[(columns ? source : x) * from.channels + c];
          }
          to.row(y)[x * from.channels + c] = uint8_t(std::clamp<int64_t>(sum >> 22, 0, 255));
        }
      }
    }
    return to;
  };
  if (pillow == 13 && in.height > height && in.height - height > 2 * (in.width - width)) {
    return pass(pass(in, in.width, height, filter, false), width, height, filter, true);
  }
  return pass(pass(in, width, in.height, filter, true), width, height, filter, false);
}

}  // namespace

TEST_CASE("rows in any bands give the two-pass resize, up and down, to one pixel and from one",
          "[geometry]") {
  std::mt19937 random(7);
  for (const Filter filter : kFilters) {
    for (int round = 0; round < 12; ++round) {
      const auto side = [&](int most) { return round % 4 == 3 ? 1 : 1 + int(random() % most); };
      const int channels = random() % 2 ? 3 : 1;
      const Image in = Noise(side(70), side(90), channels, ElementType::kU8, random);
      const int width = 1 + int(random() % 60);
      const int height = round == 5 ? 1 : 1 + int(random() % 60);
      CAPTURE(int(filter), in.width, in.height, width, height, channels);
      GeometryPlan plan = Exact(width, height, filter);
      for (const int pillow : {11, 13}) {
        plan.resize.pillow = pillow;
        CAPTURE(pillow);
        CHECK(Run(plan, in, random).pixels == Slow(in, width, height, filter, pillow).pixels);
      }
    }
  }
}

TEST_CASE("a window resized on its own is the crop of the whole resize", "[geometry]") {
  std::mt19937 random(11);
  for (const ElementType type : {ElementType::kU8, ElementType::kU16}) {
    for (const Filter filter : kFilters) {
      for (int round = 0; round < 8; ++round) {
        // Every other one is so tall that its vertical pass comes first.
        const int height = (round % 2 ? 200 : 20) + int(random() % 90);
        const Image in = Noise(20 + int(random() % 90), height, 3, type, random);
        GeometryPlan plan = Exact(15 + int(random() % 80), 15 + int(random() % 80), filter);
        const Image whole = Run(plan, in, random);
        plan.crop = {1 + int(random() % 15), 1 + int(random() % 15), CropRounding::kHalfEven};
        const Placement place = Place(plan, in.width, in.height).value();
        CAPTURE(int(type), int(filter), in.width, in.height, place.resized_width);
        CHECK(Run(plan, in, random).pixels == Cut(whole, place.window).pixels);
      }
    }
  }
}

TEST_CASE("16-bit samples are weighed exactly, a flat picture stays flat", "[geometry]") {
  std::mt19937 random(13);
  Image in;
  in.Reshape(31, 17, 1, ElementType::kU16);
  const uint16_t value = 54321;
  for (size_t i = 0; i < in.pixels.size(); i += 2) std::memcpy(&in.pixels[i], &value, 2);
  for (const Filter filter : kFilters) {
    const Image out = Run(Exact(13, 40, filter), in, random);
    REQUIRE(out.type == ElementType::kU16);
    for (size_t i = 0; i < out.pixels.size(); i += 2) {
      uint16_t sample = 0;
      std::memcpy(&sample, &out.pixels[i], 2);
      REQUIRE(sample == value);
    }
  }
}

TEST_CASE("a picture that keeps its size passes through", "[geometry]") {
  std::mt19937 random(17);
  const Image in = Noise(19, 23, 3, ElementType::kF32, random);
  CHECK(Run(GeometryPlan(), in, random).pixels == in.pixels);
}

TEST_CASE("torch's resize of bytes refuses wider samples", "[geometry]") {
  GeometryPlan plan = Exact(5, 5, Filter::kBilinear);
  plan.resize.engine = ResizeEngine::kTorch;
  for (const ElementType type : {ElementType::kF32, ElementType::kU16}) {
    Keeper keeper;
    Resizer resizer(plan, keeper);
    const auto refused = resizer.Begin({19, 23, 3, type});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kUnsupported);
  }
}

TEST_CASE("bands are resized each by itself, whatever their number", "[geometry]") {
  std::mt19937 random(23);
  for (const ElementType type : {ElementType::kU8, ElementType::kU16, ElementType::kF32}) {
    const size_t bytes = ElementBytes(type);
    const Image in = Noise(31, 27, 7, type, random);
    const Image all = Run(Exact(12, 40, Filter::kBicubic), in, random);
    for (int c = 0; c < in.channels; ++c) {
      Image band;
      band.Reshape(in.width, in.height, 1, type);
      for (size_t i = 0; i < band.pixels.size() / bytes; ++i) {
        std::memcpy(&band.pixels[i * bytes], &in.pixels[(i * 7 + size_t(c)) * bytes], bytes);
      }
      const Image alone = Run(Exact(12, 40, Filter::kBicubic), band, random);
      for (size_t i = 0; i < alone.pixels.size() / bytes; ++i) {
        REQUIRE(std::memcmp(&alone.pixels[i * bytes], &all.pixels[(i * 7 + size_t(c)) * bytes],
                            bytes) == 0);
      }
    }
  }
}

TEST_CASE("pictures of changing size, depth and channels follow each other", "[geometry]") {
  std::mt19937 random(19);
  const GeometryPlan plan = Exact(20, 20, Filter::kBicubic);
  Keeper keeper;
  Resizer resizer(plan, keeper);
  for (const auto& [type, channels, width] : {std::tuple{ElementType::kU8, 3, 40},
                                              {ElementType::kU16, 3, 40},
                                              {ElementType::kU8, 3, 40},
                                              {ElementType::kU8, 1, 40},
                                              {ElementType::kU8, 3, 41}}) {
    const Image in = Noise(width, 30, channels, type, random);
    const Rect want = resizer.Begin({in.width, in.height, in.channels, in.type}).value();
    REQUIRE(want == Rect{0, 0, width, 30});
    // A decoder that gives up half way and starts over voids what came before.
    resizer.Rows(in.row(0), in.stride_bytes(), 0, 9);
    REQUIRE(resizer.Begin({in.width, in.height, in.channels, in.type}));
    resizer.Rows(in.row(0), in.stride_bytes(), 0, 30);
    CHECK(keeper.picture.pixels == Run(plan, in, random).pixels);
  }
}

}  // namespace imnorm
