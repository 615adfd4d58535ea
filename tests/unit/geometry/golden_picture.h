// The pattern and the hash of tests/golden/make_passes_golden.py.
#pragma once

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "imnorm/image.h"

namespace imnorm::testing {

inline Image Pattern(int width, int height, int channels) {
  Image image;
  image.Reshape(width, height, channels, ElementType::kU8);
  for (size_t i = 0; i < image.pixels.size(); ++i) {
    image.pixels[i] = uint8_t(i * i * 37 + i * 101 + (i >> 5) * 59 + 11);
  }
  return image;
}

inline std::string Fnv(const std::vector<uint8_t>& bytes) {
  uint64_t value = 0xCBF29CE484222325;
  for (const uint8_t byte : bytes) value = (value ^ byte) * 0x100000001B3;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

inline nlohmann::json GoldenCases(const std::string& name) {
  std::ifstream file(IMNORM_SOURCE_DIR "/tests/golden/" + name);
  return nlohmann::json::parse(file)["cases"];
}

}  // namespace imnorm::testing
