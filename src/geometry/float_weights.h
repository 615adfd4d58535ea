// The weights of one axis in float32, as torch computes them for float pictures.
#pragma once

#include <cstdint>
#include <vector>

#include "imnorm/geometry.h"

namespace imnorm {

// Shapes:   as AxisWeights: output i is the sum over t < count[i] of weights[i * taps + t] times
//           in[first[i] + t]; weights beyond count[i] are 0
struct AxisWeightsF32 {
  int taps = 0;
  std::vector<int32_t> first;
  std::vector<int32_t> count;
  std::vector<float> weights;
  bool identity = false;  // sizes are equal: nothing is computed
};

// torch's weights from in_size to out_size for the outputs [out_begin, out_end), into memory that
// is there.
//
// Rules:    filter is kNearest, kNearestExact, kBilinear or kBicubic; `across` as for
//           FindTorchWeights
// Numbers:  those of the AVX2 code of torch 2.15's x86-64 wheels, where the cubic filter is
//           evaluated with fused multiply-adds; std::fma, so the same on every CPU
// Source:   measured on torch 2.15.0: F.interpolate(float32, antialias=True)
void FindFloatWeights(int in_size, int out_size, Filter filter, int out_begin, int out_end,
                      AxisWeightsF32* weights, int across = 1);

}  // namespace imnorm
