// Calls cv::resize through the module.
#include "geometry/opencv_resize.h"

#include <fmt/format.h>

#include "geometry/opencv.h"

namespace imnorm {
namespace {

Result<int> InterpolationOf(Filter filter) {
  switch (filter) {
    case Filter::kNearest:
      return kImnormOpencvNearest;
    case Filter::kBilinear:
      return kImnormOpencvLinear;
    case Filter::kBicubic:
      return kImnormOpencvCubic;
    case Filter::kArea:
      return kImnormOpencvArea;
    case Filter::kLanczos:
      return kImnormOpencvLanczos4;
    case Filter::kBox:
    case Filter::kHamming:
    case Filter::kNearestExact:
      break;
  }
  return Fail(
      ErrorCode::kBadArgument,
      "OpenCV has no box or hamming filter; use nearest, bilinear, bicubic, lanczos or area");
}

ImnormOpencvPlane PlaneOf(const Image& image) {
  // The module reads the input through the same plain structure and does not write to it.
  return {image.width, image.height, image.channels, int(ElementBytes(image.type)),
          const_cast<uint8_t*>(image.pixels.data())};
}

}  // namespace

Result<void> OpencvResize(const Image& in, int width, int height, Filter filter, Image& out) {
  const Result<int> interpolation = InterpolationOf(filter);
  if (!interpolation) return Failed(interpolation);
  const Result<const ImnormOpencvApi*> api = LoadOpencv();
  if (!api) return Failed(api);
  out.Reshape(width, height, in.channels, in.type);
  const ImnormOpencvPlane from = PlaneOf(in);
  const ImnormOpencvPlane to = PlaneOf(out);
  char error[kImnormOpencvErrorBytes];
  if ((*api)->resize(&from, &to, *interpolation, error) != 0) {
    return Fail(ErrorCode::kUnsupported, fmt::format("cv::resize: {}", error));
  }
  return {};
}

}  // namespace imnorm
