// Source: the __init__ of each class in transformers 4.49.
#include "plan/foreign/hf_processors.h"

namespace imnorm {
namespace {

constexpr HfProcessor kProcessors[] = {
    {"Beit", HfSizeRule::kPlain, 256, true, true, Filter::kBicubic, 224, HfConstants::kHalf},
    {"Bit", HfSizeRule::kPlain, 224, false, false, Filter::kBicubic, 224, HfConstants::kClip},
    {"Blip", HfSizeRule::kPlain, 384, true, true, Filter::kBicubic, 0, HfConstants::kClip},
    {"CLIP", HfSizeRule::kPlain, 224, false, false, Filter::kBicubic, 224, HfConstants::kClip},
    {"ChineseCLIP", HfSizeRule::kPlain, 224, false, false, Filter::kBicubic, 224,
     HfConstants::kClip},
    {"ConvNext", HfSizeRule::kConvNext, 384, false, false, Filter::kBilinear, 0,
     HfConstants::kHalf},
    {"DPT", HfSizeRule::kDpt, 384, true, true, Filter::kBicubic, 0, HfConstants::kHalf},
    {"DeiT", HfSizeRule::kPlain, 256, true, true, Filter::kBicubic, 224, HfConstants::kHalf},
    {"Levit", HfSizeRule::kLevit, 224, false, false, Filter::kBicubic, 224, HfConstants::kImageNet},
    {"MobileNetV1", HfSizeRule::kPlain, 256, false, false, Filter::kBilinear, 224,
     HfConstants::kHalf},
    {"MobileNetV2", HfSizeRule::kPlain, 256, false, false, Filter::kBilinear, 224,
     HfConstants::kHalf},
    {"MobileViT", HfSizeRule::kPlain, 224, false, false, Filter::kBilinear, 256,
     HfConstants::kNone},
    {"PoolFormer", HfSizeRule::kPoolFormer, 224, false, false, Filter::kBicubic, 224,
     HfConstants::kImageNet},
    {"Pvt", HfSizeRule::kPlain, 224, true, true, Filter::kBilinear, 0, HfConstants::kImageNet},
    {"Segformer", HfSizeRule::kPlain, 512, true, true, Filter::kBilinear, 0,
     HfConstants::kImageNet},
    {"Siglip", HfSizeRule::kPlain, 224, true, false, Filter::kBicubic, 0, HfConstants::kHalf},
    {"ViT", HfSizeRule::kPlain, 224, true, true, Filter::kBilinear, 0, HfConstants::kHalf},
};

}  // namespace

std::span<const HfProcessor> HfProcessors() { return kProcessors; }

}  // namespace imnorm
