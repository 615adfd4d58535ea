// Pictures are added to the whole and to their class.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "imnorm/statistics.h"
#include "statistics/moments.h"
#include "statistics/names.h"

namespace imnorm {
namespace {

Result<void> CheckChannels(int channels, const StatsSettings& settings) {
  if (channels == settings.channels) return {};
  return Fail(ErrorCode::kUnsupported,
              fmt::format("{} channels, where {} are measured", channels, settings.channels));
}

// The usual percentiles and the others asked for, ascending, each once.
std::vector<double> AllPercentiles(std::vector<double> asked) {
  asked.insert(asked.end(), {1, 5, 25, 50, 75, 95, 99});
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return asked;
}

}  // namespace

Totals::Totals(StatsSettings settings, ShardSet shards)
    : settings_(std::move(settings)),
      shards_(std::move(shards)),
      moments_(std::make_unique<GroupMoments>()),
      sizes_(std::make_unique<SizeCounts>()) {
  settings_.plan = CompactPlan(settings_.plan);
  if (settings_.histogram) settings_.percentiles = AllPercentiles(settings_.percentiles);
  moments_->Reset(settings_, settings_.histogram);
  for (auto* counts :
       {&nonfinite_.nan, &nonfinite_.positive_infinity, &nonfinite_.negative_infinity}) {
    counts->resize(size_t(settings_.channels));
  }
}

Totals::Totals(const Totals& other)
    : settings_(other.settings_),
      shards_(other.shards_),
      failed_(other.failed_),
      nonfinite_(other.nonfinite_),
      notes_(other.notes_),
      moments_(std::make_unique<GroupMoments>(*other.moments_)),
      sizes_(std::make_unique<SizeCounts>(*other.sizes_)),
      classes_(other.classes_) {}

Totals::Totals(Totals&&) noexcept = default;

Totals& Totals::operator=(Totals other) noexcept {
  settings_ = std::move(other.settings_);
  shards_ = std::move(other.shards_);
  failed_ = std::move(other.failed_);
  nonfinite_ = std::move(other.nonfinite_);
  notes_ = other.notes_;
  moments_ = std::move(other.moments_);
  sizes_ = std::move(other.sizes_);
  classes_ = std::move(other.classes_);
  return *this;
}

Totals::~Totals() = default;

uint64_t Totals::images() const { return moments_->images; }

GroupMoments& Totals::ClassOf(std::string_view name) {
  auto place = classes_.find(name);
  if (place == classes_.end()) {
    place = classes_.emplace(name, GroupMoments()).first;
    place->second.Reset(settings_, false);
  }
  return place->second;
}

Result<void> Totals::Add(const PictureSums& picture, std::string_view class_name) {
  if (Result<void> same = CheckChannels(picture.channels, settings_); !same) return same;
  if (settings_.samples == SampleKind::kFloat) {
    return Fail(ErrorCode::kUnsupported, "integer samples, where floats are measured");
  }
  if (settings_.samples == SampleKind::kU8 && picture.levels != 256) {
    return Fail(ErrorCode::kUnsupported, "16-bit samples, where 8-bit ones are measured");
  }
  [[maybe_unused]] const size_t count = size_t(picture.channels);
  assert(picture.sum.size() == count && picture.sum_squares.size() == count);
  assert(picture.min.size() == count && picture.max.size() == count);
  assert(!settings_.cross || picture.cross.size() == count * (count - 1) / 2);
  assert(!settings_.histogram || picture.histogram.size() == count * size_t(picture.levels));
  moments_->Add(picture, settings_);
  sizes_->Add(picture.width, picture.height);
  if (settings_.per_class) ClassOf(class_name).Add(picture, settings_);
  return {};
}

Result<void> Totals::Add(const FloatSums& picture, uint64_t index, std::string_view path,
                         std::string_view class_name) {
  if (Result<void> same = CheckChannels(picture.channels, settings_); !same) return same;
  if (settings_.samples != SampleKind::kFloat) {
    return Fail(ErrorCode::kUnsupported, "float samples, where integers are measured");
  }
  for (const ExactSum& squares : picture.sum_squares) {
    if (std::isfinite(squares.Rounded())) continue;
    return Fail(ErrorCode::kUnsupported, "values whose squares are beyond the range of a double");
  }
  moments_->Add(picture, settings_);
  sizes_->Add(picture.width, picture.height);
  if (settings_.per_class) ClassOf(class_name).Add(picture, settings_);
  if (picture.nonfinite_pixels == 0) return {};
  NonfiniteCounts counts;
  counts.inputs = 1;
  counts.pixels = picture.nonfinite_pixels;
  counts.nan = picture.nan;
  counts.positive_infinity = picture.positive_infinity;
  counts.negative_infinity = picture.negative_infinity;
  counts.first = {{index, std::string(path), picture.nonfinite_pixels}};
  AddNonfinite(counts, &nonfinite_);
  return {};
}

void Totals::AddFailure(uint64_t index, std::string path, std::string reason) {
  StatsFailure failure{index, std::move(path), std::move(reason)};
  const auto place = std::upper_bound(
      failed_.begin(), failed_.end(), failure,
      [](const StatsFailure& a, const StatsFailure& b) { return a.index < b.index; });
  failed_.insert(place, std::move(failure));
}

}  // namespace imnorm
