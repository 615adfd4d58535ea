// Words for the axes of a tensor, and what stands in for one that nobody gave.
#include "imnorm/tensor_axes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "imnorm/error.h"
#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

struct PlaneWord {
  std::string_view word;
  int sides;
};

// The sides of a plane by their number.
constexpr std::array kPlanes = {PlaneWord{"", 0}, PlaneWord{"l", 1}, PlaneWord{"hw", 2},
                                PlaneWord{"dhw", 3}};

tl::unexpected<Error> Unclear(const std::string& what) {
  return Blame("source.input_layout", what);
}

// Grey, colour, colour with alpha.
bool LikeChannels(int64_t side) { return side == 1 || side == 3 || side == 4; }

// The layout that a shape looks like although it is taken for another; "" where none. Few channels
// behind sides of a picture: feature maps have their small sides together.
std::string_view LooksLike(const std::vector<int64_t>& shape) {
  constexpr int64_t kSide = 8;
  const size_t rank = shape.size();
  if (rank < 3 || !LikeChannels(shape.back())) return "";
  const bool picture = shape[rank - 2] >= kSide && shape[rank - 3] >= kSide;
  if (!picture || LikeChannels(shape[1])) return "";
  if (rank == 3) return shape.back() == 1 ? "" : "hwc";
  return rank == 4 ? "nhwc" : "ndhwc";
}

}  // namespace

Result<TensorAxes> ParseTensorAxes(std::string_view word) {
  TensorAxes axes;
  std::string_view left = word;
  axes.samples = left.starts_with('n');
  if (axes.samples) left.remove_prefix(1);
  if (left.starts_with('c')) {
    axes.channels = ChannelAxis::kFirst;
    left.remove_prefix(1);
  } else if (left.ends_with('c')) {
    axes.channels = ChannelAxis::kLast;
    left.remove_suffix(1);
  } else {
    axes.channels = ChannelAxis::kNone;
  }
  const auto plane = std::ranges::find(kPlanes, left, &PlaneWord::word);
  const bool known = plane != kPlanes.end() && axes.channels != ChannelAxis::kNone
                         ? plane->sides > 0 || axes.samples
                         : plane != kPlanes.end() && plane->sides > 0;
  if (!known) {
    return Unclear(
        fmt::format("`source.input_layout` {} is none of nc, ncl, nlc, nchw, nhwc, "
                    "ncdhw, ndhwc, or of these without n (one sample) or c (one channel)",
                    word));
  }
  axes.plane_sides = plane->sides;
  return axes;
}

Result<TensorAxes> AxesOf(const std::vector<int64_t>& shape, std::string_view word) {
  if (word.empty()) {
    if (shape.size() < 2 || shape.size() > 5) {
      return Fail(ErrorCode::kUnsupported,
                  fmt::format("its shape {} is none of (N,C), (N,C,L), (N,C,H,W), (N,C,D,H,W); "
                              "`source.input_layout` says what other sides are",
                              ShapeText(shape)));
    }
    if (const std::string_view other = LooksLike(shape); !other.empty()) {
      const std::string_view taken = shape.size() == 3   ? "ncl"
                                     : shape.size() == 4 ? "nchw"
                                                         : "ncdhw";
      return Unclear(fmt::format("its shape {} may be {} or {}: `source.input_layout` says which",
                                 ShapeText(shape), other, taken));
    }
    return TensorAxes{true, ChannelAxis::kFirst, int(shape.size()) - 2};
  }
  auto axes = ParseTensorAxes(word);
  if (axes && axes->rank() != shape.size()) {
    return Unclear(fmt::format("`source.input_layout` {} has {} sides, the shape {} has {}", word,
                               axes->rank(), ShapeText(shape), shape.size()));
  }
  return axes;
}

std::vector<int64_t> TensorAxes::SampleShape(const std::vector<int64_t>& shape) const {
  std::vector<int64_t> sample(shape.begin() + (samples ? 1 : 0), shape.end());
  switch (channels) {
    case ChannelAxis::kFirst:
      break;
    case ChannelAxis::kLast:
      std::rotate(sample.begin(), sample.end() - 1, sample.end());
      break;
    case ChannelAxis::kNone:
      sample.insert(sample.begin(), 1);
      break;
  }
  return sample;
}

}  // namespace imnorm
