// Elements of any type as numbers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/element_type.h"

namespace imnorm {

// Writes `count` little-endian elements as doubles; bool is 0 or 1.
//
// Numbers:  exact but for int64 beyond 2^53, which is rounded
void ElementsToDouble(ElementType type, const uint8_t* elements, size_t count, double* out);

}  // namespace imnorm
