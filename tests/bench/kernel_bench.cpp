// Times of the kernels beside what bounds them. scripts/bench --kernels makes ratios of these.
//
// Names are "what/size/..."; the target is IMNORM_SIMD's.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <memory>

#include "kernels/kernels.h"
#include "kernels/value_map.h"
#include "support/kernel_cases.h"
#include "support/kernel_resize.h"

namespace imnorm {
namespace {

constexpr int kOrder[] = {0, 1, 2};

std::vector<uint8_t> RandomBytes(size_t size) {
  std::vector<uint8_t> bytes(size);
  testing::Samples samples(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = samples.Byte();
  return bytes;
}

// A tensor's memory, touched once, aligned as files and pages are.
struct Pages {
  explicit Pages(size_t size) : data(static_cast<uint8_t*>(std::aligned_alloc(4096, size))) {
    std::memset(data.get(), 1, size);
  }
  struct Free {
    void operator()(uint8_t* p) const { std::free(p); }
  };
  std::unique_ptr<uint8_t, Free> data;
};

constexpr size_t kSide = 224, kPixels = kSide * kSide;

ValuePlan PlanOf(ElementType dtype) {
  ValuePlan plan;
  plan.mean = {0.485, 0.456, 0.406};
  plan.std = {0.229, 0.224, 0.225};
  plan.dtype = dtype;
  return plan;
}

void MapPictures(benchmark::State& state, ElementType dtype, Layout layout, bool by_row) {
  const size_t pictures = size_t(state.range(0));
  const ValuePlan plan = PlanOf(dtype);
  const ValueTable table = MakeValueTable(plan, 3, 256).value();
  const kernels::ValueMap map = kernels::MakeValueMap(plan, table, kOrder, layout);
  const std::vector<uint8_t> in = RandomBytes(pictures * kPixels * 3);
  const size_t bytes = ElementBytes(dtype), picture = kPixels * 3 * bytes;
  const Pages out((pictures * picture + 4095) / 4096 * 4096);
  const size_t step = by_row ? kSide : kPixels;
  for (auto _ : state) {
    for (size_t p = 0; p < pictures; ++p) {
      for (size_t at = 0; at < kPixels; at += step) {
        uint8_t* planes[3];
        for (size_t c = 0; c < 3; ++c) {
          planes[c] = out.data.get() + p * picture +
                      (layout == Layout::kNchw ? (c * kPixels + at) * bytes : at * 3 * bytes);
        }
        kernels::MapRow(map, in.data() + (p * kPixels + at) * 3, step, planes);
      }
    }
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(int64_t(state.iterations()) * int64_t(pictures * picture));
  state.SetLabel(map.strategy());
}

void CopyPictures(benchmark::State& state, size_t element_bytes) {
  const size_t size = size_t(state.range(0)) * kPixels * 3 * element_bytes;
  const Pages in((size + 4095) / 4096 * 4096), out((size + 4095) / 4096 * 4096);
  for (auto _ : state) {
    std::memcpy(out.data.get(), in.data.get(), size);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(int64_t(state.iterations()) * int64_t(size));
}

struct ResizeCase {
  const char* name;
  int in_width, in_height, out_width, out_height;
  Filter filter;
  Rect window;
  ResizeEngine engine = ResizeEngine::kPillow;
};

constexpr ResizeEngine kTorch = ResizeEngine::kTorch;
constexpr ResizeCase kResizes[] = {
    {"500x375/bilinear/whole", 500, 375, 341, 256, Filter::kBilinear, {0, 0, 341, 256}},
    {"500x375/bilinear/crop", 500, 375, 341, 256, Filter::kBilinear, {58, 16, 224, 224}},
    {"500x375/bicubic/whole", 500, 375, 341, 256, Filter::kBicubic, {0, 0, 341, 256}},
    {"500x375/lanczos/whole", 500, 375, 341, 256, Filter::kLanczos, {0, 0, 341, 256}},
    {"1600x1200/bilinear/whole", 1600, 1200, 341, 256, Filter::kBilinear, {0, 0, 341, 256}},
    {"4000x3000/bilinear/whole", 4000, 3000, 341, 256, Filter::kBilinear, {0, 0, 341, 256}},
    {"500x375/bilinear/torch", 500, 375, 341, 256, Filter::kBilinear, {0, 0, 341, 256}, kTorch},
    {"500x375/bicubic/torch", 500, 375, 341, 256, Filter::kBicubic, {0, 0, 341, 256}, kTorch},
    {"500x375/lanczos/torch", 500, 375, 341, 256, Filter::kLanczos, {0, 0, 341, 256}, kTorch},
    {"1600x1200/bilinear/torch", 1600, 1200, 341, 256, Filter::kBilinear, {0, 0, 341, 256}, kTorch},
    {"4000x3000/bilinear/torch", 4000, 3000, 341, 256, Filter::kBilinear, {0, 0, 341, 256}, kTorch},
};

// prepare: laying out weights is timed with every picture, as if each had a size of its own.
void ResizePicture(benchmark::State& state, const ResizeCase& c, bool prepare) {
  const size_t stride = size_t(c.in_width) * 3;
  const std::vector<uint8_t> in = RandomBytes(stride * size_t(c.in_height));
  std::vector<uint8_t> out(size_t(c.window.width) * size_t(c.window.height) * 3), ring;
  const auto plan = [&] {
    return testing::PreparedResize(c.in_width, c.in_height, c.out_width, c.out_height, c.filter,
                                   c.window, 3, c.engine);
  };
  const testing::PreparedResize kept = plan();
  for (auto _ : state) {
    if (prepare) {
      testing::Resize(plan(), in.data(), stride, &ring, out.data());
    } else {
      testing::Resize(kept, in.data(), stride, &ring, out.data());
    }
    benchmark::ClobberMemory();
  }
  state.SetLabel("method " + std::to_string(int(kept.columns.method)));
}

void ResizePass(benchmark::State& state, const ResizeCase& c, bool vertical) {
  const size_t stride = size_t(c.in_width) * 3;
  const std::vector<uint8_t> in = RandomBytes(stride * 16);
  const testing::PreparedResize plan(c.in_width, c.in_height, c.out_width, c.out_height, c.filter,
                                     c.window, 3, c.engine);
  const size_t row_bytes = plan.columns.out_bytes;
  std::vector<uint8_t> ring(row_bytes * 16), out(row_bytes);
  std::vector<const uint8_t*> rows;
  for (int t = 0; t < plan.y.taps; ++t) rows.push_back(ring.data() + size_t(t % 16) * row_bytes);
  for (auto _ : state) {
    if (vertical) {
      for (int y = 0; y < 16; ++y) {
        const size_t at = size_t(plan.y.size() / 2 + y);
        const int32_t* weights = plan.y.weights.data() + at * size_t(plan.y.taps);
        kernels::BlendRows(rows.data(), {weights, plan.y.count[at], plan.y.precision}, row_bytes,
                           out.data());
      }
    } else {
      kernels::ResampleRows(plan.columns, in.data(), stride, 16, ring.data(), row_bytes);
    }
    benchmark::ClobberMemory();
  }
}

void PrepareResize(benchmark::State& state, const ResizeCase& c, bool weights_only) {
  const AxisWeights x =
      MakeAxisWeights(c.in_width, c.out_width, c.filter, c.window.x, c.window.x + c.window.width);
  for (auto _ : state) {
    if (weights_only) {
      benchmark::DoNotOptimize(MakeAxisWeights(c.in_width, c.out_width, c.filter, c.window.x,
                                               c.window.x + c.window.width));
    } else {
      benchmark::DoNotOptimize(kernels::PrepareColumns(x, x.first.front(), 3));
    }
  }
}

// Bytes of the sums benchmarks: within L2 and far beyond the last cache.
constexpr size_t kCached = 512 * 384 * 3, kDram = size_t{192} << 20;

void SumBytes(benchmark::State& state, size_t size) {
  const std::vector<uint8_t> in = RandomBytes(size);
  for (auto _ : state) {
    kernels::RowSums sums;
    kernels::AddSums(in.data(), 512 * 3, int(size / (512 * 3)), 512, 3, &sums);
    benchmark::DoNotOptimize(sums);
  }
  state.SetBytesProcessed(int64_t(state.iterations()) * int64_t(size));
}

// The least that looks at every byte, with the widest vectors that this CPU has.
typedef uint64_t Words __attribute__((vector_size(64), aligned(1), may_alias));
#if defined(__x86_64__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
uint64_t
OrOf(const uint8_t* in, size_t size) {
  Words bits[8] = {};
  for (size_t i = 0; i + 512 <= size; i += 512) {
    const Words* from = reinterpret_cast<const Words*>(in + i);
    for (size_t k = 0; k < 8; ++k) bits[k] |= from[k];
  }
  uint64_t all = 0;
  for (const Words& word : bits) {
    for (size_t lane = 0; lane < 8; ++lane) all |= word[lane];
  }
  return all;
}

void OrBytes(benchmark::State& state, size_t size) {
  const std::vector<uint8_t> in = RandomBytes(size);
  for (auto _ : state) benchmark::DoNotOptimize(OrOf(in.data(), size));
  state.SetBytesProcessed(int64_t(state.iterations()) * int64_t(size));
}

void CountBytes(benchmark::State& state, size_t size) {
  const std::vector<uint8_t> in = RandomBytes(size);
  kernels::HistogramTables tables;
  kernels::RowSums sums;
  std::vector<uint64_t> histogram(768);
  for (auto _ : state) {
    kernels::AddHistogram(in.data(), 512 * 3, int(size / (512 * 3)), 512, 3, &tables, &sums);
    kernels::FlushHistogram(&tables, 3, histogram.data(), &sums);
  }
  benchmark::DoNotOptimize(histogram.data());
  state.SetBytesProcessed(int64_t(state.iterations()) * int64_t(size));
}

void RegisterAll() {
  const auto add = [](const std::string& name, auto function) {
    return benchmark::RegisterBenchmark(name.c_str(), function);
  };
  for (const int pictures : {1, 64, 512}) {
    add("value/float32/nchw", [](auto& s) {
      MapPictures(s, ElementType::kF32, Layout::kNchw, false);
    })->Arg(pictures);
    add("value/float32/memcpy", [](auto& s) { CopyPictures(s, 4); })->Arg(pictures);
  }
  add("value/float32/nchw-by-row", [](auto& s) {
    MapPictures(s, ElementType::kF32, Layout::kNchw, true);
  })->Arg(1);
  add("value/float32/nhwc", [](auto& s) {
    MapPictures(s, ElementType::kF32, Layout::kNhwc, false);
  })->Arg(1);
  add("value/float16/nchw", [](auto& s) {
    MapPictures(s, ElementType::kF16, Layout::kNchw, false);
  })->Arg(1);
  add("value/bfloat16/nchw", [](auto& s) {
    MapPictures(s, ElementType::kBF16, Layout::kNchw, false);
  })->Arg(1);
  add("value/float16/memcpy", [](auto& s) { CopyPictures(s, 2); })->Arg(1);
  for (const ResizeCase& c : kResizes) {
    const std::string name = std::string("resize/") + c.name;
    add(name, [c](auto& s) { ResizePicture(s, c, false); });
    add(name + "/prepared-each-time", [c](auto& s) { ResizePicture(s, c, true); });
    add(name + "/16-rows-horizontal", [c](auto& s) { ResizePass(s, c, false); });
    add(name + "/16-rows-vertical", [c](auto& s) { ResizePass(s, c, true); });
    add(name + "/weights", [c](auto& s) { PrepareResize(s, c, true); });
    add(name + "/layout", [c](auto& s) { PrepareResize(s, c, false); });
  }
  add("sums/l2/sums", [](auto& s) { SumBytes(s, kCached); });
  add("sums/l2/or", [](auto& s) { OrBytes(s, kCached); });
  add("sums/dram/sums", [](auto& s) { SumBytes(s, kDram); });
  add("sums/dram/or", [](auto& s) { OrBytes(s, kDram); });
  add("histogram/l2", [](auto& s) { CountBytes(s, kCached); });
}

}  // namespace
}  // namespace imnorm

int main(int argc, char** argv) {
  if (auto applied = imnorm::kernels::ApplyTargetFromEnvironment(); !applied) {
    std::fprintf(stderr, "%s\n", applied.error().message.c_str());
    return 2;
  }
  imnorm::RegisterAll();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("target",
                              imnorm::kernels::TargetName(imnorm::kernels::ActiveTarget()));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
