// Samples through value tables, one after another: 16-bit ones and those of bands. Plain code,
// since such pictures are rare.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/values.h"

namespace imnorm::kernels {

// MapRow for any number of channels: in is [pixels][table.channels] at any alignment, of u8 where
// the table has 256 levels, else of u16.
void MapRowByTables(const ValueTable& table, const uint8_t* in, int pixels, const int* order,
                    Layout layout, uint8_t* const* planes);

}  // namespace imnorm::kernels
