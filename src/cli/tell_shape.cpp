// A tensor's axes are its own word: what they are taken for is said where they look like others.
#include "cli/tell_shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imnorm::cli {

namespace {

// Grey, colour, colour with alpha.
bool LikeChannels(int64_t side) { return side == 1 || side == 3 || side == 4; }

}  // namespace

void TellShape(const std::vector<int64_t>& shape, std::optional<Method> method, Console& console) {
  // Where the sides are a picture's too, the run has asked.
  if (shape.size() == 4 && LikeChannels(shape[3]) && !LikeChannels(shape[1])) {
    console.PrintWarning(
        fmt::format("input [{}] is taken as (N,C,H,W): {} channels of {} x {}; where it is "
                    "(N,H,W,C), it is --input-layout nhwc",
                    fmt::join(shape, ", "), shape[1], shape[3], shape[2]));
  }
  if (shape.size() == 3 && method == Method::kInstance) {
    console.PrintWarning(
        fmt::format("input [{}] is taken as (N,C,L): {} sample{} of {} channel{}; where it is one "
                    "picture (C,H,W), it is --input-layout chw",
                    fmt::join(shape, ", "), shape[0], shape[0] == 1 ? "" : "s", shape[1],
                    shape[1] == 1 ? "" : "s"));
  }
  if (shape.size() == 3 && method != Method::kInstance && shape[1] == shape[2]) {
    console.PrintWarning(
        fmt::format("input [{}] is taken as (N,C,L): {} channels; where it is grey pictures "
                    "(N,H,W), it is --input-layout nhw",
                    fmt::join(shape, ", "), shape[1]));
  }
}

}  // namespace imnorm::cli
