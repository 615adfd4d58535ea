// One picture in memory -> the floats that a network takes, written to stdout as they are.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <vector>

#include "imnorm/preprocessor.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream stream(argv[1], std::ios::binary);
  const std::vector<uint8_t> file{std::istreambuf_iterator<char>(stream), {}};

  const auto plan = imnorm::PresetPlan("imagenet");
  auto preprocessor = imnorm::Preprocessor::Create(*plan);
  std::vector<float> row(preprocessor->shape()->bytes / sizeof(float));
  const auto report = preprocessor->Run(file, std::as_writable_bytes(std::span(row)));
  if (!report) {
    std::fprintf(stderr, "%s: %s\n", argv[1], report.error().message.c_str());
    return 1;
  }
  std::fwrite(row.data(), sizeof(float), row.size(), stdout);
}
