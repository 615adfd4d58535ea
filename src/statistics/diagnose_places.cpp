// The same values at other places: another layout, a shift, a turn.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "statistics/diagnose.h"

namespace imnorm {
namespace {

// Where the value of B at a place is looked up in A; none: outside.
struct Lookup {
  int dx = 0, dy = 0;
  bool transposed = false, mirrored_x = false, mirrored_y = false;

  bool turns() const { return transposed || mirrored_x || mirrored_y; }
};

// Root of the mean square of what differs under a lookup.
double Left(const RowPair& row, const Lookup& lookup) {
  const int64_t h = row.height;
  const int64_t w = row.width;
  double sum = 0;
  uint64_t count = 0;
  for (int64_t c = 0; c < row.channels; ++c) {
    const double* a = row.a.data() + c * h * w;
    const double* b = row.b.data() + c * h * w;
    for (int64_t y = 0; y < h; ++y) {
      for (int64_t x = 0; x < w; ++x) {
        int64_t from_y = lookup.transposed ? x : y;
        int64_t from_x = lookup.transposed ? y : x;
        if (lookup.mirrored_y) from_y = h - 1 - from_y;
        if (lookup.mirrored_x) from_x = w - 1 - from_x;
        from_y += lookup.dy;
        from_x += lookup.dx;
        if (from_y < 0 || from_y >= h || from_x < 0 || from_x >= w) continue;
        const double d = b[y * w + x] - a[from_y * w + from_x];
        sum += d * d;
        ++count;
      }
    }
  }
  return count == 0 ? INFINITY : std::sqrt(sum / double(count));
}

double Spread(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / double(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / double(values.size()));
}

// `pixels` [plane][channels] against `planes` [channels][plane], read in the order they lie in.
double LeftInterleaved(const std::vector<double>& planes, const std::vector<double>& pixels,
                       int64_t channels) {
  const auto n = size_t(channels);
  const size_t plane = planes.size() / n;
  double sum = 0;
  for (size_t i = 0; i < plane; ++i) {
    for (size_t c = 0; c < n; ++c) {
      const double d = pixels[i * n + c] - planes[c * plane + i];
      sum += d * d;
    }
  }
  return std::sqrt(sum / double(planes.size()));
}

// How much of a row's spread may be left, and of what differs before.
struct Bounds {
  double of_spread;
  double of_difference;

  bool Hold(double left, double before, double spread) const {
    return left <= of_spread * spread && left <= of_difference * before;
  }
};

constexpr Bounds kEqual = {1e-3, 0.05};
// A turned picture is resized to the mirror of the same pixels up to a level here and there.
constexpr Bounds kAlike = {0.03, 0.2};

std::vector<Lookup> Shifts(Lookup lookup, bool middle) {
  std::vector<Lookup> shifts;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      if (!middle && dx == 0 && dy == 0) continue;
      lookup.dx = dx;
      lookup.dy = dy;
      shifts.push_back(lookup);
    }
  }
  return shifts;
}

// The best of the lookups, if it explains the row.
std::optional<Lookup> Explain(const RowPair& row, const std::vector<Lookup>& lookups,
                              const Bounds& bounds) {
  const double before = Left(row, {});
  const double spread = Spread(row.a);
  std::optional<Lookup> best;
  double least = INFINITY;
  for (const Lookup& lookup : lookups) {
    const double left = Left(row, lookup);
    if (left < least && bounds.Hold(left, before, spread)) {
      least = left;
      best = lookup;
    }
  }
  return best;
}

// EXIF's other seven orientations; those that swap the sides only of squares.
std::vector<Lookup> Turns(const RowPair& row) {
  std::vector<Lookup> turns;
  for (const bool transposed : {false, true}) {
    if (transposed && row.width != row.height) continue;
    for (const bool x : {false, true}) {
      for (const bool y : {false, true}) {
        Lookup lookup;
        lookup.transposed = transposed;
        lookup.mirrored_x = x;
        lookup.mirrored_y = y;
        if (!lookup.turns()) continue;
        for (const Lookup& shifted : Shifts(lookup, /*middle=*/true)) turns.push_back(shifted);
      }
    }
  }
  return turns;
}

std::string TurnName(const Lookup& turn) {
  if (!turn.transposed) {
    if (turn.mirrored_x && turn.mirrored_y) return "turned by 180 degrees";
    return turn.mirrored_x ? "mirrored left to right" : "mirrored top to bottom";
  }
  if (turn.mirrored_x != turn.mirrored_y) return "turned by 90 degrees";
  return "mirrored along a diagonal";
}

std::optional<Diagnosis> DiagnoseLayout(const std::vector<RowPair>& rows) {
  bool b_is = true;
  bool a_is = true;
  for (const RowPair& row : rows) {
    if (row.channels < 2) return std::nullopt;
    const double before = Left(row, {});
    const double spread = Spread(row.a);
    b_is = b_is && kEqual.Hold(LeftInterleaved(row.a, row.b, row.channels), before, spread);
    a_is = a_is && kEqual.Hold(LeftInterleaved(row.b, row.a, row.channels), before, spread);
  }
  if (!a_is && !b_is) return std::nullopt;
  return Diagnosis{Cause::kLayoutMistaken,
                   fmt::format("the values of {} lie in the order (H,W,C) and are read as (C,H,W): "
                               "reshaped where they should have been transposed",
                               b_is ? "B" : "A")};
}

std::optional<Diagnosis> DiagnoseShift(const std::vector<RowPair>& rows) {
  std::optional<Lookup> shown;
  for (const RowPair& row : rows) {
    shown = Explain(row, Shifts({}, /*middle=*/false), kEqual);
    if (!shown) return std::nullopt;
  }
  return Diagnosis{Cause::kCropShifted,
                   fmt::format("the crop is off by one: what B has at (y, x) stands in A at (y{}, "
                               "x{})",
                               shown->dy == 0 ? "" : fmt::format("{:+d}", shown->dy),
                               shown->dx == 0 ? "" : fmt::format("{:+d}", shown->dx))};
}

std::optional<Diagnosis> DiagnoseTurn(const std::vector<RowPair>& rows) {
  std::optional<Lookup> shown;
  for (const RowPair& row : rows) {
    shown = Explain(row, Turns(row), kAlike);
    if (!shown) return std::nullopt;
  }
  return Diagnosis{Cause::kExifRotation,
                   fmt::format("B is A {}: the orientation that EXIF asks for is applied on one "
                               "side only",
                               TurnName(*shown))};
}

}  // namespace

std::optional<Diagnosis> DiagnosePlaces(const std::vector<RowPair>& rows) {
  for (const auto diagnose : {DiagnoseLayout, DiagnoseShift, DiagnoseTurn}) {
    if (auto found = diagnose(rows)) return found;
  }
  return std::nullopt;
}

}  // namespace imnorm
