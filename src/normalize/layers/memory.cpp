// A whole batch in memory, on several threads.
#include "normalize/layers/normalizer.h"
#include "parallel/parallel.h"

namespace imnorm {
namespace {

template <typename Body>
void ForEach(int threads, int64_t count, const Body& body) {
  if (threads > 1 && count > 1) return RunParallel(threads, count, body);
  for (int64_t i = 0; i < count; ++i) body(i);
}

}  // namespace

// Where planes stay planes, a set is measured and applied while it is in cache: a (sample, group)
// at a time, or for batch one channel through all samples. With fewer channels than keep the
// threads busy, batch measures and applies (sample, channel) planes in two sweeps instead. Every
// way merges the same sets in the same order, so the bytes are the same.
void LayerNormalizer::Normalize(const void* in, int64_t count, void* out, Moments* moments) const {
  const Impl& impl = *impl_;
  const uint8_t* from = static_cast<const uint8_t*>(in);
  uint8_t* to = static_cast<uint8_t*>(out);
  const int threads = impl.job.threads;
  const size_t in_bytes = sample_in_bytes();
  const size_t out_bytes = sample_out_bytes();
  const int64_t step = impl.channels / impl.sets;
  const size_t set_bytes = impl.set_elements() * ElementBytes(impl.job.input);
  if (!needs_moments()) {
    ForEach(threads, count, [&](int64_t n) {
      Apply(from + size_t(n) * in_bytes, 1, nullptr, to + size_t(n) * out_bytes);
    });
    return;
  }
  std::vector<Moments> own;
  if (moments == nullptr) {
    own.resize(size_t(over_batch() ? impl.channels : count * impl.sets));
    moments = own.data();
  }
  const bool planar = impl.job.layout == Layout::kNchw;
  if (!over_batch()) {
    ForEach(threads, planar ? count * impl.sets : count, [&](int64_t i) {
      if (!planar) {
        const uint8_t* sample = from + size_t(i) * in_bytes;
        Measure(sample, 1, moments + i * impl.sets);
        Apply(sample, 1, moments + i * impl.sets, to + size_t(i) * out_bytes);
        return;
      }
      const int64_t n = i / impl.sets;
      const int64_t s = i % impl.sets;
      moments[i] = impl.MeasureSet(from + size_t(i) * set_bytes);
      impl.ApplyChannels(from + size_t(n) * in_bytes, s * step, (s + 1) * step, moments + i,
                         to + size_t(n) * out_bytes);
    });
    return;
  }
  const bool by_channel = planar && (threads <= 1 || impl.channels >= 4 * threads);
  if (by_channel) {
    ForEach(threads, impl.channels, [&](int64_t c) {
      Moments channel;
      for (int64_t n = 0; n < count; ++n) {
        channel.Merge(impl.MeasureSet(from + size_t(n) * in_bytes + size_t(c) * set_bytes));
      }
      moments[c] = channel;
      for (int64_t n = 0; n < count; ++n) {
        impl.ApplyChannels(from + size_t(n) * in_bytes, c, c + 1, &channel,
                           to + size_t(n) * out_bytes);
      }
    });
    return;
  }
  std::vector<Moments> planes(size_t(count * impl.channels));
  ForEach(threads, count * impl.channels,
          [&](int64_t i) { planes[size_t(i)] = impl.MeasureSet(from + size_t(i) * set_bytes); });
  std::fill(moments, moments + impl.channels, Moments());
  MergeBatch(planes.data(), count, moments);
  ForEach(threads, count, [&](int64_t n) {
    Apply(from + size_t(n) * in_bytes, 1, moments, to + size_t(n) * out_bytes);
  });
}

}  // namespace imnorm
