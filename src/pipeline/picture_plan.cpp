// What a plan may not ask of pictures that become a tensor.
#include "pipeline/picture_plan.h"

namespace imnorm {

Result<void> CheckPicturePlan(const Plan& plan) {
  if (plan.channels == ChannelOrder::kNative && plan.native.channels == 0) {
    return Blame("channels",
                 "`channels` native is whatever the pictures hold, and the plan does not say it: "
                 "its `native` does once a run has written it to a manifest");
  }
  if (plan.alpha == AlphaPolicy::kMask) {
    return Blame("alpha", "alpha mask is for statistics only");
  }
  if (plan.denormalize) return Blame("denormalize", "denormalize is for tensors only");
  return {};
}

Result<void> CheckWholePictures(const Plan& plan) {
  if (plan.patches.size == 0) return {};
  return Blame("patches",
               "patches make as many rows of a picture as it has, here each is one: normalize "
               "writes them");
}

}  // namespace imnorm
