// What the sides of a tensor are: samples, channels, and those of a plane.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

enum class ChannelAxis { kNone, kFirst, kLast };  // behind the samples, or at the end

struct TensorAxes {
  bool samples = true;                         // without them all is one sample
  ChannelAxis channels = ChannelAxis::kFirst;  // kNone: there is one channel
  int plane_sides = 2;                         // 0, 1 (l), 2 (hw) or 3 (dhw)

  size_t rank() const {
    return size_t(samples) + size_t(channels != ChannelAxis::kNone) + size_t(plane_sides);
  }

  // [C, sides of a plane...] of a sample of a tensor of this shape, which has rank() sides.
  std::vector<int64_t> SampleShape(const std::vector<int64_t>& shape) const;
};

// The axes that a layout's word says: "nchw", "nhwc", "ncdhw", "nlc", "chw", "nhw", ...
//
// Errors:   kBadArgument
Result<TensorAxes> ParseTensorAxes(std::string_view word);

// The axes of a shape by a layout's word; without one (N,C), (N,C,L), (N,C,H,W) and (N,C,D,H,W).
//
// Errors:   kBadArgument: a word for another number of sides, or none where the shape looks as if
//           the channels came last; kUnsupported: other ranks without a word
Result<TensorAxes> AxesOf(const std::vector<int64_t>& shape, std::string_view word);

}  // namespace imnorm
