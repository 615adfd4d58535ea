#include "statistics/dyadic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

namespace imnorm {
namespace {

double RandomPositive(std::mt19937_64* random) {
  for (;;) {
    const uint64_t bits = (*random)() >> 1;
    double value;
    memcpy(&value, &bits, sizeof value);
    if (std::isfinite(value) && value > 0) return value;
  }
}

}  // namespace

TEST_CASE("a ratio of two doubles rounds as the hardware's division does", "[statistics]") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 5000; ++i) {
    const double a = RandomPositive(&random), b = RandomPositive(&random);
    CHECK(RoundRatio(Dyadic(a), Dyadic(b)) == a / b);
    CHECK(RoundRatio(Dyadic(-a), Dyadic(b)) == -a / b);
  }
}

TEST_CASE("small integers divide as the hardware does, ties included", "[statistics]") {
  for (uint64_t a = 1; a < 70; ++a) {
    for (uint64_t b = 1; b < 70; ++b) {
      CHECK(RoundRatio(Dyadic(a), Dyadic(b)) == double(a) / double(b));
    }
  }
  // Ties: 2^53 + 1 goes down to even, 2^53 + 3 goes up to even.
  const Dyadic one(uint64_t{1});
  CHECK(RoundRatio(Dyadic((uint64_t{1} << 53) + 1), one) == 0x1p53);
  CHECK(RoundRatio(Dyadic((uint64_t{1} << 53) + 3), one) == 0x1p53 + 4);
  // The least bit beyond a tie decides it.
  const Dyadic hair = Dyadic(0x1p-1000);
  CHECK(RoundRatio(Dyadic((uint64_t{1} << 53) + 1) + hair, one) == 0x1p53 + 2);
}

TEST_CASE("results below the smallest normal double round once", "[statistics]") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 3000; ++i) {
    const double a = RandomPositive(&random);
    const double b = std::ldexp(1 + double(random() >> 12) * 0x1p-52, 1000);
    CHECK(RoundRatio(Dyadic(a), Dyadic(b)) == a / b);
  }
  const Dyadic tiny(5e-324), two(uint64_t{2}), three(uint64_t{3});
  CHECK(RoundRatio(tiny, two) == 0.0);             // a tie, to even
  CHECK(RoundRatio(tiny * three, two) == 1e-323);  // 1.5 units, to even
  CHECK(RoundRatio(tiny * three, Dyadic(uint64_t{4})) == 5e-324);
  CHECK(RoundRatio(tiny, Dyadic(1e300)) == 0.0);
}

TEST_CASE("a result beyond the largest double is infinite", "[statistics]") {
  CHECK(RoundRatio(Dyadic(1e300) * Dyadic(1e300), Dyadic(uint64_t{1})) ==
        std::numeric_limits<double>::infinity());
}

TEST_CASE("square roots round as the hardware's do", "[statistics]") {
  std::mt19937_64 random(3);
  const Dyadic one(uint64_t{1});
  for (int i = 0; i < 5000; ++i) {
    const double a = RandomPositive(&random);
    CHECK(RoundSqrtRatio(Dyadic(a), one) == std::sqrt(a));
    CHECK(RoundSqrtRatio(Dyadic(a) * Dyadic(a), one) == a);
  }
  for (uint64_t i = 0; i < 200; ++i) {
    CHECK(RoundSqrtRatio(Dyadic(i), one) == std::sqrt(double(i)));
    CHECK(RoundSqrtRatio(Dyadic(i * i), Dyadic(uint64_t{49})) == double(i) / 7);
  }
}

TEST_CASE("integers of any size print and read back", "[statistics]") {
  BigInteger value(uint64_t{1}), back;
  for (uint64_t i = 1; i <= 30; ++i) value = value * BigInteger(i);
  CHECK(value.ToDecimal() == "265252859812191058636308480000000");  // 30!
  REQUIRE(BigInteger::FromDecimal("-265252859812191058636308480000000", &back));
  CHECK(back == -value);
  CHECK((back + value).IsZero());
  CHECK_FALSE((back + value).negative());
  REQUIRE(BigInteger::FromHex(value.ToHex(), &back));
  CHECK(back == value);
  CHECK(BigInteger(uint64_t{1000000000}).ToDecimal() == "1000000000");
  CHECK((value - value.ShiftedLeft(64)).ShiftedRight(3).ToHex()[0] == '-');
}

}  // namespace imnorm
