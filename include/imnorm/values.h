// What becomes of a sample's value: given mean and std, as one table a channel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "imnorm/element_type.h"
#include "imnorm/error.h"

namespace imnorm {

// The order in which a reference does its arithmetic: it decides the last bit.
enum class Arithmetic {
  kTorchvision,  // (float32(x) / float32(scale) - float32(mean)) / float32(std)
  kReciprocal,   // torchvision v2: (float32(x) * float32(1 / scale) - float32(mean)) / float32(std)
  kHuggingFace,  // float32(float64(x) * (1 / scale)), then minus mean, over std in float32
  kFused,        // HF fast: mean * scale, std * scale first; (float32(x) - mean) / std
  kOpencv,       // blobFromImage: (float32(x) - float32(mean * scale)) * float32(1 / scale / std);
                 // where std differs by channel: ... * float32(1 / scale), then over float32(std).
                 // From 4.8 to 4.10 the product is of doubles, rounded once: ValuePlan::opencv
  // albumentations: (float32(x) - float32(mean) * scale) * (1 / (float32(std) * scale)), all
  // float32
  kAlbumentations,
  kRaw,       // (float32(x) - mean) / std with no scaling beforehand (Keras caffe, detectron)
  kBfloat16,  // Llama 4: ((bfloat16(x) * factor) - mean) / std, each step rounded to bfloat16
};

enum class Layout : uint8_t { kNchw, kNhwc };

// OpenCV's releases whose blobFromImage has other last bits: up to 4.7 and from 4.11 on, and those
// between.
enum class OpencvRelease { k50, k410 };

// Values of a plan: everything that maps one sample to one output element.
//
// Units:    mean and std on the scale that `scale` makes: [0,1] for scale 255
struct ValuePlan {
  std::vector<double> mean;  // one a channel, in the order of the output planes; empty: 0
  std::vector<double> std;   // empty: 1
  double scale = 255.0;
  // The same for the samples of float tensors, and the inverse's last factor; none: 1, though bytes
  // come back by `scale`.
  std::optional<double> float_scale;
  // Stretched between two ends, on the scale that `scale` makes, before mean and std: clamp((x -
  // low) / (high - low), 0, 1) in float32; one a channel or one for all. Empty: not.
  std::vector<double> low, high;
  bool rescale = true;          // false: samples keep their values (method none, kRaw)
  double rescale_factor = 0.0;  // kHuggingFace, kFused: the config's own factor; 0 means 1 / scale
  Arithmetic arithmetic = Arithmetic::kTorchvision;
  OpencvRelease opencv = OpencvRelease::k50;  // kOpencv
  // kFused, kHuggingFace: EfficientNet's. 1 is taken off what was scaled, before mean and std; and
  // std divides once more at the end.
  bool offset = false;
  bool std_twice = false;
  bool before_resize = false;             // DepthPro: what is resized are the values
  ElementType dtype = ElementType::kF32;  // one that outputs may have
  double qscale = 1.0;  // kU8, kI8: q = round_half_even(y / qscale) + qzero, saturating
  int qzero = 0;
  bool quantize = false;  // false with kU8: bytes as they are
};

// Values of a run that its output could not hold as they are, and samples that are no numbers.
struct ValueCounts {
  uint64_t not_finite = 0;  // samples of a float tensor that are NaN or infinite
  uint64_t overflowed = 0;  // what is infinite or NaN, of finite samples
  uint64_t saturated = 0;   // values beyond uint8 or int8, cut to its end
  uint64_t nan_stored = 0;  // NaN that became the zero point: uint8, int8

  bool operator==(const ValueCounts&) const = default;
  ValueCounts& operator+=(const ValueCounts& more) {
    not_finite += more.not_finite;
    overflowed += more.overflowed;
    saturated += more.saturated;
    nan_stored += more.nan_stored;
    return *this;
  }
};

// Output elements for every sample value.
//
// Shapes:   elements [channels][levels], each ElementBytes(dtype) long; lost [channels][levels]: 1
//           where the value overflows or saturates; empty where none does
struct ValueTable {
  ElementType dtype = ElementType::kF32;
  int channels = 0;
  int levels = 256;  // 256, or 65536 for 16-bit samples
  std::vector<uint8_t> elements;
  std::vector<uint8_t> lost;
  const void* channel(int c) const {
    return elements.data() + size_t(c) * size_t(levels) * ElementBytes(dtype);
  }
};

// What samples of a type are divided by before mean and std.
//
// Rules:    the usual scale of 255 stands for 65535 where they are uint16; floats, which have no
//           range of their own, are divided by float_scale only. 1 where the plan does not scale
double ScaleOfSamples(const ValuePlan& plan, ElementType type);

// Errors:   kBadArgument: a type that tensors are read in only
Result<void> CheckOutputType(ElementType dtype);

// Says what is wrong with the values, before any work.
//
// Errors:   as MakeValueTable, CheckOutputType
Result<void> CheckValues(const ValuePlan& plan, int channels);

// Builds the tables in the reference's own order of arithmetic.
//
// Rules:    one mean or std serves all channels. For 65536 levels the usual scale of 255 (and the
//           usual rescale_factor of 1/255) stands for 65535; any other is taken as it is.
// Numbers:  quantised outputs: float32(y) / float32(qscale) in float32, round half to even, plus
//           qzero, saturating
// Errors:   kBadArgument: a std of 0 or not finite, counts that do not fit `channels`
// Source:   reference.md sections 1, 3, 5 and 6
Result<ValueTable> MakeValueTable(const ValuePlan& plan, int channels, int levels);

// Stores what becomes of a sample that is scaled already, (x - mean) / std of its channel in
// float32; false where the output type cannot hold it.
bool StoreScaled(float scaled, const ValuePlan& plan, int channel, uint8_t* out);

// The same of what is such a value already.
bool StoreValue(float value, const ValuePlan& plan, uint8_t* out);

// The values of bytes in float32, whatever the output's type.
//
// Shapes:   [channels][256]
std::vector<float> ValuesOfBytes(const ValuePlan& plan, int channels);

// float32 -> IEEE binary16 / bfloat16 bits, round to nearest even (as torch's half(), bfloat16()).
uint16_t Float16Bits(float value);
uint16_t BFloat16Bits(float value);
float FloatFromFloat16Bits(uint16_t bits);
float FloatFromBFloat16Bits(uint16_t bits);

}  // namespace imnorm
