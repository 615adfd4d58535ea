// The module imnorm_opencv.so: cv::imdecode and cv::resize behind a C table, loaded on first need.
#include <cstdio>
#include <exception>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "decode/modules/opencv_api.h"
#include "decode/modules/quiet_cerr.h"

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

void ToRgbOrder(cv::Mat& mat) {
  if (mat.channels() == 3) cv::cvtColor(mat, mat, cv::COLOR_BGR2RGB);
  if (mat.channels() == 4) cv::cvtColor(mat, mat, cv::COLOR_BGRA2RGBA);
}

int Decode(const uint8_t* bytes, size_t size, int as_stored, ImnormOpencvPicture* picture,
           char* error) {
  const QuietCerr quiet;
  return Guarded(error, [&] {
    if (size > size_t(INT32_MAX)) return Refuse(error, "the file is larger than 2 GiB");
    const cv::Mat encoded(1, int(size), CV_8UC1, const_cast<uint8_t*>(bytes));
    // EXIF orientation is the caller's.
    const int flags =
        as_stored ? cv::IMREAD_UNCHANGED : cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION;
    cv::Mat decoded = cv::imdecode(encoded, flags);
    if (decoded.empty()) return Refuse(error, "OpenCV cannot decode it");
    if (decoded.elemSize1() > 2) return Refuse(error, "samples of more than 16 bits");
    ToRgbOrder(decoded);
    picture->width = decoded.cols;
    picture->height = decoded.rows;
    picture->channels = decoded.channels();
    picture->sample_bytes = int(decoded.elemSize1());
    picture->data = decoded.data;
    picture->stride_bytes = decoded.step[0];
    picture->owner = new cv::Mat(std::move(decoded));
    return 0;
  });
}

void Release(ImnormOpencvPicture* picture) {
  delete static_cast<cv::Mat*>(picture->owner);
  picture->owner = nullptr;
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

ImnormOpencvApi MakeApi() {
  FilterCerr();
  cv::redirectError(KeepQuiet);
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  // The pictures are the unit of parallelism.
  cv::setNumThreads(1);
  return {kImnormOpencvApi, CV_VERSION, Decode, Release, Resize};
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormOpencvApi* imnorm_opencv_api() {
  static const ImnormOpencvApi api = MakeApi();
  return &api;
}
