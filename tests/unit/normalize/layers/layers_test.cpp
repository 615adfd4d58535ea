// Layers from the inside: moments, tables, running statistics, jobs over sources.
#include "imnorm/layers.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>

namespace imnorm {
namespace {

LayerNormalizer Layer(const LayerJob& job) {
  auto layer = LayerNormalizer::Create(job);
  REQUIRE(layer.has_value());
  return std::move(*layer);
}

LayerJob JobOf(Method method, std::vector<int64_t> shape) {
  LayerJob job;
  job.method = method;
  job.sample_shape = std::move(shape);
  return job;
}

class MemorySamples : public SampleSource {
 public:
  MemorySamples(std::vector<float> values, size_t sample)
      : values_(std::move(values)), sample_(sample) {}
  int64_t count() const override { return int64_t(values_.size() / sample_); }
  Result<void> Read(int64_t first, int64_t count, void* out) override {
    if (first >= broken_at) return Fail(ErrorCode::kIo, "the disk is gone");
    std::memcpy(out, values_.data() + size_t(first) * sample_, size_t(count) * sample_ * 4);
    return {};
  }
  int64_t broken_at = INT64_MAX;

 private:
  std::vector<float> values_;
  size_t sample_;
};

std::vector<float> Wave(size_t n) {
  std::vector<float> values(n);
  for (size_t i = 0; i < n; ++i) values[i] = std::sin(float(i) * 0.7f) + float(i % 13);
  return values;
}

std::vector<float> RunJob(const LayerJob& job, MemorySamples& source) {
  std::vector<float> out;
  int64_t sample = 1;
  for (const int64_t side : job.sample_shape) sample *= side;
  const auto sink = [&](const void* elements, int64_t count) -> Result<void> {
    const float* values = static_cast<const float*>(elements);
    out.insert(out.end(), values, values + count * sample);
    return {};
  };
  REQUIRE(NormalizeSamples(source, job, sink).has_value());
  return out;
}

}  // namespace

TEST_CASE("integer moments are exact in any order", "[layers]") {
  Moments one = Moments::OfIntegers(3, 6, 14);  // 1, 2, 3
  one.Merge(Moments::OfIntegers(2, 9, 41));     // 4, 5
  CHECK(one.mean().high == 3.0);
  CHECK(one.mean().low == 0.0);
  CHECK(one.variance() == 2.0);
  CHECK(one.unbiased_variance() == 2.5);
  Moments other = Moments::OfIntegers(2, 9, 41);
  other.Merge(Moments::OfIntegers(3, 6, 14));
  CHECK(other.variance() == one.variance());
}

TEST_CASE("integer moments stay exact where their squares leave 64 bits", "[layers]") {
  // 2^49 pairs of 0 and 255: half a variance of 127.5^2 needs all of count * squares - sum^2.
  const uint64_t pairs = uint64_t{1} << 49;
  Moments moments;
  for (int i = 0; i < 4; ++i) {  // 4 * 2^49 * 255^2 is above 2^64
    moments.Merge(Moments::OfIntegers(pairs / 4 * 2, pairs / 4 * 255, pairs / 4 * 65025));
  }
  moments.Merge(moments);
  moments.Merge(moments);
  CHECK(moments.count() == double(pairs) * 8);
  CHECK(moments.mean().high == 127.5);
  CHECK(moments.variance() == 127.5 * 127.5);
}

TEST_CASE("merging keeps a mean beyond float64 and a variance that does not cancel", "[layers]") {
  // Two values 1e8 + 1e-9 and 1e8 + 3e-9: float64 alone cannot tell them apart.
  Moments moments(1, 1e8, 1e-9, 0);
  moments.Merge(Moments(1, 1e8, 3e-9, 0));
  CHECK(moments.mean().high == 1e8);
  CHECK(moments.mean().low == Approx(2e-9));
  CHECK(moments.variance() == Approx(1e-18));
}

TEST_CASE("a table gives the bytes of the direct way", "[layers]") {
  LayerJob job = JobOf(Method::kGroup, {4, 16, 16});
  job.input = ElementType::kU8;
  job.layer.groups = 2;
  job.layer.gamma = {1.5, 0.25, -1.0, 2.0};
  const LayerNormalizer layer = Layer(job);
  std::vector<uint8_t> sample(4 * 256);
  for (size_t i = 0; i < sample.size(); ++i) sample[i] = uint8_t(i % 256 * (1 + i / 256));
  std::vector<Moments> moments(2);
  layer.Measure(sample.data(), 1, moments.data());
  std::vector<float> direct(sample.size());
  layer.Apply(sample.data(), 1, moments.data(), direct.data());
  const auto table = layer.TableFor(moments.data());
  REQUIRE(table.has_value());
  for (size_t i = 0; i < sample.size(); ++i) {
    const float* row = static_cast<const float*>(table->channel(int(i / 256)));
    REQUIRE(std::memcmp(&row[sample[i]], &direct[i], sizeof(float)) == 0);
  }
}

TEST_CASE("one sample more or less memory or threads changes no byte", "[layers]") {
  for (const Method method : {Method::kBatch, Method::kInstance}) {
    for (const int64_t batch : {int64_t(0), int64_t(3)}) {
      LayerJob job = JobOf(method, {5, 7, 9});
      job.layer.batch_size = batch;
      MemorySamples source(Wave(11 * 315), 315);
      const auto expected = RunJob(job, source);
      REQUIRE(expected.size() == 11 * 315);
      job.threads = 3;
      CHECK(RunJob(job, source) == expected);
      job.memory_bytes = 1;  // a sample at a time, batches read twice
      CHECK(RunJob(job, source) == expected);
    }
  }
}

TEST_CASE("a whole batch in memory gives what the stream gives", "[layers]") {
  const auto values = Wave(6 * 4 * 50);
  for (const Method method : {Method::kBatch, Method::kLayer, Method::kInstance, Method::kGroup}) {
    for (const int threads : {1, 3}) {
      LayerJob job = JobOf(method, {4, 50});
      job.layer.groups = 2;
      job.threads = threads;
      std::vector<float> whole(values.size());
      Layer(job).Normalize(values.data(), 6, whole.data());
      MemorySamples source(values, 200);
      CHECK(RunJob(job, source) == whole);
    }
  }
}

TEST_CASE("channels last is the same values, interleaved", "[layers]") {
  const auto values = Wave(2 * 3 * 20);
  LayerJob job = JobOf(Method::kInstance, {3, 4, 5});
  std::vector<float> planes(values.size());
  Layer(job).Normalize(values.data(), 2, planes.data());
  job.layout = Layout::kNhwc;
  std::vector<float> pixels(values.size());
  Layer(job).Normalize(values.data(), 2, pixels.data());
  for (size_t n = 0; n < 2; ++n) {
    for (size_t c = 0; c < 3; ++c) {
      for (size_t i = 0; i < 20; ++i) {
        REQUIRE(pixels[n * 60 + i * 3 + c] == planes[n * 60 + c * 20 + i]);
      }
    }
  }
}

TEST_CASE("integer outputs round half to even and saturate", "[layers]") {
  LayerJob job = JobOf(Method::kGiven, {1, 8});
  job.denormalize = true;
  job.mean = {0.0};
  job.std = {1.0};
  job.dtype = ElementType::kU8;
  const float in[8] = {0.5f,   1.5f,   2.5f,  -3.0f,
                       300.0f, 254.5f, 1e30f, std::numeric_limits<float>::quiet_NaN()};
  uint8_t out[8];
  Layer(job).Normalize(in, 1, out);
  CHECK(std::vector<int>(out, out + 8) == std::vector<int>{0, 2, 2, 0, 255, 254, 255, 0});
  job.dtype = ElementType::kI8;
  job.quantize = true;
  job.qscale = 0.5;
  job.qzero = -1;
  int8_t small[8];
  Layer(job).Normalize(in, 1, small);
  CHECK(std::vector<int>(small, small + 4) == std::vector<int>{0, 2, 4, -7});
  CHECK(small[4] == 127);
  CHECK(small[7] == -1);
}

TEST_CASE("a NaN spoils its own set only, always with the same bits", "[layers]") {
  auto values = Wave(2 * 2 * 40);
  values[45] = std::numeric_limits<float>::infinity();
  LayerJob job = JobOf(Method::kInstance, {2, 40});
  std::vector<float> out(values.size());
  Layer(job).Normalize(values.data(), 2, out.data());
  const uint32_t nan = 0x7fc00000;
  for (size_t i = 0; i < out.size(); ++i) {
    if (i / 40 == 1) {
      REQUIRE(std::memcmp(&out[i], &nan, 4) == 0);
    } else {
      REQUIRE(std::isfinite(out[i]));
    }
  }
}

TEST_CASE("an error of the source or the sink ends the job and is passed on", "[layers]") {
  for (const int threads : {1, 3}) {
    LayerJob job = JobOf(Method::kLayer, {2, 30});
    job.threads = threads;
    job.memory_bytes = 1;
    MemorySamples source(Wave(9 * 60), 60);
    source.broken_at = 5;
    int64_t written = 0;
    const auto sink = [&](const void*, int64_t count) -> Result<void> {
      written += count;
      return {};
    };
    auto summary = NormalizeSamples(source, job, sink);
    REQUIRE(!summary.has_value());
    CHECK(summary.error().message == "the disk is gone");
    CHECK(written == 5);
    source.broken_at = INT64_MAX;
    const auto full = [](const void*, int64_t) -> Result<void> {
      return Fail(ErrorCode::kIo, "disk full");
    };
    summary = NormalizeSamples(source, job, full);
    REQUIRE(!summary.has_value());
    CHECK(summary.error().message == "disk full");
  }
}

TEST_CASE("the last batch is dropped on request only", "[layers]") {
  LayerJob job = JobOf(Method::kBatch, {2, 3});
  job.layer.batch_size = 4;
  CHECK(OutputSamples(job, 10) == 10);
  job.layer.drop_last = true;
  CHECK(OutputSamples(job, 10) == 8);
  MemorySamples source(Wave(10 * 6), 6);
  CHECK(RunJob(job, source).size() == 8 * 6);
}

TEST_CASE("a last batch of one value per channel is refused before any work", "[layers]") {
  LayerJob job = JobOf(Method::kBatch, {2});
  job.layer.batch_size = 4;
  MemorySamples source(Wave(9 * 2), 2);
  int writes = 0;
  const auto sink = [&](const void*, int64_t) -> Result<void> {
    ++writes;
    return {};
  };
  const auto summary = NormalizeSamples(source, job, sink);
  REQUIRE(!summary.has_value());
  CHECK(summary.error().message.find("one value per channel") != std::string::npos);
  CHECK(writes == 0);
}

TEST_CASE("options that mean nothing for a method are refused", "[layers]") {
  const auto refused = [](const LayerJob& job) {
    const auto layer = LayerNormalizer::Create(job);
    return !layer.has_value() && layer.error().code == ErrorCode::kBadArgument;
  };
  LayerJob job = JobOf(Method::kBatch, {4, 2, 2});
  CHECK(!refused(job));
  job.layer.eval = true;
  CHECK(refused(job));
  job = JobOf(Method::kBatch, {4, 2, 2});
  job.layer.drop_last = true;
  CHECK(refused(job));
  job = JobOf(Method::kGroup, {4, 2, 2});
  job.layer.groups = 3;
  CHECK(refused(job));
  job.layer.groups = 2;
  job.state_out = "state.safetensors";
  CHECK(refused(job));
  job = JobOf(Method::kInstance, {4, 2, 2});
  job.layer.momentum.reset();
  CHECK(!refused(job));
  job.state_out = "state.safetensors";
  CHECK(refused(job));
  job = JobOf(Method::kLayer, {4, 2, 2});
  job.denormalize = true;
  CHECK(refused(job));
  job = JobOf(Method::kLayer, {4, 2, 2, 2, 2});
  CHECK(refused(job));
  for (const ElementTypeRow& row : kElementTypes) {
    job = JobOf(Method::kLayer, {4, 2, 2});
    job.dtype = row.type;
    CHECK(refused(job) != row.is_output);
  }
}

}  // namespace imnorm
