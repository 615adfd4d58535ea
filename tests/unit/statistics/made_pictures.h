// Sums of small made pictures, by definition.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "imnorm/statistics.h"

namespace imnorm {

// The sums of interleaved samples.
inline PictureSums SumsOf(int width, int height, int channels, int levels,
                          const std::vector<uint32_t>& samples) {
  const size_t count = size_t(channels);
  PictureSums out;
  out.width = width;
  out.height = height;
  out.channels = channels;
  out.levels = levels;
  out.pixels = samples.size() / count;
  out.sum.resize(count);
  out.sum_squares.resize(count);
  out.cross.resize(count * (count - 1) / 2);
  out.min.assign(count, UINT32_MAX);
  out.max.assign(count, 0);
  out.histogram.resize(count * size_t(levels));
  for (size_t i = 0; i < samples.size(); i += count) {
    size_t pair = 0;
    for (size_t c = 0; c < count; ++c) {
      const uint64_t v = samples[i + c];
      out.sum[c] += v;
      out.sum_squares[c] += v * v;
      out.min[c] = std::min(out.min[c], uint32_t(v));
      out.max[c] = std::max(out.max[c], uint32_t(v));
      ++out.histogram[c * size_t(levels) + v];
      for (size_t d = c + 1; d < count; ++d) out.cross[pair++] += v * samples[i + d];
    }
  }
  return out;
}

inline PictureSums MadePicture(int width, int height, uint32_t seed, int levels = 256,
                               int channels = 3) {
  std::mt19937 random(seed);
  std::vector<uint32_t> samples(size_t(width) * size_t(height) * size_t(channels));
  const uint32_t top = 1 + random() % uint32_t(levels);
  for (uint32_t& sample : samples) sample = random() % top;
  return SumsOf(width, height, channels, levels, samples);
}

inline FloatSums FloatSumsOf(const std::vector<double>& values) {
  FloatSums out;
  out.Reset(int(values.size()), 1, 1, true);
  AddFloatPixels(values.data(), values.size(), 1, 1, &out);
  return out;
}

}  // namespace imnorm
