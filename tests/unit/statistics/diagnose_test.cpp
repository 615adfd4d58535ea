// Causes that values show, on rows made to have them.
#include "statistics/diagnose.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace imnorm {
namespace {

constexpr int64_t kHeight = 24;
constexpr int64_t kWidth = 24;
constexpr int64_t kPlane = kHeight * kWidth;

double Value(int64_t c, int64_t y, int64_t x) {
  return 0.5 + 0.3 * std::sin(0.7 * double(x) + double(c)) * std::cos(0.3 * double(y * (c + 1))) +
         0.05 * std::sin(double(37 * x + 91 * y + 13 * c));
}

// Rows of which A has `Value` and B what `other` makes of place and A's value.
template <typename Other>
std::vector<RowPair> Rows(Other other) {
  RowPair row;
  row.channels = 3;
  row.height = kHeight;
  row.width = kWidth;
  for (int64_t c = 0; c < 3; ++c) {
    for (int64_t y = 0; y < kHeight; ++y) {
      for (int64_t x = 0; x < kWidth; ++x) {
        row.a.push_back(Value(c, y, x));
        row.b.push_back(other(c, y, x));
      }
    }
  }
  return {row};
}

std::optional<Cause> CauseOf(const std::vector<RowPair>& rows) {
  const std::vector<Constants> known = {{"some", {0.48, 0.46, 0.41}, {0.23, 0.22, 0.24}}};
  const auto found =
      DiagnoseValues(rows, known, GrainOf(ElementType::kF32), GrainOf(ElementType::kF32));
  return found ? std::optional(found->cause) : std::nullopt;
}

TEST_CASE("one scale and offset a channel is told by its size", "[compare]") {
  const double mean[] = {0.48, 0.46, 0.41};
  const double std[] = {0.23, 0.22, 0.24};
  const auto once = [&](int64_t c, double value) { return (value - mean[c]) / std[c]; };
  CHECK(CauseOf(Rows([&](int64_t c, int64_t y, int64_t x) { return once(c, Value(c, y, x)); })) ==
        Cause::kNotNormalized);
  CHECK(CauseOf(Rows([](int64_t c, int64_t y, int64_t x) { return 255 * Value(c, y, x); })) ==
        Cause::kNotScaled);
  CHECK(CauseOf(Rows([](int64_t c, int64_t y, int64_t x) { return 2 * Value(c, y, x) + 3; })) ==
        Cause::kNotNormalized);  // A is on [0,1], whatever was applied in B

  auto normalized =
      Rows([&](int64_t c, int64_t y, int64_t x) { return once(c, once(c, Value(c, y, x))); });
  for (int64_t i = 0; i < 3 * kPlane; ++i) {
    normalized[0].a[size_t(i)] = once(i / kPlane, normalized[0].a[size_t(i)]);
  }
  CHECK(CauseOf(normalized) == Cause::kNormalizedTwice);
  for (int64_t i = 0; i < 3 * kPlane; ++i) {
    normalized[0].b[size_t(i)] = 0.8 * normalized[0].a[size_t(i)] + 0.1;
  }
  CHECK(CauseOf(normalized) == Cause::kOtherConstants);
  for (int64_t i = 0; i < 3 * kPlane; ++i) {
    const double unit = Value(i / kPlane, i % kPlane / kWidth, i % kWidth);
    const int64_t c = i / kPlane;
    normalized[0].b[size_t(i)] = (unit - 255 * mean[c]) / (255 * std[c]);
  }
  CHECK(CauseOf(normalized) == Cause::kConstantsOfBytes);
}

TEST_CASE("values at other places are found there", "[compare]") {
  CHECK(CauseOf(Rows([](int64_t c, int64_t y, int64_t x) { return Value(2 - c, y, x); })) ==
        Cause::kChannelOrder);
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      if (dx == 0 && dy == 0) continue;
      CHECK(CauseOf(Rows([&](int64_t c, int64_t y, int64_t x) {
              return Value(c, y + dy, x + dx);
            })) == Cause::kCropShifted);
    }
  }
  CHECK(CauseOf(Rows([](int64_t c, int64_t y, int64_t x) { return Value(c, y + 2, x); })) ==
        std::nullopt);
  for (int turn = 1; turn < 8; ++turn) {
    CHECK(CauseOf(Rows([&](int64_t c, int64_t y, int64_t x) {
            int64_t from_y = (turn & 4) != 0 ? x : y;
            int64_t from_x = (turn & 4) != 0 ? y : x;
            if ((turn & 1) != 0) from_x = kWidth - 1 - from_x;
            if ((turn & 2) != 0) from_y = kHeight - 1 - from_y;
            return Value(c, from_y, from_x);
          })) == Cause::kExifRotation);
  }
  const auto interleaved = [](int64_t c, int64_t y, int64_t x) {
    const int64_t at = c * kPlane + y * kWidth + x;
    return Value(at % 3, at / 3 / kWidth, at / 3 % kWidth);
  };
  CHECK(CauseOf(Rows(interleaved)) == Cause::kLayoutMistaken);
}

TEST_CASE("what no cause explains has none, and every row must be explained", "[compare]") {
  const auto noise = [](int64_t c, int64_t y, int64_t x) {
    return Value(c, y, x) + 0.02 * std::sin(double(1000 * x * y + 77 * c));
  };
  CHECK(CauseOf(Rows(noise)) == std::nullopt);
  CHECK(CauseOf({}) == std::nullopt);
  auto rows = Rows([](int64_t c, int64_t y, int64_t x) { return Value(2 - c, y, x); });
  rows.push_back(Rows(noise).front());
  CHECK(CauseOf(rows) == std::nullopt);
}

}  // namespace
}  // namespace imnorm
