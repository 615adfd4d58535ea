// Samples to output elements by the fastest arithmetic that gives the table's very bits.
#pragma once

#include <cstdint>
#include <vector>

#include "imnorm/values.h"
#include "kernels/target.h"

namespace imnorm::kernels {

// How elements are made of samples.
enum class MapMethod : uint8_t {
  kTwin,         // the plain twin
  kBytes,        // elements are the samples
  kMultiplyAdd,  // fma(u, r, u * r_lo) of u = fma(x, k, x * k_lo) - mean
  kDivide,       // (x / scale - mean) / std
  kTable,        // lookups
};

// One channel's constants: k and r are the float32 reciprocals of scale and std, *_lo what they
// lack.
struct ValueFormula {
  float k = 1, k_lo = 0, scale = 1;
  float mean = 0;
  float r = 1, r_lo = 0, std = 1;
};

// A plan's values for the target that was active when it was made.
//
// Rules:    `table` must outlive it. A formula is there only if the kernel itself, on this target,
//           gave all 256 values of every channel bit for bit
struct ValueMap {
  const ValueTable* table = nullptr;
  std::vector<int> order;
  Layout layout = Layout::kNchw;
  Target target = kFallback;
  MapMethod method = MapMethod::kTwin;
  std::vector<ValueFormula> formulas;  // a channel
  std::vector<uint8_t> byte_planes;    // [channels][element bytes][256]: the table, AVX3_DL only

  // For people: "multiply-add", "division", "table", "table in registers", "bytes" or "plain".
  const char* strategy() const;
};

// Chooses the arithmetic, once a plan.
//
// Shapes:   order as in MapRow; table has 256 levels, and was made from plan
// Errors:   none; allocates
ValueMap MakeValueMap(const ValuePlan& plan, const ValueTable& table, const int* order,
                      Layout layout);

// Spreads a row of interleaved samples into output elements, as the plain MapRow does.
//
// Shapes:   in u8 [pixels][channels], any alignment; planes as in MapRow, any alignment, must not
//           overlap in. Rows that follow each other in memory on both sides may be one call.
// Numbers:  the table's elements, bit for bit, on every CPU
// Errors:   none; never allocates
// Threads:  safe on different outputs
void MapRow(const ValueMap& map, const uint8_t* in, size_t pixels, uint8_t* const* planes);

}  // namespace imnorm::kernels
