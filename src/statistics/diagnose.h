// Causes of differences that values alone show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/compare.h"

namespace imnorm {

// Two rows of one shape whose values differ; all values are finite.
//
// Shapes:   a, b [channels][height][width]
struct RowPair {
  std::vector<double> a, b;
  int64_t channels = 1;
  int64_t height = 1;
  int64_t width = 1;
};

// A mean and std that somebody uses, on the [0,1] scale.
struct Constants {
  std::string name;  // of a preset; "" for those of a side's plan
  std::vector<double> mean, std;
};

// How coarse a side's values are: neighbours are max(absolute, relative * |value|) apart.
struct Grain {
  double absolute = 0.0;
  double relative = 0.0;
};
Grain GrainOf(ElementType type);

// What a difference in values comes from, if one cause explains all rows; none where none does.
//
// Rules:    looks for channels in reverse order; for one scale and offset a channel, which it tells
//           by their size and by the ranges of both sides; for elements in another layout; for a
//           shift by a pixel; for a turn or mirror
std::optional<Diagnosis> DiagnoseValues(const std::vector<RowPair>& rows,
                                        const std::vector<Constants>& known, const Grain& a,
                                        const Grain& b);

// The parts of it.
std::optional<Diagnosis> DiagnoseScales(const std::vector<RowPair>& rows,
                                        const std::vector<Constants>& known, const Grain& a,
                                        const Grain& b);
std::optional<Diagnosis> DiagnosePlaces(const std::vector<RowPair>& rows);

}  // namespace imnorm
