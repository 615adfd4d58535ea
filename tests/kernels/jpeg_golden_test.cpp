// Whole files against hashes of what libjpeg-turbo made of them: needs no libjpeg beside it, so
// that it also runs where there is none for the CPU (scripts/neon).
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/each_target.h"
#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {
namespace {

std::vector<uint8_t> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string Fnv1a(const std::vector<uint8_t>& bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace

// The numbers come from tests/fuzz/make_jpeg_corpus.py.
TEST_CASE("every SIMD target decodes the committed files to the golden bytes", "[kernels][jpeg]") {
  std::ifstream file(IMNORM_SOURCE_DIR "/tests/golden/jpeg_golden.json");
  const auto golden = nlohmann::json::parse(file);
  REQUIRE(golden.size() == 29);
  ForEachTarget([&] {
    jpeg::Decoder decoder;
    for (const auto& [name, expected] : golden.items()) {
      INFO(name);
      PictureConsumer consumer;
      const auto bytes = ReadFile(IMNORM_SOURCE_DIR "/tests/fuzz/jpeg_corpus/" + name);
      const auto outcome = decoder.Decode(bytes, 3, kManyPixels, consumer);
      CHECK(outcome.fallback == "");
      REQUIRE(outcome.done);
      REQUIRE(consumer.complete());
      CHECK(consumer.picture.width == expected["width"]);
      CHECK(consumer.picture.height == expected["height"]);
      CHECK(Fnv1a(consumer.picture.pixels) == expected["fnv1a"].get<std::string>());
    }
  });
}

TEST_CASE("cut files and a CMYK one are left to libjpeg-turbo on every SIMD target",
          "[kernels][jpeg]") {
  const std::map<std::string, std::string> reasons = {{"cut", "entropy-coded data cut short"},
                                                      {"cmyk", "not one or three components"},
                                                      {"progressive_cut", "scans missing"}};
  ForEachTarget([&] {
    jpeg::Decoder decoder;
    for (const auto& [name, reason] : reasons) {
      INFO(name);
      PictureConsumer consumer;
      const auto bytes = ReadFile(IMNORM_SOURCE_DIR "/tests/fuzz/jpeg_corpus/" + name + ".jpg");
      REQUIRE_FALSE(bytes.empty());
      const auto outcome = decoder.Decode(bytes, 3, kManyPixels, consumer);
      CHECK_FALSE(outcome.done);
      CHECK(outcome.fallback == reason);
    }
  });
}

}  // namespace imnorm::jpeg_judge
