// What LayerNormalizer holds; its functions are spread over check, create, measure, apply, train.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "imnorm/layers.h"
#include "kernels/layer_kernels.h"
#include "normalize/layers/affine.h"
#include "normalize/layers/running.h"

namespace imnorm {

struct LayerNormalizer::Impl {
  LayerJob job;
  int64_t channels = 0;
  int64_t plane = 0;
  int sets = 1;           // a sample's
  double scale = 1.0;     // values are samples / scale
  bool by_state = false;  // running statistics in place of measured ones
  bool tracks = false;
  Affine affine;
  RunningStatistics running;
  PendingStatistics pending;
  mutable std::mutex counts_mutex;
  mutable ValueCounts counts;

  size_t set_elements() const { return size_t(channels / sets) * size_t(plane); }
  float gamma(int64_t c) const { return affine.given ? affine.gamma[size_t(c)] : 1.0f; }
  float beta(int64_t c) const { return affine.given ? affine.beta[size_t(c)] : 0.0f; }

  // The moments of one set that begins at `in`.
  Moments MeasureSet(const uint8_t* in) const;

  // What happens to the samples of channel c, whose set has these moments (unused where by_state or
  // for the inverse). Per-element parameters are left to ApplySet.
  kernels::LayerLine LineOf(int64_t c, const Moments* set) const;

  // Normalises channels [begin, end) of one sample, planes apart as in the input. `moments` are
  // those of their one set, or nullptr.
  void ApplyChannels(const uint8_t* in, int64_t begin, int64_t end, const Moments* set,
                     uint8_t* out) const;

  // One whole sample in the job's layout. `moments`: [sets] of it, or [C] of its batch, or nullptr.
  void ApplySample(const uint8_t* in, const Moments* moments, uint8_t* out) const;

  // Adds to `counts`, from any thread.
  void Count(const ValueCounts& met) const;
};

// Says what is wrong with a job before any file is opened.
Result<void> CheckLayerJob(const LayerJob& job);

// Values a channel's running statistics would be asked for, or not.
bool TracksStatistics(const LayerJob& job);

}  // namespace imnorm
