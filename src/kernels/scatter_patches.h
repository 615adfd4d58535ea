// Rows of values -> rows of patches.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::kernels {

// Where the values of a picture go. See PatchPlan for what the fields are.
struct PatchScatter {
  size_t size = 1;
  size_t merge = 1;
  size_t frames = 1;
  size_t columns = 0;  // of patches
  size_t channels = 3;
  size_t element_bytes = 4;
  bool channels_last = false;
};

// Puts row y of a picture at its places in the picture's rows of patches.
//
// Shapes:   values [channels][columns * size], or [columns * size][channels] where channels are
// last;
//           out [rows * columns][channels * frames * size * size], rows and columns multiples of
//           merge
// Errors:   none; never allocates, never throws
// Threads:  safe on different outputs, and on different rows of one
void ScatterPatchRow(const PatchScatter& patches, size_t y, const uint8_t* values, uint8_t* out);

}  // namespace imnorm::kernels
