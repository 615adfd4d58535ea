// The small picture that Phi-4 makes of its tiles' values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "imnorm/patches.h"

namespace imnorm {

// Makes a picture's overview of its tiles, which stand behind it.
//
// Shapes:   rows f32 [1 + grid.rows * grid.columns][channels][side][side]
// Numbers:  F.interpolate(float32, bicubic) of torch 2.15, not antialiased, to 1 / columns and 1 /
//           rows: by odd numbers the middle one; by even ones of four (-3, 19, 19, -3) / 32, the
//           second of them rounded, then first, third and fourth by fused multiply-add; across,
//           then down
void MakeValueOverview(const PatchGrid& grid, int side, size_t channels, std::span<uint8_t> rows);

}  // namespace imnorm
