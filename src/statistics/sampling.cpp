// Draws a repeatable sample of a list.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "imnorm/statistics.h"
#include "statistics/big_integer.h"
#include "statistics/summary.h"

namespace imnorm {
namespace {

class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // One of 0 .. bound - 1, each as likely as the others.
  uint64_t Below(uint64_t bound) {
    const uint64_t overhang = (0 - bound) % bound;
    for (;;) {
      const Wide product = Wide(Next()) * bound;
      if (uint64_t(product) >= overhang) return uint64_t(product >> 64);
    }
  }

 private:
  uint64_t state_;
};

// The first `count` places of the shuffled order. Places that were never swapped hold themselves,
// so only the swapped ones are kept: memory follows the sample, not the list.
std::vector<uint64_t> FirstShuffled(uint64_t entries, uint64_t count, uint64_t seed) {
  SplitMix64 random(seed);
  std::unordered_map<uint64_t, uint64_t> moved;
  const auto at = [&](uint64_t place) {
    const auto found = moved.find(place);
    return found == moved.end() ? place : found->second;
  };
  std::vector<uint64_t> out;
  out.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t place = i + random.Below(entries - i);
    out.push_back(at(place));
    moved[place] = at(i);
    moved.erase(i);
  }
  return out;
}

bool Within(MaybeNumber error, MaybeNumber value, double rel) {
  return error && value && *error <= rel * std::fabs(*value);
}

uint64_t LookAfter(uint64_t images) { return images + std::max<uint64_t>(1, images / 20); }

}  // namespace

std::vector<uint64_t> RandomOrder(uint64_t entries, uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<uint64_t> out(entries);
  std::iota(out.begin(), out.end(), uint64_t{0});
  for (uint64_t i = 0; i < entries; ++i) std::swap(out[i], out[i + random.Below(entries - i)]);
  return out;
}

std::vector<uint64_t> SampleOf(uint64_t entries, uint64_t count, uint64_t seed) {
  std::vector<uint64_t> out = FirstShuffled(entries, std::min(count, entries), seed);
  std::sort(out.begin(), out.end());
  return out;
}

bool StopRule::WasReached(const Totals& totals) {
  while (next_look_ < totals.images()) next_look_ = LookAfter(next_look_);
  return Reached(totals);
}

bool StopRule::Reached(const Totals& totals) {
  if (totals.images() < next_look_) return false;
  next_look_ = LookAfter(totals.images());
  const Summary summary =
      Summarize(totals.moments(), totals.settings(), totals.images() + totals.failed().size());
  for (size_t c = 0; c < summary.mean.size(); ++c) {
    if (!Within(summary.mean_error[c], summary.mean[c], relative_error_)) return false;
    if (!Within(summary.std_error[c], summary.std[c], relative_error_)) return false;
  }
  return true;
}

}  // namespace imnorm
