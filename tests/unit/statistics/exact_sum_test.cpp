#include "imnorm/exact_sum.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cfloat>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "statistics/dyadic.h"

namespace imnorm {
namespace {

std::string Decimal(const ExactSum& sum) { return sum.ToText(true); }

double RandomDouble(std::mt19937_64* random) {
  for (;;) {
    const uint64_t bits = (*random)();
    double value;
    memcpy(&value, &bits, sizeof value);
    if (std::isfinite(value)) return value;
  }
}

}  // namespace

TEST_CASE("integer sums carry past 64 and past 128 bits", "[statistics]") {
  ExactSum sum;
  sum.Add(UINT64_MAX);
  CHECK(Decimal(sum) == "18446744073709551615");
  sum.Add(uint64_t{1});
  CHECK(Decimal(sum) == "18446744073709551616");
  ExactSum product;
  product.AddProduct(UINT64_MAX, UINT64_MAX);
  CHECK(Decimal(product) == "340282366920938463426481119284349108225");
  product.AddProduct(UINT64_MAX, uint64_t{2});
  CHECK(Decimal(product) == "340282366920938463463374607431768211455");  // 2^128 - 1
  product.Add(uint64_t{1});
  CHECK(Decimal(product) == "340282366920938463463374607431768211456");
}

TEST_CASE("doubling a sum a hundred times shifts it by a hundred bits", "[statistics]") {
  ExactSum sum;
  sum.Add(uint64_t{3});
  for (int i = 0; i < 100; ++i) {
    const ExactSum copy = sum;
    sum.Add(copy);
  }
  CHECK(Decimal(sum) == "3802951800684688204490109616128");  // 3 * 2^100
}

TEST_CASE("100000 pictures of 4000 x 3000 at 255 do not overflow", "[statistics]") {
  constexpr uint64_t kPixels = 4000 * 3000;
  ExactSum sum, squares, squares_of_squares;
  for (int i = 0; i < 100000; ++i) {
    sum.Add(kPixels * 255);
    squares.Add(kPixels * 255 * 255);
    squares_of_squares.AddProduct(kPixels * 255 * 255, kPixels * 255 * 255);
  }
  CHECK(Decimal(sum) == "306000000000000");
  CHECK(Decimal(squares) == "78030000000000000");
  CHECK(Decimal(squares_of_squares) == "60886809000000000000000000000");
}

TEST_CASE("the sum of doubles is exact in any order", "[statistics]") {
  std::vector<double> values = {1e16, 1e-3, -1e16, 5e-324, DBL_MAX, -DBL_MAX, 0.1, -0.0, 2.5e-3};
  const auto text = [&] {
    ExactSum sum;
    for (double value : values) sum.Add(value);
    return sum.ToText(false);
  };
  const std::string first = text();
  std::mt19937 random(1);
  for (int i = 0; i < 50; ++i) {
    std::shuffle(values.begin(), values.end(), random);
    CHECK(text() == first);
  }
  ExactSum sum;
  for (double value : values) sum.Add(value);
  CHECK(sum.Rounded() == 0.10350000000000001);  // as math.fsum of Python
}

TEST_CASE("adding and taking away random doubles leaves nothing", "[statistics]") {
  std::mt19937_64 random(2);
  ExactSum sum;
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) {
    values.push_back(RandomDouble(&random));
    sum.Add(values.back());
    sum.AddProduct(values.back(), values[size_t(i / 2)]);
  }
  CHECK_FALSE(sum.IsZero());
  for (int i = 0; i < 2000; ++i) {
    sum.Add(-values[size_t(i)]);
    sum.AddProduct(-values[size_t(i)], values[size_t(i / 2)]);
  }
  CHECK(sum.IsZero());
  CHECK(sum.ToText(false) == "0");
}

TEST_CASE("a single double and a single product survive the sum", "[statistics]") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 2000; ++i) {
    const double a = RandomDouble(&random), b = RandomDouble(&random);
    ExactSum single, product;
    single.Add(a);
    product.AddProduct(a, b);
    CHECK(single.Rounded() == a);
    CHECK(product.Rounded() == a * b);  // IEEE rounds the exact product once, too
  }
}

TEST_CASE("the sum of two doubles rounds as hardware does", "[statistics]") {
  std::mt19937_64 random(4);
  for (int i = 0; i < 3000; ++i) {
    const double a = RandomDouble(&random);
    // Exponents at most 80 apart, so that most pairs overlap; sums beyond the range stay out.
    const double b = std::ldexp(a, int(random() % 80) - 80) * double(random() % 1000) / 3;
    if (!std::isfinite(a - b)) continue;
    ExactSum sum;
    sum.Add(a);
    sum.Add(-b);
    CHECK(sum.Rounded() == a - b);
  }
}

TEST_CASE("sums split in any way add up to the same", "[statistics]") {
  std::mt19937_64 random(5);
  ExactSum whole, parts[7];
  for (int i = 0; i < 500; ++i) {
    const double value = RandomDouble(&random);
    whole.Add(value);
    parts[random() % 7].Add(value);
  }
  ExactSum sum;
  for (int i : {3, 1, 6, 0, 5, 2, 4}) sum.Add(parts[i]);
  CHECK(sum.ToText(false) == whole.ToText(false));
}

TEST_CASE("the text of a sum reads back as the same sum", "[statistics]") {
  std::mt19937_64 random(6);
  for (int i = 0; i < 300; ++i) {
    ExactSum sum;
    for (int j = 0; j < i % 5; ++j) sum.AddProduct(RandomDouble(&random), RandomDouble(&random));
    sum.Add(random());
    for (bool integer : {false, true}) {
      const std::string text = sum.ToText(integer);
      const Result<ExactSum> back = ExactSum::FromText(text);
      REQUIRE(back);
      CHECK(back->ToText(integer) == text);
      ExactSum difference = *back;
      difference.Add(sum);
      difference.Add(sum);
      CHECK(Dyadic(difference).Reduced().mantissa() ==
            (Dyadic(sum) * Dyadic(uint64_t{3})).Reduced().mantissa());
    }
  }
  CHECK(ExactSum::FromText("-1a3p-52")->Rounded() == -0x1a3p-52);
  CHECK(ExactSum::FromText("-12")->Rounded() == -12);
  CHECK(ExactSum::FromText("0")->IsZero());
}

TEST_CASE("text that is no sum is refused", "[statistics]") {
  for (const char* text : {"", "-", "p", "1p", "p1", "0x1p3", "1.5", "1e5", "1ap-52x", "+3",
                           "1p99999999999", "1p2300", "1p-2300", " 1", "nan"}) {
    INFO(text);
    CHECK_FALSE(ExactSum::FromText(text));
  }
  CHECK_FALSE(ExactSum::FromText(std::string(3000, '9')));
}

TEST_CASE("many additions before a carry keep every bit", "[.slow][statistics]") {
  ExactSum sum;
  constexpr uint64_t kTimes = (uint64_t{1} << 28) + 1000;  // past the point where carries are made
  for (uint64_t i = 0; i < kTimes; ++i) sum.Add(UINT64_MAX);
  CHECK(Decimal(sum) == (BigInteger(UINT64_MAX) * BigInteger(kTimes)).ToDecimal());
}

}  // namespace imnorm
