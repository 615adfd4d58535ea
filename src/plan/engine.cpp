// The engines, and what each means for decoding and geometry.
#include <algorithm>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

ResizeEngine ResizeEngineOf(Engine engine) {
  switch (engine) {
    case Engine::kOpencv:
    case Engine::kAlbumentations:
      return ResizeEngine::kOpencv;
    case Engine::kTorch:
    case Engine::kHfFast:
      return ResizeEngine::kTorch;
    case Engine::kTorchFloat:
      return ResizeEngine::kTorchFloat;
    default:
      return ResizeEngine::kPillow;
  }
}

}  // namespace

DecodeOptions DecodeOptionsOf(const Plan& plan) {
  DecodeOptions options;
  // Of the references only cv::imread turns pictures by their EXIF orientation; albumentations
  // takes its pictures from there.
  options.apply_exif = plan.exif == ExifPolicy::kApply ||
                       (plan.exif == ExifPolicy::kAuto &&
                        (plan.like == Engine::kOpencv || plan.like == Engine::kAlbumentations));
  options.alpha = plan.alpha;
  std::copy(plan.background, plan.background + 3, options.background);
  options.channels = plan.channels == ChannelOrder::kGray     ? DecodeChannels::kGray
                     : plan.channels == ChannelOrder::kNative ? DecodeChannels::kNative
                                                              : DecodeChannels::kRgb;
  options.depth = plan.depth;
  options.max_pixels = plan.max_pixels;
  options.icc = plan.icc;
  options.fast_decode = plan.fast_decode;
  return options;
}

int ChannelCount(const Plan& plan) {
  if (plan.channels == ChannelOrder::kNative) return plan.native.channels;
  return plan.channels == ChannelOrder::kGray ? 1 : 3;
}

void ApplyEngine(Engine engine, Plan& plan) {
  plan.like = engine;
  plan.geometry.crop.rounding = engine == Engine::kHf ? CropRounding::kFloor
                                : engine == Engine::kHfFast || engine == Engine::kAlbumentations
                                    ? CropRounding::kTruncate
                                    : CropRounding::kHalfEven;
  ResizePlan& resize = plan.geometry.resize;
  resize.engine = plan.geometry.first.engine = ResizeEngineOf(engine);
  // What belongs to one engine's way of resizing goes with it.
  resize.reducing_gap = 0;
  resize.corners = resize.blur = false;
  plan.values.before_resize = false;
  // A preset of another library keeps how that rounds sides.
  if (engine == Engine::kAlbumentations) {
    resize.rounding = SideRounding::kHalfEven;
  } else if (resize.rounding == SideRounding::kHalfEven) {
    resize.rounding = SideRounding::kTruncate;
  }
  // transformers hands a config's "nearest" to torch as nearest-exact; elsewhere that has no name.
  if (engine == Engine::kHfFast && resize.filter == Filter::kNearest) {
    resize.filter = Filter::kNearestExact;
  } else if (resize.engine != ResizeEngine::kTorch && resize.engine != ResizeEngine::kTorchFloat &&
             resize.filter == Filter::kNearestExact) {
    resize.filter = Filter::kNearest;
  }
  switch (engine) {
    case Engine::kTorchvision:
    case Engine::kTorchFloat:
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
    case Engine::kAlbumentations:
      plan.values.arithmetic = Arithmetic::kAlbumentations;
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
