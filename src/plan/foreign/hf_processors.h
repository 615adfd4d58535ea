// What each Hugging Face image processor does where its config is silent.
#pragma once

#include <span>
#include <string_view>

#include "imnorm/geometry.h"

namespace imnorm {

// How a processor turns its size into a resize.
enum class HfSizeRule {
  kPlain,       // as the size's keys say
  kConvNext,    // crop_pct below 384, a warp from there on
  kLevit,       // short edge times 256 / 224
  kPoolFormer,  // everything over crop_pct
  kDpt,         // a warp, unless keep_aspect_ratio or ensure_multiple_of say otherwise
};

enum class HfConstants { kNone, kHalf, kImageNet, kClip };

struct HfProcessor {
  std::string_view name;  // without ImageProcessor, ImageProcessorFast, FeatureExtractor
  HfSizeRule rule;
  int size;             // the default, by square_default a square or a short edge
  bool square_default;  // of the default size
  bool square_int;      // what a bare int means
  Filter resample;
  int crop;  // side of the default centre crop, 0: none unless asked for
  HfConstants constants;
};

std::span<const HfProcessor> HfProcessors();

}  // namespace imnorm
