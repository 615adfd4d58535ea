// The module imnorm_opencv.so: cv::resize behind a C table, loaded on first need.
#include <cstdio>
#include <exception>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>

#include "geometry/modules/opencv_api.h"

namespace {

// The reason travels in the exception; OpenCV would print it to stderr as well.
int KeepQuiet(int, const char*, const char*, const char*, int, void*) { return 0; }

int Refuse(char* error, const char* reason) {
  std::snprintf(error, kImnormOpencvErrorBytes, "%s", reason);
  return 1;
}

// Runs a step; every exception ends here.
template <typename Step>
int Guarded(char* error, Step&& step) {
  try {
    return step();
  } catch (const cv::Exception& e) {
    return Refuse(error, e.err.c_str());
  } catch (const std::exception& e) {
    return Refuse(error, e.what());
  } catch (...) {
    return Refuse(error, "an unknown exception of OpenCV");
  }
}

cv::Mat View(const ImnormOpencvPlane& plane) {
  const int depth = plane.sample_bytes == 1 ? CV_8U : plane.sample_bytes == 2 ? CV_16U : CV_32F;
  return cv::Mat(plane.height, plane.width, CV_MAKETYPE(depth, plane.channels), plane.data);
}

int InterpolationOf(int interpolation) {
  switch (interpolation) {
    case kImnormOpencvNearest:
      return cv::INTER_NEAREST;
    case kImnormOpencvCubic:
      return cv::INTER_CUBIC;
    case kImnormOpencvArea:
      return cv::INTER_AREA;
    case kImnormOpencvLanczos4:
      return cv::INTER_LANCZOS4;
    default:
      return cv::INTER_LINEAR;
  }
}

int Resize(const ImnormOpencvPlane* in, const ImnormOpencvPlane* out, int interpolation,
           char* error) {
  return Guarded(error, [&] {
    cv::Mat target = View(*out);
    cv::resize(View(*in), target, target.size(), 0, 0, InterpolationOf(interpolation));
    if (target.data != out->data) return Refuse(error, "OpenCV moved the output");
    return 0;
  });
}

void OwnProcess() {
  cv::redirectError(KeepQuiet);
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  // The pictures are the unit of parallelism.
  cv::setNumThreads(1);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormOpencvApi* imnorm_opencv_api() {
  static const ImnormOpencvApi api = {kImnormOpencvApi, Resize, OwnProcess};
  return &api;
}
