// Builds value tables in each reference's own order of arithmetic.
#include "imnorm/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

namespace imnorm {
namespace {

constexpr double kByteScale = 255.0;
constexpr double kWordScale = 65535.0;

// One channel's constants, resolved.
struct ChannelValues {
  double mean = 0.0;
  double std = 1.0;
  double scale = 1.0;   // 1 where samples are not scaled
  double factor = 1.0;  // what Hugging Face multiplies by
  bool normalised = false;
  bool offset = false;
  bool std_twice = false;
  bool doubles = false;    // kOpencv: the product is of doubles
  bool stretched = false;  // between low and high
  double low = 0.0, high = 1.0;
  bool one_factor = true;  // kOpencv: the channels share a std, which blobFromImage can take
};

double ChannelOr(const std::vector<double>& values, int channel, double otherwise) {
  if (values.empty()) return otherwise;
  return values.size() == 1 ? values[0] : values[size_t(channel)];
}

ChannelValues ResolveChannel(const ValuePlan& plan, int channel, int levels) {
  ChannelValues values;
  values.mean = ChannelOr(plan.mean, channel, 0.0);
  values.std = ChannelOr(plan.std, channel, 1.0);
  values.normalised = !plan.mean.empty() || !plan.std.empty();
  values.offset = plan.offset && plan.rescale;
  values.stretched = !plan.low.empty();
  values.low = ChannelOr(plan.low, channel, 0.0);
  values.high = ChannelOr(plan.high, channel, 1.0);
  values.std_twice = plan.std_twice;
  values.doubles = plan.opencv == OpencvRelease::k410;
  values.one_factor =
      std::all_of(plan.std.begin(), plan.std.end(), [&](double std) { return std == plan.std[0]; });
  if (!plan.rescale || plan.arithmetic == Arithmetic::kRaw) return values;
  values.scale = ScaleOfSamples(plan, levels == 65536 ? ElementType::kU16 : ElementType::kU8);
  values.factor = plan.rescale_factor != 0.0 ? plan.rescale_factor : 1.0 / plan.scale;
  if (levels == 65536 && values.factor == 1.0 / kByteScale) values.factor = 1.0 / kWordScale;
  return values;
}

// NaN stays what it is.
float Stretched(float scaled, float low, float high) {
  const float value = (scaled - low) / (high - low);
  return value < 0.0f ? 0.0f : value > 1.0f ? 1.0f : value;
}

float ToBfloat16(float value) { return FloatFromBFloat16Bits(BFloat16Bits(value)); }

// Hugging Face's, once it is scaled.
float Centred(float scaled, const ChannelValues& values) {
  if (values.offset) scaled -= 1.0f;
  return (scaled - float(values.mean)) / float(values.std);
}

float Fused(float x, const ChannelValues& values, bool rescale) {
  const float mean = float(values.mean);
  const float std = float(values.std);
  if (!rescale) return (x - mean) / std;
  // Fusing is for normalisation only: a bare rescale is one product.
  const float scaled = x * float(values.factor);
  if (!values.normalised) return values.offset ? scaled - 1.0f : scaled;
  if (values.offset) return Centred(scaled, values);
  const float inverse = float(1.0 / values.factor);
  return (x - mean * inverse) / (std * inverse);
}

float Opencv(float x, const ChannelValues& values) {
  const float centred = x - float(values.mean * values.scale);
  const double factor = 1.0 / values.scale / (values.one_factor ? values.std : 1.0);
  const float scaled = values.doubles ? float(double(centred) * factor) : centred * float(factor);
  return values.one_factor ? scaled : scaled / float(values.std);
}

// The value of a sample, each operation rounded to float32 as the reference rounds it.
float ValueOf(int sample, const ChannelValues& values, Arithmetic arithmetic, bool rescale) {
  const float x = float(sample);
  const float mean = float(values.mean);
  const float std = float(values.std);
  if (values.stretched) {
    const float scaled = x / float(values.scale);
    return (Stretched(scaled, float(values.low), float(values.high)) - mean) / std;
  }
  switch (arithmetic) {
    case Arithmetic::kTorchvision:
      return (x / float(values.scale) - mean) / std;
    case Arithmetic::kReciprocal:
      return (x * float(1.0 / values.scale) - mean) / std;
    case Arithmetic::kHuggingFace:
      return Centred(float(double(sample) * values.factor), values);
    case Arithmetic::kFused:
      return Fused(x, values, rescale);
    case Arithmetic::kOpencv:
      return Opencv(x, values);
    case Arithmetic::kBfloat16: {
      const float scaled = rescale ? ToBfloat16(ToBfloat16(x) * float(values.factor)) : x;
      if (!values.normalised) return scaled;
      return ToBfloat16(ToBfloat16(scaled - ToBfloat16(mean)) / ToBfloat16(std));
    }
    case Arithmetic::kAlbumentations: {
      const float scale = float(values.scale);
      const float centre = mean * scale;
      const float spread = std * scale;
      return (x - centre) * (1.0f / spread);
    }
    case Arithmetic::kRaw:
      return (x - mean) / std;
  }
  return 0.0f;
}

template <typename T>
T Saturated(float value, float qscale, int qzero) {
  // nearbyint rounds half to even in the default mode; double holds the sum with qzero exactly.
  const double q = double(std::nearbyint(value / qscale)) + qzero;
  if (std::isnan(q)) return T(qzero);
  const double lowest = std::numeric_limits<T>::min();
  const double highest = std::numeric_limits<T>::max();
  return T(std::clamp(q, lowest, highest));
}

template <typename T>
void Store(T element, uint8_t* out) {
  std::memcpy(out, &element, sizeof element);
}

void StoreElement(float value, const ValuePlan& plan, uint8_t* out) {
  const float qscale = plan.quantize ? float(plan.qscale) : 1.0f;
  const int qzero = plan.quantize ? plan.qzero : 0;
  switch (plan.dtype) {
    case ElementType::kF32:
      Store(value, out);
      break;
    case ElementType::kF16:
      Store(Float16Bits(value), out);
      break;
    case ElementType::kBF16:
      Store(BFloat16Bits(value), out);
      break;
    case ElementType::kU8:
      Store(Saturated<uint8_t>(value, qscale, qzero), out);
      break;
    case ElementType::kI8:
      Store(Saturated<int8_t>(value, qscale, qzero), out);
      break;
    default:
      assert(!"CheckOutputType refused it");
  }
}

// Whether the output type cannot hold a value: it becomes infinite, or the type's end.
bool IsLost(float value, const ValuePlan& plan) {
  if (plan.dtype == ElementType::kF16) {
    return !std::isfinite(FloatFromFloat16Bits(Float16Bits(value)));
  }
  if (plan.dtype == ElementType::kBF16) {
    return !std::isfinite(FloatFromBFloat16Bits(BFloat16Bits(value)));
  }
  if (plan.dtype == ElementType::kF32) return !std::isfinite(value);  // samples are finite
  const float qscale = plan.quantize ? float(plan.qscale) : 1.0f;
  const double q = double(std::nearbyint(value / qscale)) + (plan.quantize ? plan.qzero : 0);
  const bool is_signed = plan.dtype == ElementType::kI8;
  return !(q >= (is_signed ? -128 : 0) && q <= (is_signed ? 127 : 255));
}

// Finite and, where it divides, not 0 once it is a float32: arithmetic happens there.
bool FiniteInFloat32(double value) { return std::isfinite(float(value)); }
bool DividesInFloat32(double value) { return FiniteInFloat32(value) && float(value) != 0.0f; }

Result<void> CheckCount(std::string_view what, size_t count, int channels) {
  if (count == 0 || count == 1 || count == size_t(channels)) return {};
  return Blame(fmt::format("values.{}", what),
               fmt::format("{} has {} values for {} channel{}", what, count, channels,
                           channels == 1 ? "" : "s"));
}

Result<void> CheckStretch(const ValuePlan& plan, int channels) {
  if (plan.low.empty() && plan.high.empty()) return {};
  if (plan.low.empty() || plan.high.empty()) {
    return Blame("values.low", "`values.low` and `values.high` go together");
  }
  if (auto count = CheckCount("low", plan.low.size(), channels); !count) return count;
  if (auto count = CheckCount("high", plan.high.size(), channels); !count) return count;
  if (!plan.rescale || plan.arithmetic != Arithmetic::kTorchvision || plan.offset ||
      plan.std_twice || plan.before_resize) {
    return Blame("values.low",
                 "what is stretched is scaled, and then normalised, as torchvision does it");
  }
  for (int c = 0; c < channels; ++c) {
    const double low = ChannelOr(plan.low, c, 0.0), high = ChannelOr(plan.high, c, 0.0);
    if (FiniteInFloat32(low) && FiniteInFloat32(high) && float(low) < float(high) &&
        FiniteInFloat32(double(float(high)) - double(float(low)))) {
      continue;
    }
    return Blame("values.low", fmt::format("channel {} is stretched between {} and {}, which are "
                                           "no two ends of a range",
                                           c, low, high));
  }
  return {};
}

Result<void> CheckQuantisation(const ValuePlan& plan) {
  if (!plan.quantize) return {};
  if (!(plan.qscale > 0.0) || !DividesInFloat32(plan.qscale)) {
    return Blame("values.qscale", fmt::format("qscale {} is not a number above 0", plan.qscale));
  }
  const bool is_signed = plan.dtype == ElementType::kI8;
  const int lowest = is_signed ? -128 : 0;
  const int highest = is_signed ? 127 : 255;
  if (plan.qzero < lowest || plan.qzero > highest) {
    return Blame("values.qzero",
                 fmt::format("qzero {} is outside {}..{}", plan.qzero, lowest, highest));
  }
  return {};
}

}  // namespace

double ScaleOfSamples(const ValuePlan& plan, ElementType type) {
  if (!plan.rescale || plan.arithmetic == Arithmetic::kRaw) return 1.0;
  if (type == ElementType::kF32 || type == ElementType::kF64) return plan.float_scale.value_or(1.0);
  return type == ElementType::kU16 && plan.scale == kByteScale ? kWordScale : plan.scale;
}

bool StoreScaled(float scaled, const ValuePlan& plan, int channel, uint8_t* out) {
  if (!plan.low.empty()) {
    scaled = Stretched(scaled, float(ChannelOr(plan.low, channel, 0.0)),
                       float(ChannelOr(plan.high, channel, 1.0)));
  }
  const float value = (scaled - float(ChannelOr(plan.mean, channel, 0.0))) /
                      float(ChannelOr(plan.std, channel, 1.0));
  return StoreValue(value, plan, out);
}

bool StoreValue(float value, const ValuePlan& plan, uint8_t* out) {
  StoreElement(value, plan, out);
  return !IsLost(value, plan);
}

std::vector<float> ValuesOfBytes(const ValuePlan& plan, int channels) {
  std::vector<float> values;
  for (int c = 0; c < channels; ++c) {
    const ChannelValues channel = ResolveChannel(plan, c, 256);
    for (int level = 0; level < 256; ++level) {
      values.push_back(ValueOf(level, channel, plan.arithmetic, plan.rescale));
    }
  }
  return values;
}

Result<void> CheckOutputType(ElementType dtype) {
  if (RowOf(dtype).is_output) return {};
  return Blame("values.dtype",
               fmt::format("`values.dtype` {} is read, not written", ElementTypeName(dtype)));
}

Result<void> CheckValues(const ValuePlan& plan, int channels) {
  if (auto type = CheckOutputType(plan.dtype); !type) return type;
  if (auto count = CheckCount("mean", plan.mean.size(), channels); !count) return count;
  if (auto count = CheckCount("std", plan.std.size(), channels); !count) return count;
  for (const double mean : plan.mean) {
    if (!FiniteInFloat32(mean)) {
      return Blame("values.mean", fmt::format("mean {} is not finite", mean));
    }
  }
  for (const double std : plan.std) {
    if (!DividesInFloat32(std)) {
      return Blame("values.std", fmt::format("std {} would divide by zero", std));
    }
  }
  for (const double scale : {plan.scale, plan.float_scale.value_or(1.0)}) {
    if (!(scale > 0.0) || !DividesInFloat32(scale) || !DividesInFloat32(1 / scale)) {
      return Blame("values.scale", fmt::format("scale {} is not a number above 0", scale));
    }
  }
  if (plan.rescale_factor != 0.0 &&
      (!DividesInFloat32(plan.rescale_factor) || !DividesInFloat32(1.0 / plan.rescale_factor))) {
    return Blame("values.rescale_factor",
                 fmt::format("rescale_factor {} is out of range", plan.rescale_factor));
  }
  if (auto stretch = CheckStretch(plan, channels); !stretch) return stretch;
  return CheckQuantisation(plan);
}

Result<ValueTable> MakeValueTable(const ValuePlan& plan, int channels, int levels) {
  if (channels < 1 || (levels != 256 && levels != 65536)) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("no table has {} channels of {} levels", channels, levels));
  }
  if (auto checked = CheckValues(plan, channels); !checked) {
    return Failed(checked);
  }
  ValueTable table;
  table.dtype = plan.dtype;
  table.channels = channels;
  table.levels = levels;
  const size_t bytes = ElementBytes(plan.dtype);
  table.elements.resize(size_t(channels) * size_t(levels) * bytes);
  std::vector<uint8_t> lost(size_t(channels) * size_t(levels));
  bool any_lost = false;
  uint8_t* out = table.elements.data();
  for (int c = 0; c < channels; ++c) {
    const ChannelValues values = ResolveChannel(plan, c, levels);
    for (int sample = 0; sample < levels; ++sample, out += bytes) {
      float value = ValueOf(sample, values, plan.arithmetic, plan.rescale);
      if (values.std_twice) value /= float(values.std);
      StoreElement(value, plan, out);
      const bool is_lost = IsLost(value, plan);
      lost[size_t(c) * size_t(levels) + size_t(sample)] = is_lost;
      any_lost = any_lost || is_lost;
    }
  }
  if (any_lost) table.lost = std::move(lost);
  return table;
}

}  // namespace imnorm
