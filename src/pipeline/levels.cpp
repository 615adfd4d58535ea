// Undoes the values of a plan, as far as eyes can tell.
#include "pipeline/levels.h"

#include <algorithm>
#include <cmath>

namespace imnorm {
namespace {

double At(const std::vector<double>& list, size_t c, double otherwise) {
  return list.empty() ? otherwise : list[list.size() == 1 ? 0 : std::min(c, list.size() - 1)];
}

// What a sample was divided by before mean and std.
double ScaleOf(const ValuePlan& values) {
  if (!values.rescale) return 1.0;
  return values.rescale_factor != 0.0 ? 1.0 / values.rescale_factor : values.scale;
}

}  // namespace

Levels::Levels(const std::optional<Plan>& plan, size_t channels,
               std::initializer_list<const std::vector<double>*> seen) {
  const bool told = plan && !plan->denormalize &&
                    (plan->method == Method::kNone || plan->method == Method::kGiven);
  if (told) {
    const ValuePlan& values = plan->values;
    const double byte = plan->depth == 16 ? 1.0 / 257.0 : 1.0;
    for (size_t c = 0; c < channels; ++c) {
      const bool given = plan->method == Method::kGiven;
      double scale = (given ? At(values.std, c, 1.0) * ScaleOf(values) : 1.0) * byte;
      double offset = (given ? At(values.mean, c, 0.0) * ScaleOf(values) : 0.0) * byte;
      if (values.quantize) {
        offset -= values.qzero * values.qscale * scale;
        scale *= values.qscale;
      }
      scale_.push_back(scale);
      offset_.push_back(offset);
    }
    return;
  }
  double low = INFINITY;
  double high = -INFINITY;
  for (const auto* list : seen) {
    for (const double value : *list) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  const double range = high > low ? high - low : 1.0;
  scale_.assign(channels, 255.0 / range);
  offset_.assign(channels, std::isfinite(low) ? -low * 255.0 / range : 0.0);
}

double Levels::Difference(double a, double b, size_t c) const {
  return std::fabs(a - b) * scale_[c];
}

uint8_t LevelByte(double level) {
  if (std::isnan(level)) return 0;
  return uint8_t(std::lround(std::clamp(level, 0.0, 255.0)));
}

size_t ShownChannel(const std::optional<Plan>& plan, size_t channels, size_t colour) {
  if (channels != 3 && channels != 4) return 0;
  return plan && plan->channels == ChannelOrder::kBgr ? 2 - colour : colour;
}

Result<Image> ShowRow(const ComparedRow& row, const std::optional<Plan>& plan) {
  const std::vector<int64_t> shape = OrderedShape(row);
  if (shape.size() != 3 || shape[0] < 1) {
    return Fail(ErrorCode::kUnsupported, "the rows are no pictures of channels, height and width");
  }
  std::vector<double> values;
  ValuesInOrder(row, &values);
  const auto channels = size_t(shape[0]);
  const size_t pixels = values.size() / channels;
  const Levels levels(plan, channels, {&values});
  Image image;
  image.Reshape(int(shape[2]), int(shape[1]), 3, ElementType::kU8);
  for (size_t colour = 0; colour < 3; ++colour) {
    const size_t c = ShownChannel(plan, channels, colour);
    for (size_t i = 0; i < pixels; ++i) {
      image.pixels[3 * i + colour] = LevelByte(levels.Of(values[c * pixels + i], c));
    }
  }
  return image;
}

}  // namespace imnorm
