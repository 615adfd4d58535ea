// Checks bands, fills nodata and narrows float64, row by row.
#include "pipeline/native_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "geometry/direct_resizer.h"
#include "pipeline/nearest_float.h"

namespace imnorm {
namespace {

// A mean as a sample: the nearest that there is.
template <typename T>
T SampleOf(double mean) {
  if constexpr (std::numeric_limits<T>::is_integer) {
    return T(std::clamp(std::nearbyint(mean), 0.0, double(std::numeric_limits<T>::max())));
  } else {
    return T(mean);
  }
}

}  // namespace

Result<Rect> NativeSource::Begin(const ImageInfo& info) {
  const NativeBands& bands = plan_.native;
  const int channels = info.channels - (info.has_alpha ? 1 : 0);
  if (channels != bands.channels || info.type != bands.type) {
    return Fail(
        ErrorCode::kUnsupported,
        fmt::format("{} x {}, where the first good picture has {} x {}", channels,
                    ElementTypeName(info.type), bands.channels, ElementTypeName(bands.type)));
  }
  info_ = info;
  nodata_ = info.reduced ? std::nullopt : info.nodata;
  if (nodata_ && info.type == ElementType::kF32) nodata_ = NearestFloat(*nodata_);
  means_.assign(size_t(channels), 0.0);
  const std::vector<double>& mean = plan_.values.mean;
  for (size_t c = 0; c < means_.size() && !mean.empty(); ++c) {
    means_[c] = (mean.size() == 1 ? mean[0] : mean[c]) * ScaleOfSamples(plan_.values, info.type);
  }
  ImageInfo placed = info;
  if (info.type == ElementType::kF64) placed.type = ElementType::kF32;
  auto window = placed_->Begin(placed);
  if (!window) return window;
  width_ = window->width;
  row_.resize(size_t(width_) * size_t(info.channels) * ElementBytes(placed.type));
  return window;
}

template <typename Stored, typename Placed>
void NativeSource::Convert(const uint8_t* row, uint8_t* out) const {
  const size_t channels = means_.size();
  const size_t samples = size_t(width_) * channels;
  for (size_t i = 0; i < samples; ++i, row += sizeof(Stored), out += sizeof(Placed)) {
    Stored sample;
    std::memcpy(&sample, row, sizeof sample);
    auto placed = Placed(sample);
    const auto value = double(sample);
    if (nodata_ && (value == *nodata_ || (std::isnan(value) && std::isnan(*nodata_)))) {
      placed = SampleOf<Placed>(means_[i % channels]);
    }
    std::memcpy(out, &placed, sizeof placed);
  }
}

void NativeSource::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  const bool narrows = info_.type == ElementType::kF64;
  if (!nodata_ && !narrows) return placed_->Rows(rows, stride_bytes, y, count);
  for (int i = 0; i < count; ++i, rows += stride_bytes) {
    switch (info_.type) {
      case ElementType::kU8:
        Convert<uint8_t, uint8_t>(rows, row_.data());
        break;
      case ElementType::kU16:
        Convert<uint16_t, uint16_t>(rows, row_.data());
        break;
      case ElementType::kF64:
        Convert<double, float>(rows, row_.data());
        break;
      default:
        Convert<float, float>(rows, row_.data());
    }
    placed_->Rows(row_.data(), row_.size(), y + i, 1);
  }
}

std::unique_ptr<PlacedSource> MakePlanSource(const Plan& plan, PlacedRows& out) {
  if (plan.values.before_resize) {
    return std::make_unique<DirectResizer>(plan.geometry, out,
                                           ValuesOfBytes(plan.values, ChannelCount(plan)));
  }
  auto placed = MakePlacedSource(plan.geometry, out);
  if (plan.channels != ChannelOrder::kNative) return placed;
  return std::make_unique<NativeSource>(plan, std::move(placed));
}

}  // namespace imnorm
