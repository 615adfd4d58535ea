// Holds every picture against all others.
#include "pipeline/set_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <unordered_map>

#include "statistics/near_hashes.h"

namespace imnorm {
namespace {

constexpr double kRanges = 3.0;  // interquartile ranges beyond the quartiles

// numpy's percentile of sorted values.
double Percentile(const std::vector<double>& sorted, double percent) {
  const double rank = percent / 100.0 * double(sorted.size() - 1);
  const auto low = size_t(rank);
  const size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (rank - double(low)) * (sorted[high] - sorted[low]);
}

class SetFindings {
 public:
  SetFindings(const InputList& list, const std::vector<LookedAt>& looked,
              std::vector<Finding>& findings)
      : list_(list), looked_(looked), findings_(findings) {}

  void AddOddSizes() {
    std::vector<double> sides;
    for (const LookedAt& picture : looked_) {
      if (picture.good) sides.push_back(SideOf(picture));
    }
    if (sides.size() < 2) return;
    std::sort(sides.begin(), sides.end());
    const double q1 = Percentile(sides, 25);
    const double q3 = Percentile(sides, 75);
    const double low = q1 - kRanges * (q3 - q1);
    const double high = q3 + kRanges * (q3 - q1);
    for (size_t i = 0; i < looked_.size(); ++i) {
      const LookedAt& picture = looked_[i];
      const double side = picture.good ? SideOf(picture) : low;
      if (side >= low && side <= high) continue;
      Add(FindingKind::kOddSize, i,
          fmt::format("{} x {} where most are about {:.0f} x {:.0f}", picture.width, picture.height,
                      (q1 + q3) / 2, (q1 + q3) / 2));
    }
  }

  void AddDuplicates() {
    std::unordered_map<std::string_view, size_t> first;
    for (size_t i = 0; i < looked_.size(); ++i) {
      if (!looked_[i].good) continue;
      const auto [known, fresh] = first.try_emplace(looked_[i].hash, i);
      if (!fresh) Add(FindingKind::kDuplicate, i, "the same pixels", Path(known->second));
      duplicate_.push_back(!fresh);
    }
  }

  void AddNearDuplicates(int most) {
    NearHashes hashes(most);
    std::vector<size_t> numbers;
    size_t good = 0;
    for (size_t i = 0; i < looked_.size(); ++i) {
      if (!looked_[i].good) continue;
      if (duplicate_[good++]) continue;
      const uint64_t hash = looked_[i].look.difference_hash;
      if (const auto nearest = hashes.Nearest(hash)) {
        const size_t other = numbers[size_t(*nearest)];
        Add(FindingKind::kNearDuplicate, i, BitsApart(hash, looked_[other].look.difference_hash),
            Path(other));
      }
      hashes.Add(hash);
      numbers.push_back(i);
    }
  }

  void AddLeaks(const InputList& other, const std::vector<LookedAt>& others,
                const std::optional<int>& most) {
    std::unordered_map<std::string_view, size_t> there;
    NearHashes hashes(most.value_or(0));
    std::vector<size_t> numbers;
    for (size_t i = 0; i < others.size(); ++i) {
      if (!others[i].good) continue;
      there.try_emplace(others[i].hash, i);
      if (!most) continue;
      hashes.Add(others[i].look.difference_hash);
      numbers.push_back(i);
    }
    for (size_t i = 0; i < looked_.size(); ++i) {
      if (!looked_[i].good) continue;
      const auto same = there.find(looked_[i].hash);
      if (same != there.end()) {
        Add(FindingKind::kLeak, i, "the same pixels", other.inputs[same->second].path);
        continue;
      }
      if (!most) continue;
      const uint64_t hash = looked_[i].look.difference_hash;
      if (const auto nearest = hashes.Nearest(hash)) {
        const size_t at = numbers[size_t(*nearest)];
        Add(FindingKind::kNearLeak, i, BitsApart(hash, others[at].look.difference_hash),
            other.inputs[at].path);
      }
    }
  }

  void AddCaseTwins() {
    std::map<std::string, size_t> first;
    for (size_t i = 0; i < list_.inputs.size(); ++i) {
      std::string lower = list_.inputs[i].path;
      for (char& c : lower) c = char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
      const auto [known, fresh] = first.try_emplace(std::move(lower), i);
      if (!fresh && Path(known->second) != Path(i)) {
        Add(FindingKind::kCaseTwins, i, "differs only by case", Path(known->second));
      }
    }
  }

  // Grey is worth a word only where others have colours.
  void KeepGrayAmongColours() {
    const bool colours = std::any_of(looked_.begin(), looked_.end(), [](const LookedAt& picture) {
      return picture.good && !picture.look.gray;
    });
    if (colours) return;
    std::erase_if(findings_, [](const Finding& f) { return f.kind == FindingKind::kGray; });
  }

 private:
  static double SideOf(const LookedAt& picture) {
    return std::sqrt(double(picture.width)) * std::sqrt(double(picture.height));
  }
  static std::string BitsApart(uint64_t a, uint64_t b) {
    const int bits = std::popcount(a ^ b);
    return fmt::format("{} of 64 bits apart", bits);
  }
  const std::string& Path(size_t i) const { return list_.inputs[i].path; }
  void Add(FindingKind kind, size_t i, std::string text, std::string other = "") {
    findings_.push_back({kind, i, Path(i), std::move(text), std::move(other)});
  }

  const InputList& list_;
  const std::vector<LookedAt>& looked_;
  std::vector<Finding>& findings_;
  std::vector<bool> duplicate_;  // of good pictures, in their order
};

}  // namespace

void AddSetFindings(const InputList& list, const std::vector<LookedAt>& looked,
                    const std::vector<LookedAt>& others, const VerifyOptions& options,
                    std::vector<Finding>& findings) {
  SetFindings set(list, looked, findings);
  set.KeepGrayAmongColours();
  set.AddOddSizes();
  set.AddDuplicates();
  if (options.near) set.AddNearDuplicates(*options.near);
  set.AddLeaks(options.other, others, options.near);
  set.AddCaseTwins();
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::pair(a.index, a.kind) < std::pair(b.index, b.kind);
  });
}

}  // namespace imnorm
