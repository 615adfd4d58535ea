// Differential run on damaged deflate streams: inflate_mutants COUNT [SEED]
//
// Each goes through our inflate, in random pieces, and through zlib's: the same verdict, bytes and
// end must come. Exit code 1 on a difference; 77 where the CPU lacks the target that IMNORM_SIMD
// names.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "kernels/target.h"
#include "support/inflate_compare.h"

int main(int argc, char** argv) {
  using namespace imnorm;
  if (argc < 2) {
    std::fprintf(stderr, "usage: inflate_mutants COUNT [SEED]\n");
    return 2;
  }
  if (const auto forced = kernels::ApplyTargetFromEnvironment(); !forced) {
    std::fprintf(stderr, "%s\n", forced.error().message.c_str());
    return 77;
  }
  const uint64_t count = std::strtoull(argv[1], nullptr, 10);
  const uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  const auto inflate = std::make_unique<png::Inflate>();
  std::mt19937 random{uint32_t(seed)};
  uint64_t sound = 0, differences = 0;
  for (uint64_t n = 0; n < count; ++n) {
    bool one_sound = false;
    const std::string complaint = png_compare::CompareInflates(
        *inflate, png_compare::DamagedStream(seed, n), random, one_sound);
    sound += one_sound;
    if (complaint.empty()) continue;
    ++differences;
    std::printf("stream %llu: %s\n", (unsigned long long)n, complaint.c_str());
  }
  std::printf("%s: %llu streams, of which zlib takes %llu: %llu different\n",
              kernels::TargetName(kernels::ActiveTarget()), (unsigned long long)count,
              (unsigned long long)sound, (unsigned long long)differences);
  return differences == 0 ? 0 : 1;
}
