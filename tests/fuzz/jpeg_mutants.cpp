// Differential run on damaged JPEG files: jpeg_mutants COUNT [SEED [FILE...]]
//
// Each mutant of FILE... (by default of 50 baseline and 60 progressive pictures encoded here) goes
// through our decoder; each that it calls done must be sound for libjpeg-turbo too, without a note,
// with the same bytes. Repeatable: mutant i of a seed is the same wherever the run starts. Exit
// code 1 on a difference, after writing the mutant to jpeg_mutant_SEED_I.jpg; 77 where the CPU
// lacks the target that IMNORM_SIMD names.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>

#include "kernels/target.h"
#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {
namespace {

using File = std::vector<uint8_t>;

// Small pictures, so that headers and data are hit alike.
Recipe SmallPicture(int i) {
  constexpr int kSamplings[][3] = {{3, 1, 1}, {3, 2, 1}, {3, 1, 2}, {3, 2, 2}, {1, 1, 1}};
  const auto& s = kSamplings[i % 5];
  return {.width = 9 + 7 * (i % 13),
          .height = 5 + 9 * (i % 11),
          .components = s[0],
          .h = s[1],
          .v = s[2],
          .quality = 15 + (i * 17) % 86,
          .restart_interval = i % 3 == 0 ? 1 + i % 4 : 0,
          .optimize = i % 4 == 1,
          .rgb = i % 10 == 6,
          .seed = uint32_t(i + 1),
          .noise = (i * 5) % 60};
}

std::vector<File> MakeOriginals() {
  std::vector<File> originals;
  for (int i = 0; i < 50; ++i) originals.push_back(Encode(SmallPicture(i)));
  for (int i = 0; i < 60; ++i) {
    Recipe recipe = SmallPicture(i);
    recipe.progressive = true;
    recipe.scans = kAllScans[i / 10];
    originals.push_back(Encode(recipe));
  }
  return originals;
}

class Mutator {
 public:
  Mutator(const std::vector<File>& originals, uint64_t seed, uint64_t index)
      : originals_(originals), random_(seed * 1000003 + index) {}

  File Make() {
    File file = Original();
    switch (Below(8)) {
      case 0:
        file.resize(Below(file.size() + 1));
        break;
      case 1:
        Splice(file);
        break;
      case 2:
        SwapSegments(file);
        break;
      case 3:
        file.insert(file.begin() + Below(file.size()), uint8_t(random_()));
        break;
      case 4:
        file.erase(file.begin() + Below(file.size()));
        break;
      default:
        ChangeBytes(file);
    }
    if (Below(16) == 0 && !file.empty()) ChangeBytes(file);
    return file;
  }

 private:
  size_t Below(size_t n) { return size_t(random_() % n); }
  const File& Original() { return originals_[Below(originals_.size())]; }

  static bool EndsScan(const File& file, size_t at) {
    const bool is_restart = file[at + 1] >= 0xd0 && file[at + 1] <= 0xd7;
    return file[at] == 0xff && file[at + 1] != 0 && !is_restart;
  }

  void ChangeBytes(File& file) {
    for (size_t n = 1 + Below(3); n > 0; --n) {
      uint8_t& byte = file[Below(file.size())];
      byte = Below(2) ? uint8_t(random_()) : uint8_t(byte ^ (1u << Below(8)));
    }
  }

  // The front of one file and the back of another, cut anywhere.
  void Splice(File& file) {
    const File& other = Original();
    file.resize(Below(file.size() + 1));
    file.insert(file.end(), other.begin() + Below(other.size()), other.end());
  }

  // Exchanges two neighbouring segments, or doubles or drops one. A scan's data belong to it.
  void SwapSegments(File& file) {
    std::vector<size_t> starts;
    for (size_t at = 2; at + 4 <= file.size() && file[at] == 0xff;) {
      starts.push_back(at);
      const bool is_scan = file[at + 1] == 0xda;
      at += 2 + size_t(file[at + 2] << 8 | file[at + 3]);
      while (is_scan && at + 1 < file.size() && !EndsScan(file, at)) ++at;
    }
    if (starts.size() < 3) return;
    const size_t i = Below(starts.size() - 2);
    const auto first = file.begin() + starts[i];
    const auto middle = file.begin() + starts[i + 1];
    switch (Below(3)) {
      case 0:
        std::rotate(first, middle, file.begin() + starts[i + 2]);
        break;
      case 1: {
        const File segment(first, middle);
        file.insert(file.begin() + starts[Below(starts.size())], segment.begin(), segment.end());
        break;
      }
      default:
        file.erase(first, middle);
    }
  }

  const std::vector<File>& originals_;
  std::mt19937_64 random_;
};

int Run(uint64_t count, uint64_t seed, const std::vector<File>& originals) {
  jpeg::Decoder decoder;
  std::map<std::string, uint64_t> fallbacks;
  uint64_t fast = 0;
  uint64_t differences = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const File mutant = Mutator(originals, seed, i).Make();
    const Comparison found = Compare(decoder, mutant, int64_t{1} << 20);
    if (found.fast) {
      ++fast;
    } else {
      ++fallbacks[found.fallback];
    }
    if (found.complaint.empty()) continue;
    ++differences;
    const std::string name =
        "jpeg_mutant_" + std::to_string(seed) + "_" + std::to_string(i) + ".jpg";
    std::printf("%s: %s\n", name.c_str(), found.complaint.c_str());
    std::ofstream(name, std::ios::binary)
        .write(reinterpret_cast<const char*>(mutant.data()), std::streamsize(mutant.size()));
  }
  std::printf("%s: %llu mutants: %llu done alike, %llu different, the rest left to libjpeg-turbo\n",
              kernels::TargetName(kernels::ActiveTarget()), (unsigned long long)count,
              (unsigned long long)(fast - differences), (unsigned long long)differences);
  for (const auto& [reason, times] : fallbacks) {
    std::printf("%9llu %s\n", (unsigned long long)times, reason.c_str());
  }
  return differences == 0 ? 0 : 1;
}

}  // namespace
}  // namespace imnorm::jpeg_judge

int main(int argc, char** argv) {
  using namespace imnorm::jpeg_judge;
  if (argc < 2) {
    std::fprintf(stderr, "usage: jpeg_mutants COUNT [SEED [FILE...]]\n");
    return 2;
  }
  if (const auto forced = imnorm::kernels::ApplyTargetFromEnvironment(); !forced) {
    std::fprintf(stderr, "%s\n", forced.error().message.c_str());
    return 77;
  }
  const uint64_t count = std::strtoull(argv[1], nullptr, 10);
  const uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  std::vector<File> originals;
  for (int i = 3; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    originals.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (originals.back().empty()) {
      std::fprintf(stderr, "%s: empty or not readable\n", argv[i]);
      return 2;
    }
  }
  return Run(count, seed, originals.empty() ? MakeOriginals() : originals);
}
