// The engines, and what each means for decoding and geometry.
#include <algorithm>

#include "imnorm/plan.h"

namespace imnorm {

DecodeOptions DecodeOptionsOf(const Plan& plan) {
  DecodeOptions options;
  // Of the references only cv::imread turns pictures by their EXIF orientation.
  options.apply_exif = plan.exif == ExifPolicy::kApply ||
                       (plan.exif == ExifPolicy::kAuto && plan.like == Engine::kOpencv);
  options.alpha = plan.alpha;
  std::copy(plan.background, plan.background + 3, options.background);
  options.channels = plan.channels == ChannelOrder::kGray     ? DecodeChannels::kGray
                     : plan.channels == ChannelOrder::kNative ? DecodeChannels::kNative
                                                              : DecodeChannels::kRgb;
  options.depth = plan.depth;
  options.max_pixels = plan.max_pixels;
  options.fast_decode = plan.fast_decode;
  return options;
}

int ChannelCount(const Plan& plan) { return plan.channels == ChannelOrder::kGray ? 1 : 3; }

void ApplyEngine(Engine engine, Plan& plan) {
  plan.like = engine;
  plan.geometry.crop.rounding = engine == Engine::kHf       ? CropRounding::kFloor
                                : engine == Engine::kHfFast ? CropRounding::kTruncate
                                                            : CropRounding::kHalfEven;
  ResizePlan& resize = plan.geometry.resize;
  resize.engine = engine == Engine::kOpencv                               ? ResizeEngine::kOpencv
                  : engine == Engine::kTorch || engine == Engine::kHfFast ? ResizeEngine::kTorch
                                                                          : ResizeEngine::kPillow;
  // transformers hands a config's "nearest" to torch as nearest-exact; elsewhere that has no name.
  if (engine == Engine::kHfFast && resize.filter == Filter::kNearest) {
    resize.filter = Filter::kNearestExact;
  } else if (resize.engine != ResizeEngine::kTorch && resize.filter == Filter::kNearestExact) {
    resize.filter = Filter::kNearest;
  }
  switch (engine) {
    case Engine::kTorchvision:
    case Engine::kTimm:
      plan.values.arithmetic = Arithmetic::kTorchvision;
      break;
    case Engine::kTorchvisionV2:
    case Engine::kTorch:
      plan.values.arithmetic = Arithmetic::kReciprocal;
      break;
    case Engine::kHf:
      plan.values.arithmetic = Arithmetic::kHuggingFace;
      break;
    case Engine::kHfFast:
      plan.values.arithmetic = Arithmetic::kFused;
      break;
    case Engine::kOpencv:
      plan.values.arithmetic = Arithmetic::kOpencv;
      break;
    case Engine::kKeras:
      // Modes tf and torch divide and then subtract, as torchvision does; caffe only subtracts.
      plan.values.arithmetic = plan.values.rescale ? Arithmetic::kTorchvision : Arithmetic::kRaw;
      break;
  }
}

void SetChannels(ChannelOrder channels, Plan& plan) {
  const bool reversed = (plan.channels == ChannelOrder::kRgb && channels == ChannelOrder::kBgr) ||
                        (plan.channels == ChannelOrder::kBgr && channels == ChannelOrder::kRgb);
  if (reversed) {
    std::reverse(plan.values.mean.begin(), plan.values.mean.end());
    std::reverse(plan.values.std.begin(), plan.values.std.end());
  }
  plan.channels = channels;
}

}  // namespace imnorm
