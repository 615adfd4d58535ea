#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "imnorm/statistics.h"
#include "statistics/moments.h"

namespace imnorm {

Totals::Totals(StatsSettings settings, ShardSet shards)
    : settings_(std::move(settings)),
      shards_(std::move(shards)),
      moments_(std::make_unique<Moments>()),
      sizes_(std::make_unique<SizeCounts>()) {
  moments_->Reset(settings_, settings_.histogram);
}

Totals::Totals(const Totals& other)
    : settings_(other.settings_),
      shards_(other.shards_),
      failed_(other.failed_),
      moments_(std::make_unique<Moments>(*other.moments_)),
      sizes_(std::make_unique<SizeCounts>(*other.sizes_)),
      classes_(other.classes_) {}

Totals::Totals(Totals&&) noexcept = default;

Totals& Totals::operator=(Totals other) noexcept {
  settings_ = std::move(other.settings_);
  shards_ = std::move(other.shards_);
  failed_ = std::move(other.failed_);
  moments_ = std::move(other.moments_);
  sizes_ = std::move(other.sizes_);
  classes_ = std::move(other.classes_);
  return *this;
}

Totals::~Totals() = default;

uint64_t Totals::images() const { return moments_->images; }

Result<void> Totals::Add(const PictureSums& picture, std::string_view class_name) {
  if (picture.channels != settings_.channels) {
    return Fail(ErrorCode::kUnsupported, fmt::format("{} channels, where {} are measured",
                                                     picture.channels, settings_.channels));
  }
  if (settings_.samples == SampleKind::kFloat ||
      (settings_.samples == SampleKind::kU8 && picture.levels != 256)) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("{}-bit samples, where {} are measured", picture.levels == 256 ? 8 : 16,
                            settings_.samples == SampleKind::kFloat ? "floats" : "8-bit samples"));
  }
  [[maybe_unused]] const size_t count = size_t(picture.channels);
  assert(picture.sum.size() == count && picture.sum_squares.size() == count);
  assert(picture.min.size() == count && picture.max.size() == count);
  assert(!settings_.cross || picture.cross.size() == count * (count - 1) / 2);
  assert(!settings_.histogram || picture.histogram.size() == count * size_t(picture.levels));
  moments_->Add(picture, settings_);
  sizes_->Add(picture.width, picture.height);
  if (settings_.per_class) {
    auto place = classes_.find(class_name);
    if (place == classes_.end()) {
      place = classes_.emplace(std::string(class_name), Moments()).first;
      place->second.Reset(settings_, false);
    }
    place->second.Add(picture, settings_);
  }
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
