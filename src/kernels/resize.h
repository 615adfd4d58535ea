// The horizontal pass of Pillow and torch, its weights laid out once per (size, filter, window).
//
// How a caller that gets decoded rows in bands uses it:
//
//   columns = PrepareColumns(x_weights, in_begin, channels);     once per picture size
//   for each band:  ResampleRows(columns, band, ...)             4 rows at a time are cheapest a
//   row
//                   into a ring of (largest vertical count + band) rows, which stays in L2
//     while the ring holds every source row of output row y:
//                   BlendRows(ring rows, y_weights of y, ...)    into one row of u8, in L1
//                   MapRow(value_map, that row, ...)             into the output planes
//
// BlendRows and MapRow are not fused: the blended row is a few hundred bytes and goes through L1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "imnorm/geometry.h"
#include "kernels/target.h"

namespace imnorm::kernels {

// How a horizontal pass finds its source bytes.
enum class ColumnMethod : uint8_t {
  kTwin,    // the plain twin: no vectors here, or weights beyond what the split holds
  kWindow,  // every 16 outputs take their bytes from one window of 64 (AVX3_DL)
  kWide,    // the same with a window of 128
  kPacked,  // every 4 outputs take theirs from windows of 16
  kSpread,  // one pixel every 16-byte block: any reduction
};

// The weights of one horizontal pass, split, spread over lanes and joined with byte shuffles, in
// the order in which the kernel of one target loads them.
//
// Rules:    good for the target that was active when it was made, whatever is active later
struct PreparedColumns {
  Target target = kFallback;
  ColumnMethod method = ColumnMethod::kTwin;
  // Weights of at most 16 bits (torch's) take one product a pair of taps, others two.
  bool short_weights = false;
  int precision = AxisWeights::kPillowPrecision;
  int channels = 0;
  int in_begin = 0;
  size_t in_bytes = 0;              // of a source row: columns [in_begin, in_end)
  size_t out_bytes = 0;             // of an output row
  std::vector<int32_t> step_begin;  // [vectors + 1]: steps of each output vector
  std::vector<int32_t> offsets;     // [steps][4]: where in the source row each block is loaded
  std::vector<int32_t> halves;      // [vectors]: half steps that have weights (AVX3_DL: steps)
  std::vector<uint8_t> steps;       // [steps][step bytes]
  AxisWeights twin;                 // kTwin only; else scratch
  // Scratch of PrepareColumns.
  std::vector<int> taps;        // of each pixel, without the zeros at their end
  std::vector<uint32_t> split;  // [pixels][chunks][words of a chunk]
};

// Lays out weights for the active target.
//
// Shapes:   source rows point at column `in_begin` (<= weights.first.front()); channels 1..4
// Rules:    the second form keeps the memory that `columns` has
// Errors:   none; allocates
PreparedColumns PrepareColumns(const AxisWeights& weights, int in_begin, int channels);
void PrepareColumns(const AxisWeights& weights, int in_begin, int channels,
                    PreparedColumns* columns);

// The horizontal pass over a band of rows.
//
// Shapes:   in  u8 [rows][>= in_bytes], out u8 [rows][out_bytes]; out must not overlap in
// Numbers:  those of the plain ResampleRows, bit for bit
// Errors:   none; never allocates
// Threads:  safe on different outputs
void ResampleRows(const PreparedColumns& columns, const uint8_t* in, size_t in_stride_bytes,
                  int rows, uint8_t* out, size_t out_stride_bytes);

}  // namespace imnorm::kernels
