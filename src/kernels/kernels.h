// The inner loops, each with a plain twin in reference.cpp that judges it.
//
// Raw pointers and integers only. None allocates, fails or throws. Every function gives the same
// bytes on every CPU and target. reference::X is the plain twin of X.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/geometry.h"
#include "imnorm/values.h"

namespace imnorm::kernels {

// Sums of interleaved u8 rows. `cross` holds the products of channel pairs (0,1), (0,2), (1,2).
//
// Numbers:  exact in 64 bits up to 2.8e14 pixels
struct RowSums {
  uint64_t sum[4] = {};
  uint64_t sum_squares[4] = {};
  uint64_t cross[3] = {};
  uint8_t min[4] = {255, 255, 255, 255};
  uint8_t max[4] = {0, 0, 0, 0};
};

// Pillow's horizontal pass over a band of rows.
//
// Shapes:   in  u8 [rows][>= in_end - in_begin][channels], in points at column `in_begin` of the
//           picture; out u8 [rows][weights.size()][channels]; channels 1, 3 or 4
// Numbers:  out = clip8((sum(w * in) + (1 << 21)) >> 22)
void ResampleRows(const AxisWeights& weights, int in_begin, const uint8_t* in,
                  size_t in_stride_bytes, int rows, int channels, uint8_t* out,
                  size_t out_stride_bytes);

// Pillow's vertical pass for one output row: `rows[t]` is the t-th source row, n bytes each.
void BlendRows(const uint8_t* const* rows, const int32_t* weights, int taps, size_t n,
               uint8_t* out);

// Spreads a row of interleaved samples into output elements through a table a channel.
//
// Shapes:   in u8 [pixels][table.channels]; kNchw: element x of channel c goes to
//           planes[c] + x * DTypeBytes; kNhwc: out is interleaved, planes[0] only
// Rules:    order[c] is the input channel of output channel c (BGR: 2, 1, 0)
void MapRow(const ValueTable& table, const uint8_t* in, int pixels, const int* order,
            Layout layout, uint8_t* const* planes);

// Adds a row of interleaved u8 pixels, channels 1..4, to the sums.
void AddSums(const uint8_t* in, size_t pixels, int channels, RowSums* sums);

// Adds a row to histograms: histogram[channel * 256 + value].
void AddHistogram(const uint8_t* in, size_t pixels, int channels, uint64_t* histogram);

namespace reference {
void ResampleRows(const AxisWeights& weights, int in_begin, const uint8_t* in,
                  size_t in_stride_bytes, int rows, int channels, uint8_t* out,
                  size_t out_stride_bytes);
void BlendRows(const uint8_t* const* rows, const int32_t* weights, int taps, size_t n,
               uint8_t* out);
void MapRow(const ValueTable& table, const uint8_t* in, int pixels, const int* order,
            Layout layout, uint8_t* const* planes);
void AddSums(const uint8_t* in, size_t pixels, int channels, RowSums* sums);
void AddHistogram(const uint8_t* in, size_t pixels, int channels, uint64_t* histogram);
}  // namespace reference

}  // namespace imnorm::kernels
