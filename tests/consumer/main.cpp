// Uses the installed library: lists the presets, then decodes the pictures it is given.
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "imnorm/decode.h"
#include "imnorm/plan.h"

int main(int argc, char** argv) {
  for (const imnorm::PresetInfo& preset : imnorm::ListPresets()) {
    std::cout << "preset " << preset.name << "\n";
  }
  imnorm::Decoder decoder;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    imnorm::Image image;
    const auto report = decoder.Decode(bytes, imnorm::DecodeOptions(), image);
    if (!report) {
      std::cerr << argv[i] << ": " << report.error().message << "\n";
      return 1;
    }
    uint64_t sum = 0;
    for (const uint8_t sample : image.pixels) sum += sample;
    std::cout << report->picture.format << " " << image.width << " " << image.height << " " << sum
              << "\n";
  }
}
