// Blocks of elements on their way into and out of float32.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/layers.h"

namespace imnorm {

// Elements that are worked on at a time: 16 KiB of float32, half of a first-level cache.
constexpr size_t kLayerBlock = 4096;

// `n` elements at `in` as float32: converted to `scratch` [kLayerBlock], or in place.
const float* AsFloat32(ElementType type, const uint8_t* in, size_t n, float* scratch);

// How many of `n` values are NaN or infinite.
size_t CountNotFinite(const float* values, size_t n);

// Counts the values that the job's output type cannot hold; of float32 NonFiniteResults counts.
void CountLost(const LayerJob& job, const float* values, size_t n, ValueCounts& met);

// How many of `n` results are NaN or infinite although what they were made from is finite.
size_t NonFiniteResults(const float* values, const float* results, size_t n);

// Writes `n` values as the job's output elements.
void StoreElements(const LayerJob& job, const float* values, size_t n, uint8_t* out);

// Turns a sample's planes [channels][plane] into pixels [plane][channels].
void InterleavePlanes(const uint8_t* planes, int64_t channels, int64_t plane, size_t element_bytes,
                      uint8_t* out);

}  // namespace imnorm
