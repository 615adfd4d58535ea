// Times each normalisation layer in memory: one line "METHOD SECONDS" a round, memcpy among them.
//
// Usage: layer_bench N C H W GROUPS THREADS ROUNDS
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "imnorm/layers.h"
#include "imnorm/run.h"

namespace {

double Seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

imnorm::LayerNormalizer MakeLayer(imnorm::Method method, char** argv) {
  imnorm::LayerJob job;
  job.method = method;
  job.sample_shape = {std::atoll(argv[2]), std::atoll(argv[3]), std::atoll(argv[4])};
  job.layer.groups = std::atoi(argv[5]);
  job.threads = std::atoi(argv[6]);
  auto layer = imnorm::LayerNormalizer::Create(job);
  if (!layer) {
    std::fprintf(stderr, "%s\n", layer.error().message.c_str());
    std::exit(2);
  }
  return std::move(*layer);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) return 2;
  const int64_t samples = std::atoll(argv[1]);
  size_t elements = size_t(samples);
  for (int i = 2; i <= 4; ++i) elements *= size_t(std::atoll(argv[i]));
  std::vector<float> in(elements);
  std::vector<float> out(elements);
  uint32_t state = 1;
  for (float& x : in) {
    state = state * 1664525u + 1013904223u;
    x = float(state >> 8) / 16777216.0f;
  }
  struct Case {
    const char* name;
    imnorm::Method method;
  };
  constexpr Case kCases[] = {{"batch", imnorm::Method::kBatch},
                             {"layer", imnorm::Method::kLayer},
                             {"instance", imnorm::Method::kInstance},
                             {"group", imnorm::Method::kGroup}};
  const int rounds = std::atoi(argv[7]);
  for (int round = 0; round < rounds; ++round) {
    double start = Seconds();
    std::memcpy(out.data(), in.data(), elements * sizeof(float));
    std::printf("memcpy %.6f\n", Seconds() - start);
    for (const Case& each : kCases) {
      const auto layer = MakeLayer(each.method, argv);
      start = Seconds();
      layer.Normalize(in.data(), samples, out.data());
      std::printf("%s %.6f\n", each.name, Seconds() - start);
    }
  }
  return 0;
}
