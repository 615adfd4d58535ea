// Two rows of values, place by place.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "imnorm/compare.h"

namespace imnorm {

// A row as it was read: dense elements, and where its channels lie.
struct ComparedRow {
  ElementType type = ElementType::kF32;
  std::vector<int64_t> shape;  // of three axes with channels: (C,H,W) or, `channels_last`, (H,W,C)
  bool channels_last = false;
  std::vector<uint8_t> elements;
};

// A row's values in the order (C,H,W); rows of other ranks as they are.
void ValuesInOrder(const ComparedRow& row, std::vector<double>* values);

// The shape that goes with it.
std::vector<int64_t> OrderedShape(const ComparedRow& row);

struct PlaceInRow {
  uint64_t at = 0;  // in the order of the values
  double a = 0.0;
  double b = 0.0;
};

// The differences of one row.
struct RowDifference {
  bool same_shape = true;
  uint64_t values = 0;
  uint64_t finite = 0;  // both
  uint64_t different = 0;
  uint64_t not_finite = 0;
  double sum_abs = 0.0;
  double max_abs = -1.0;  // below 0: no two finite values
  double a_a = 0.0, a_b = 0.0, b_b = 0.0;
  uint64_t max_ulp = 0;
  std::optional<PlaceInRow> first, worst;
  std::vector<ChannelDifference> channels;  // bias and mean_abs are still sums
};

// Compares rows of one shape; adds to `ulp` and reuses the buffers of `scratch`.
//
// Numbers:  sums in double, in the order of the values: the same on every run. Distances in
//           representable values are those of the elements' type where both have one, else of
//           float32; of integers their difference
struct DifferenceScratch {
  std::vector<double> a, b;
};
RowDifference CompareRows(const ComparedRow& a, const ComparedRow& b, const Tolerance& tolerance,
                          UlpCounts& ulp, DifferenceScratch& scratch);

}  // namespace imnorm
