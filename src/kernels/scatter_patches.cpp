// Copies the runs of a row, one a patch and channel: the copies are short and the kernel is the
// memory's, so that there is no vector code to be gained.
#include "kernels/scatter_patches.h"

#include <cstring>

namespace imnorm::kernels {
namespace {

// The number of the row that a patch is.
size_t RowOf(const PatchScatter& p, size_t down, size_t across) {
  const size_t block = down / p.merge * (p.columns / p.merge) + across / p.merge;
  return (block * p.merge + down % p.merge) * p.merge + across % p.merge;
}

void CopyPlanes(const PatchScatter& p, size_t line, const uint8_t* values, uint8_t* row) {
  const size_t run = p.size * p.element_bytes;
  const size_t plane = p.size * run;
  const size_t from = p.columns * run;
  for (size_t c = 0; c < p.channels; ++c, values += from) {
    for (size_t f = 0; f < p.frames; ++f, row += plane) std::memcpy(row + line * run, values, run);
  }
}

void CopyPixels(const PatchScatter& p, size_t line, const uint8_t* values, uint8_t* row) {
  const size_t samples = p.size * p.channels;
  row += line * samples * p.frames * p.element_bytes;
  if (p.frames == 1) {
    std::memcpy(row, values, samples * p.element_bytes);
    return;
  }
  for (size_t i = 0; i < samples; ++i, values += p.element_bytes) {
    for (size_t f = 0; f < p.frames; ++f, row += p.element_bytes) {
      std::memcpy(row, values, p.element_bytes);
    }
  }
}

}  // namespace

void ScatterPatchRow(const PatchScatter& p, size_t y, const uint8_t* values, uint8_t* out) {
  const size_t row_bytes = p.channels * p.frames * p.size * p.size * p.element_bytes;
  const size_t line = y % p.size;
  for (size_t across = 0; across < p.columns; ++across) {
    uint8_t* row = out + RowOf(p, y / p.size, across) * row_bytes;
    const size_t pixels = across * p.size * p.element_bytes;
    if (p.channels_last) {
      CopyPixels(p, line, values + pixels * p.channels, row);
    } else {
      CopyPlanes(p, line, values + pixels, row);
    }
  }
}

}  // namespace imnorm::kernels
