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

// The horizontal pass over a band of rows, weights laid out anew each time (which allocates);
// resize.h does that once for many bands.
//
// Shapes:   in  u8 [rows][>= in_end - in_begin][channels], in points at column `in_begin` of the
//           picture; out u8 [rows][weights.size()][channels]; channels 1, 3 or 4
// Numbers:  out = clip8((sum(w * in) + (1 << (p - 1))) >> p), p the weights' precision
void ResampleRows(const AxisWeights& weights, int in_begin, const uint8_t* in,
                  size_t in_stride_bytes, int rows, int channels, uint8_t* out,
                  size_t out_stride_bytes);

// The weights of one output row.
struct RowTaps {
  const int32_t* weights;
  int count;
  int precision = AxisWeights::kPillowPrecision;
};

// The vertical pass for one output row: `rows[t]` is the t-th source row, n bytes each.
//
// Rules:    out must not overlap a row
// Numbers:  as ResampleRows
void BlendRows(const uint8_t* const* rows, const RowTaps& taps, size_t n, uint8_t* out);

// Spreads a row of interleaved samples into output elements through a table a channel, plainly;
// value_map.h does it fast.
//
// Shapes:   in u8 [pixels][table.channels]; kNchw: element x of channel c goes to
//           planes[c] + x * ElementBytes; kNhwc: out is interleaved, planes[0] only
// Rules:    order[c] is the input channel of output channel c (BGR: 2, 1, 0)
void MapRow(const ValueTable& table, const uint8_t* in, int pixels, const int* order, Layout layout,
            uint8_t* const* planes);

// Adds rows of interleaved u8 pixels, channels 1..4, to the sums. A band in one call is cheaper
// than row by row: each call ends with sums across lanes.
void AddSums(const uint8_t* in, size_t stride_bytes, int rows, size_t pixels, int channels,
             RowSums* sums);
void AddSums(const uint8_t* in, size_t pixels, int channels, RowSums* sums);

// Adds the cross products alone of rows of 3 channels: a histogram tells the rest.
void AddCross(const uint8_t* in, size_t stride_bytes, int rows, size_t pixels, RowSums* sums);

// Counters of a picture's histogram, several a value so that they do not wait for each other.
//
// Rules:    begins as zeros; flush before 1 << 32 pixels
struct HistogramTables {
  static constexpr size_t kBlockPixels = 1024;
  // By channel, where vectors are counted; at 8 * k + 7 are all of the values from 8 * k on.
  alignas(64) uint64_t lanes[3][256][8] = {};
  uint8_t rest[3 * (kBlockPixels + 64)] = {};  // there too: pixels that make no block yet
  uint32_t counts[4][3][256] = {};             // elsewhere, by pixel % 4
  size_t rest_bytes = 0;
  bool lanes_used = false, counts_used = false;
};

// Adds rows of 1 or 3 channels to the counters, and their cross products to the sums.
void AddHistogram(const uint8_t* in, size_t stride_bytes, int rows, size_t pixels, int channels,
                  HistogramTables* tables, RowSums* sums);

// Moves the counters into histogram[channel * 256 + value] and clears them; the sums then have the
// cross products of all pixels.
void FlushHistogram(HistogramTables* tables, int channels, uint64_t* histogram, RowSums* sums);

// Forgets what was added.
void ClearHistogram(HistogramTables* tables);

namespace reference {
void ResampleRows(const AxisWeights& weights, int in_begin, const uint8_t* in,
                  size_t in_stride_bytes, int rows, int channels, uint8_t* out,
                  size_t out_stride_bytes);
void BlendRows(const uint8_t* const* rows, const RowTaps& taps, size_t n, uint8_t* out);
void MapRow(const ValueTable& table, const uint8_t* in, int pixels, const int* order, Layout layout,
            uint8_t* const* planes);
void AddSums(const uint8_t* in, size_t pixels, int channels, RowSums* sums);
void AddHistogram(const uint8_t* in, size_t pixels, int channels, uint64_t* histogram);
}  // namespace reference

}  // namespace imnorm::kernels
