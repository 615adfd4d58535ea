#include "pipeline/sums_consumer.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

namespace imnorm {
namespace {

Image Noise(int width, int height, int channels, ElementType type, std::mt19937& random) {
  Image image;
  image.Reshape(width, height, channels, type);
  for (uint8_t& byte : image.pixels) byte = uint8_t(random());
  return image;
}

int SampleAt(const Image& image, int x, int y, int c) {
  const size_t bytes = ElementBytes(image.type);
  uint32_t sample = 0;  // as wide as any sample
  std::memcpy(&sample, image.row(y) + size_t(x * image.channels + c) * bytes, bytes);
  return int(sample);
}

// The definition: one pixel after the other, `channels` of each, if it counts.
template <typename Counts>
PictureSums Slow(const Image& image, int channels, bool histogram, const Counts& counts) {
  PictureSums sums;
  sums.levels = image.type == ElementType::kU16 ? 65536 : 256;
  const auto n = size_t(channels);
  sums.sum.assign(n, 0);
  sums.sum_squares.assign(n, 0);
  sums.cross.assign(n * (n - 1) / 2, 0);
  sums.min.assign(n, uint32_t(sums.levels - 1));
  sums.max.assign(n, 0);
  if (histogram) sums.histogram.assign(n * size_t(sums.levels), 0);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (!counts(x, y)) continue;
      ++sums.pixels;
      size_t pair = 0;
      for (size_t c = 0; c < n; ++c) {
        const auto v = uint64_t(SampleAt(image, x, y, int(c)));
        sums.sum[c] += v;
        sums.sum_squares[c] += v * v;
        sums.min[c] = std::min(sums.min[c], uint32_t(v));
        sums.max[c] = std::max(sums.max[c], uint32_t(v));
        if (histogram) ++sums.histogram[c * size_t(sums.levels) + v];
        for (size_t d = c + 1; d < n; ++d) {
          sums.cross[pair++] += v * uint64_t(SampleAt(image, x, y, int(d)));
        }
      }
    }
  }
  return sums;
}

void CheckEqual(const PictureSums& got, const PictureSums& want) {
  CHECK(got.pixels == want.pixels);
  CHECK(got.levels == want.levels);
  CHECK(got.sum == want.sum);
  CHECK(got.sum_squares == want.sum_squares);
  CHECK(got.cross == want.cross);
  CHECK(got.min == want.min);
  CHECK(got.max == want.max);
  CHECK(got.histogram == want.histogram);
}

PictureSums Run(SumsConsumer& consumer, const Image& image, std::mt19937& random,
                bool has_alpha = false) {
  ImageInfo info{image.width, image.height, image.channels, image.type};
  info.has_alpha = has_alpha;
  REQUIRE(consumer.Begin(info));
  for (int y = 0; y < image.height;) {
    const int count = std::min(1 + int(random() % 9), image.height - y);
    consumer.Rows(image.row(y), image.stride_bytes(), y, count);
    y += count;
  }
  PictureSums sums;
  consumer.Finish(&sums);
  return sums;
}

const auto kAll = [](int, int) { return true; };

}  // namespace

TEST_CASE("sums equal a plain count for one to five channels of 8 and 16 bits", "[pipeline]") {
  std::mt19937 random(3);
  for (const bool histogram : {false, true}) {
    SumsOptions options;
    options.histogram = histogram;
    SumsConsumer consumer(options);
    for (const ElementType type : {ElementType::kU8, ElementType::kU16}) {
      for (int channels = 1; channels <= 5; ++channels) {
        CAPTURE(histogram, int(type), channels);
        const Image image =
            Noise(1 + int(random() % 90), 1 + int(random() % 40), channels, type, random);
        const PictureSums got = Run(consumer, image, random);
        CheckEqual(got, Slow(image, channels, histogram, kAll));
        CHECK(got.width == image.width);
        CHECK(got.height == image.height);
      }
    }
  }
}

TEST_CASE("a decoder that starts over leaves nothing of its first try", "[pipeline]") {
  std::mt19937 random(5);
  SumsOptions options;
  options.histogram = true;
  SumsConsumer consumer(options);
  const Image image = Noise(50, 20, 3, ElementType::kU8, random);
  const Image other = Noise(300, 20, 3, ElementType::kU8, random);
  for (const int channels : {1, 3}) {
    REQUIRE(consumer.Begin({300, 30, channels, ElementType::kU8}));
    consumer.Rows(other.row(0), other.stride_bytes(), 0, 12);
    CheckEqual(Run(consumer, image, random), Slow(image, 3, true, kAll));
  }
}

TEST_CASE("the order b, g, r turns every sum round", "[pipeline]") {
  std::mt19937 random(7);
  SumsOptions options;
  options.histogram = true;
  options.bgr = true;
  SumsConsumer consumer(options);
  const Image image = Noise(33, 21, 3, ElementType::kU8, random);
  Image turned = image;
  for (size_t i = 0; i < turned.pixels.size(); i += 3) {
    std::swap(turned.pixels[i], turned.pixels[i + 2]);
  }
  CheckEqual(Run(consumer, image, random), Slow(turned, 3, true, kAll));
}

TEST_CASE("pixels under a zero of the mask do not count, and the mask must fit", "[pipeline]") {
  std::mt19937 random(11);
  SumsOptions options;
  options.histogram = true;
  SumsConsumer consumer(options);
  Image mask = Noise(40, 30, 1, ElementType::kU8, random);
  for (uint8_t& byte : mask.pixels) byte = byte < 90 ? 0 : byte;
  consumer.SetMask(&mask);
  for (const ElementType type : {ElementType::kU8, ElementType::kU16}) {
    const Image image = Noise(40, 30, 3, type, random);
    CheckEqual(Run(consumer, image, random),
               Slow(image, 3, true, [&](int x, int y) { return mask.row(y)[x] != 0; }));
  }
  const auto refused = consumer.Begin({41, 30, 3, ElementType::kU8});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("40x30") != std::string::npos);
  mask.pixels.assign(mask.pixels.size(), 0);
  CHECK(Run(consumer, Noise(40, 30, 3, ElementType::kU8, random), random).pixels == 0);
}

TEST_CASE("a pixel of just the ignored values does not count, a near one does", "[pipeline]") {
  std::mt19937 random(13);
  for (const std::vector<double>& values : {std::vector<double>{2}, std::vector<double>{1, 2, 0}}) {
    SumsOptions options;
    options.ignore_values = values;
    SumsConsumer consumer(options);
    Image image = Noise(64, 48, 3, ElementType::kU8, random);
    for (uint8_t& byte : image.pixels) byte %= 3;
    const PictureSums got = Run(consumer, image, random);
    CheckEqual(got, Slow(image, 3, false, [&](int x, int y) {
                 for (int c = 0; c < 3; ++c) {
                   if (SampleAt(image, x, y, c) != values[values.size() == 1 ? 0 : size_t(c)]) {
                     return true;
                   }
                 }
                 return false;
               }));
    CHECK(got.pixels < 64 * 48);
    CHECK(got.pixels > 64 * 40);
  }
}

TEST_CASE("transparent pixels do not count, and alpha is no channel", "[pipeline]") {
  std::mt19937 random(17);
  SumsOptions options;
  options.alpha_mask = true;
  SumsConsumer consumer(options);
  for (const int channels : {2, 4}) {
    for (const ElementType type : {ElementType::kU8, ElementType::kU16}) {
      CAPTURE(channels, int(type));
      Image image = Noise(40, 30, channels, type, random);
      for (uint8_t& byte : image.pixels) byte = byte < 100 ? 0 : byte;
      const PictureSums got = Run(consumer, image, random, true);
      CHECK(got.channels == channels - 1);
      CheckEqual(got, Slow(image, channels - 1, false,
                           [&](int x, int y) { return SampleAt(image, x, y, channels - 1) != 0; }));
    }
  }
}

TEST_CASE("pads of a geometry count with the colour that fills them", "[pipeline]") {
  std::mt19937 random(19);
  for (const ElementType type : {ElementType::kU8, ElementType::kU16}) {
    for (const bool bgr : {false, true}) {
      CAPTURE(int(type), bgr);
      SumsOptions options;
      options.histogram = true;
      options.bgr = bgr;
      const uint8_t fill[3] = {200, 7, 255};
      std::copy_n(fill, 3, options.fill);
      SumsConsumer consumer(options);
      const Image window = Noise(10, 6, 3, type, random);
      Placement place;
      place.window = {0, 0, 10, 6};
      place.out_width = 13;
      place.out_height = 9;
      place.pad_left = 2;
      place.pad_top = 1;
      Image whole;
      whole.Reshape(13, 9, 3, type);
      for (int y = 0; y < 9; ++y) {
        for (int x = 0; x < 13; ++x) {
          const bool inside = x >= 2 && x < 12 && y >= 1 && y < 7;
          for (int c = 0; c < 3; ++c) {
            const int from = bgr ? 2 - c : c;
            const auto value =
                uint16_t(inside ? SampleAt(window, x - 2, y - 1, from)
                                : fill[from] * (type == ElementType::kU16 ? 257 : 1));
            const size_t bytes = ElementBytes(type);
            std::memcpy(whole.row(y) + size_t(x * 3 + c) * bytes, &value, bytes);
          }
        }
      }
      REQUIRE(consumer.BeginPlaced(place, {10, 6, 3, type}));
      for (int y = 0; y < 6; ++y) consumer.PlacedRow(y, window.row(y));
      PictureSums sums;
      consumer.Finish(&sums);
      CheckEqual(sums, Slow(whole, 3, true, kAll));
    }
  }
}

TEST_CASE("a picture unlike the first good one is refused, saying both", "[pipeline]") {
  SumsOptions options;
  options.only = ImageInfo{9, 9, 5, ElementType::kU16};
  SumsConsumer consumer(options);
  CHECK(consumer.Begin({4, 4, 5, ElementType::kU16}));
  CHECK_FALSE(consumer.Begin({4, 4, 5, ElementType::kU8}));
  const auto refused = consumer.Begin({4, 4, 3, ElementType::kF32});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "3 x float32, where the first good picture has 5 x uint16");
}

TEST_CASE("float rows are added without rounding", "[pipeline]") {
  SumsConsumer consumer{SumsOptions()};
  REQUIRE(consumer.Begin({3, 1, 1, ElementType::kF32}));
  const float row[3] = {1e16f, 0.5f, -1e16f};
  consumer.Rows(reinterpret_cast<const uint8_t*>(row), sizeof row, 0, 1);
  CHECK(consumer.is_float());
  CHECK(consumer.FinishFloats().sum[0].Rounded() == 0.5);
}

}  // namespace imnorm
