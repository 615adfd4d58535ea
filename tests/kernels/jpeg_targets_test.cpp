// Whole files with every SIMD target forced.
#include <catch2/catch.hpp>
#include <vector>

#include "support/each_target.h"
#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {

TEST_CASE("every SIMD target decodes to libjpeg-turbo's bytes", "[kernels][jpeg]") {
  constexpr int kSamplings[][3] = {{3, 1, 1}, {3, 2, 1}, {3, 1, 2}, {3, 2, 2}, {1, 1, 1}};
  ForEachTarget([&] {
    jpeg::Decoder decoder;
    for (const auto& s : kSamplings) {
      for (const int width : {5, 16, 31, 64, 127, 200}) {
        const Comparison found = Compare(decoder, Encode({.width = width,
                                                          .height = 3 + width / 2,
                                                          .components = s[0],
                                                          .h = s[1],
                                                          .v = s[2],
                                                          .quality = 60 + width % 40,
                                                          .restart_interval = width % 3,
                                                          .seed = uint32_t(width)}));
        INFO("sampling " << s[1] << "x" << s[2] << " width " << width);
        CHECK(found.complaint == "");
        CHECK(found.fallback == "");
      }
    }
  });
}

TEST_CASE("every SIMD target decodes every order of scans to libjpeg-turbo's bytes",
          "[kernels][jpeg]") {
  constexpr int kSamplings[][3] = {{3, 1, 1}, {3, 2, 1}, {3, 1, 2}, {3, 2, 2}, {1, 1, 1}};
  std::vector<std::vector<uint8_t>> files;
  for (const auto& s : kSamplings) {
    for (const Scans scans : kAllScans) {
      for (const int width : {5, 31, 64, 200}) {
        files.push_back(Encode({.width = width,
                                .height = 3 + width / 2,
                                .components = s[0],
                                .h = s[1],
                                .v = s[2],
                                .quality = 60 + width % 40,
                                .restart_interval = width % 3,
                                .progressive = true,
                                .scans = scans,
                                .seed = uint32_t(width)}));
      }
    }
  }
  ForEachTarget([&] {
    jpeg::Decoder decoder;
    for (const auto& file : files) {
      const Comparison found = Compare(decoder, file);
      CHECK(found.complaint == "");
      CHECK(found.fallback == "");
    }
  });
}

}  // namespace imnorm::jpeg_judge
