// The resolved plan of a run's transformation: presets, config files and flags come to this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/decode.h"
#include "imnorm/error.h"
#include "imnorm/geometry.h"
#include "imnorm/patches.h"
#include "imnorm/values.h"

namespace imnorm {

// Which library's rules decide crop rounding, EXIF, resize arithmetic and value arithmetic.
enum class Engine {
  kTorchvision,    // v1 transforms on PIL pictures, or v2 ones that end in ToTensor
  kTorchvisionV2,  // v2 on PIL pictures, ToImage and ToDtype(scale=True)
  kTorch,          // v2 on uint8 tensors (decode_image)
  kTorchFloat,     // v1 on uint8 tensors, weights.transforms() on tensors
  kHf,
  kHfFast,  // transformers' torchvision backend
  kTimm,
  kOpencv,
  kKeras,
  kAlbumentations,
};

enum class ExifPolicy { kAuto, kApply, kIgnore };  // kAuto: as the engine does

// kNative is what the files hold, in the types that they have.
enum class ChannelOrder { kRgb, kBgr, kGray, kNative };

// What pictures that are taken as they are stored hold. One run takes one kind of them.
struct NativeBands {
  int channels = 0;                     // 0: the first good picture decides
  ElementType type = ElementType::kU8;  // or kU16, kF32, kF64
  bool operator==(const NativeBands&) const = default;
};

enum class Method { kGiven, kBatch, kLayer, kInstance, kGroup, kNone };

// Batch, layer, instance and group normalisation: see layers.h for the arithmetic.
struct LayerPlan {
  int64_t batch_size = 0;  // 0: the whole input is one batch
  bool drop_last = false;
  int groups = 1;
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  // none: cumulative average
  bool eval = false;
  std::string affine_file;
  std::vector<double> gamma;
  std::vector<double> beta;
  std::string state_in;
  std::string state_prefix;  // of the names in affine_file and state_in: "layer1.0.bn1."
};

// Everything that decides an output's bytes, whatever the threads, the CPU and the destination.
struct Plan {
  std::string preset;  // where it came from, for people: a name, a file, or empty
  std::string source;  // the preset's own source line, if it has one
  Engine like = Engine::kTorchvision;
  ExifPolicy exif = ExifPolicy::kAuto;
  AlphaPolicy alpha = AlphaPolicy::kDrop;
  uint8_t background[3] = {255, 255, 255};
  IccPolicy icc = IccPolicy::kIgnore;
  ChannelOrder channels = ChannelOrder::kRgb;
  NativeBands native;  // of kNative
  int depth = 8;
  int64_t max_pixels = 178956970;
  bool fast_decode = false;  // pixels then differ from every reference
  GeometryPlan geometry;
  PatchPlan patches;
  Method method = Method::kGiven;
  // The inverse, for tensors: of mean and std (kGiven), or of the state in layer.state_in.
  bool denormalize = false;
  ValuePlan values;
  Layout layout = Layout::kNchw;
  LayerPlan layer;
};

// The decoder's share of a plan.
DecodeOptions DecodeOptionsOf(const Plan& plan);

// Number of output channels: 1 for grey, those of kNative (0 while they are not known), else 3.
int ChannelCount(const Plan& plan);

// Sets what an engine implies: crop rounding, resize engine, value arithmetic. The channel order
// stays: cv2's BGR and Keras's caffe mode are asked for by name.
void ApplyEngine(Engine engine, Plan& plan);

// Changes the order of the output planes; each colour keeps its mean and std.
void SetChannels(ChannelOrder channels, Plan& plan);

// What a plan is for: pictures have the channels that it names, a tensor has its own.
enum class PlanInput { kPictures, kTensor };

// Says what is contradictory or out of range in a plan, before any work.
//
// Rules:    what depends on the number of channels, or on what samples can be, is told of pictures
//           only: of a tensor it is known once that is open
// Errors:   kBadArgument: std of 0, sizes beyond 1 << 24, a filter its engine lacks, groups that do
//           not divide the channels, letterbox with a crop...
Result<void> ValidatePlan(const Plan& plan, PlanInput input = PlanInput::kPictures);

// The share of it that batch, layer, instance and group normalisation have, whatever the samples.
Result<void> ValidateLayer(const LayerPlan& layer, Method method, int64_t channels);

// A plan as JSON text (schema imnorm.plan/1), fixed key order, ends in a newline; and back.
//
// Rules:    a plan that is read may be a tensor's: ValidatePlan says whether pictures can have it
// Errors:   kBadConfig: not JSON, an unknown key (named, with the nearest known one), a wrong type
std::string PlanToJson(const Plan& plan);
Result<Plan> PlanFromJson(std::string_view json);

// One preset built into the binary.
struct PresetInfo {
  std::string name;
  std::string summary;  // "256/224 bilinear, ImageNet mean/std"
  std::string source;
};
std::vector<PresetInfo> ListPresets();

// The plan of a built-in preset by name.
//
// Errors:   kNotFound, with the nearest name
Result<Plan> PresetPlan(const std::string& name);

// The plan of a preset name or of a config file, recognised by content: imnorm's own JSON, Hugging
// Face preprocessor_config.json, timm config.json, open_clip_config.json.
//
// Errors:   kNotFound, kIo; kBadConfig: a field that can neither be obeyed nor ignored, by name
Result<Plan> LoadPreset(const std::string& name_or_file);

// The plan in a file of imnorm's own: one that was printed, or a manifest's. It says what preset it
// comes from, as if that had been named again.
//
// Errors:   as above
Result<Plan> LoadConfig(const std::string& file);
Result<Plan> PlanFromForeignConfig(std::string_view json);

}  // namespace imnorm
