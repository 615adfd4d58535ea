#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "decode/jpeg/color.h"
#include "support/each_target.h"

namespace imnorm::jpeg {
namespace {

struct Conversion {
  const char* name;
  ColorKernel kernel;
  ColorKernel twin;
  int channels;
};

constexpr Conversion kConversions[] = {
    {"YccToRgb", YccToRgb, reference::YccToRgb, 3},
    {"YccToGray", YccToGray, reference::YccToGray, 1},
    {"Interleave", Interleave, reference::Interleave, 3},
    {"RgbToGray", RgbToGray, reference::RgbToGray, 1},
};

bool Agrees(const Conversion& conversion, const PlaneRow& in, int pixels, size_t offset) {
  constexpr size_t kGuard = 16;
  const size_t size = size_t(pixels * conversion.channels);
  std::vector<uint8_t> expected(size);
  std::vector<uint8_t> actual(offset + size + kColorSlack + kGuard, 0x5a);
  conversion.twin(in, pixels, expected.data());
  conversion.kernel(in, pixels, actual.data() + offset);
  const auto untouched = [](uint8_t v) { return v == 0x5a; };
  return std::equal(expected.begin(), expected.end(), actual.begin() + ptrdiff_t(offset)) &&
         std::all_of(actual.begin(), actual.begin() + ptrdiff_t(offset), untouched) &&
         std::all_of(actual.end() - kGuard, actual.end(), untouched);
}

}  // namespace

TEST_CASE("colour conversion equals its reference on every target, width and alignment",
          "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(9);
    std::vector<uint8_t> planes[3];
    for (auto& plane : planes) {
      plane.resize(200 + kColorSlack);
      for (auto& v : plane) v = uint8_t(random());
    }
    for (const Conversion& conversion : kConversions) {
      for (int pixels = 1; pixels <= 140; ++pixels) {
        const size_t offset = size_t(pixels % 5);
        const PlaneRow in{{planes[0].data() + offset, planes[1].data() + 2 * offset,
                           planes[2].data() + 3 * offset}};
        INFO(conversion.name << " of " << pixels);
        REQUIRE(Agrees(conversion, in, pixels, offset));
      }
    }
  });
}

TEST_CASE("colour conversion equals its reference for all chroma on every target",
          "[kernels][jpeg]") {
  std::vector<uint8_t> cb(65536 + kColorSlack);
  std::vector<uint8_t> cr(65536 + kColorSlack);
  for (int i = 0; i < 65536; ++i) {
    cb[size_t(i)] = uint8_t(i);
    cr[size_t(i)] = uint8_t(i >> 8);
  }
  ForEachTarget([&] {
    for (const int luma : {0, 1, 77, 128, 200, 255}) {
      const std::vector<uint8_t> y(65536 + kColorSlack, uint8_t(luma));
      const PlaneRow in{{y.data(), cb.data(), cr.data()}};
      for (const Conversion& conversion : kConversions) {
        INFO(conversion.name << " at luma " << luma);
        REQUIRE(Agrees(conversion, in, 65536, 0));
      }
    }
  });
}

}  // namespace imnorm::jpeg
