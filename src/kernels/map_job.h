// One row for the value kernel: what it reads of a ValueMap, as raw pointers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/values.h"
#include "kernels/value_map.h"

namespace imnorm::kernels {

struct MapJob {
  MapMethod method = MapMethod::kTable;
  ElementType dtype = ElementType::kF32;
  Layout layout = Layout::kNchw;
  int channels = 0;
  size_t element_bytes = 0;
  const int* order = nullptr;
  const ValueFormula* formulas = nullptr;
  const uint8_t* elements = nullptr;     // [channels][256] elements
  const uint8_t* byte_planes = nullptr;  // [channels][element bytes][256], AVX3_DL
  const uint8_t* in = nullptr;
  size_t pixels = 0;
  uint8_t* const* planes = nullptr;
};

// kMultiplyAdd, 3 channels, float32, kNchw.
void MapPlanarFloat3(Target target, const MapJob& job);

}  // namespace imnorm::kernels
