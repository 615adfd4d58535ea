// 16-bit samples through tables of 65,536 elements: plain code, since such pictures are rare.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/values.h"

namespace imnorm::kernels {

// The 16-bit form of MapRow: in is u16 [pixels][table.channels] at any alignment.
void MapRow16(const ValueTable& table, const uint8_t* in, int pixels, const int* order,
              Layout layout, uint8_t* const* planes);

}  // namespace imnorm::kernels
