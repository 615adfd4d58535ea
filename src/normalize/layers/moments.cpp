// Moments: mean and variance that survive any offset of the data.
#include "imnorm/layers.h"

namespace imnorm {
namespace {

__extension__ typedef unsigned __int128 Wide;

// a + b as a rounded sum and what rounding lost (Knuth's TwoSum; exact).
Moments::Mean ExactSum(double a, double b) {
  const double sum = a + b;
  const double b_seen = sum - a;
  return {sum, (a - (sum - b_seen)) + (b - b_seen)};
}

}  // namespace

Moments::Moments(double count, double mean_high, double mean_low, double squared_deviations)
    : count_(count), squared_(squared_deviations) {
  const Mean mean = ExactSum(mean_high, mean_low);
  mean_high_ = mean.high;
  mean_low_ = mean.low;
}

Moments Moments::OfIntegers(uint64_t count, uint64_t sum, uint64_t sum_squares) {
  Moments moments;
  moments.integers_ = true;
  moments.count_ = double(count);
  moments.sum_ = sum;
  moments.sum_squares_ = {0, sum_squares};
  return moments;
}

void Moments::Merge(const Moments& more) {
  if (more.count_ == 0) return;
  if (count_ == 0) {
    *this = more;
    return;
  }
  if (integers_) {
    count_ += more.count_;
    sum_ += more.sum_;
    const Squares added = more.sum_squares_;  // which may be these
    sum_squares_.low += added.low;
    sum_squares_.high += added.high + (sum_squares_.low < added.low ? 1 : 0);
    return;
  }
  // Chan, Golub and LeVeque 1979: every term of the squares is positive, so nothing cancels.
  const double total = count_ + more.count_;
  const double apart = (more.mean_high_ - mean_high_) + (more.mean_low_ - mean_low_);
  Mean mean = ExactSum(mean_high_, apart * (more.count_ / total));
  mean = ExactSum(mean.high, mean.low + mean_low_);
  squared_ += more.squared_ + apart * apart * (count_ * (more.count_ / total));
  mean_high_ = mean.high;
  mean_low_ = mean.low;
  count_ = total;
}

Moments::Mean Moments::mean() const {
  if (!integers_) return {mean_high_, mean_low_};
  const auto count = uint64_t(count_);
  return ExactSum(double(sum_ / count), double(sum_ % count) / count_);
}

double Moments::squared_deviations() const {
  if (!integers_) return squared_;
  // Below 2^128: count < 2^52 bytes, so count * sum_squares < 2^(52 + 52 + 16).
  const Wide squares = Wide{sum_squares_.high} << 64 | sum_squares_.low;
  return double(Wide(count_) * squares - Wide{sum_} * sum_) / count_;
}

double Moments::variance() const { return squared_deviations() / count_; }

double Moments::unbiased_variance() const { return squared_deviations() / (count_ - 1.0); }

}  // namespace imnorm
