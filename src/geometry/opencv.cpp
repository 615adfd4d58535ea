// Loads the OpenCV module.
#include "geometry/opencv.h"

#include "module/module.h"

namespace imnorm {
namespace {

Result<const ImnormOpencvApi*> Load() {
  Result<void*> entry = LoadModule("imnorm_opencv.so", IMNORM_OPENCV_ENTRY);
  if (!entry) return tl::unexpected<Error>(std::move(entry.error()));
  const ImnormOpencvApi* api = reinterpret_cast<ImnormOpencvEntry>(*entry)();
  if (api->api != kImnormOpencvApi) {
    return Fail(ErrorCode::kUnsupported, "imnorm_opencv.so belongs to another version of imnorm");
  }
  return api;
}

}  // namespace

Result<const ImnormOpencvApi*> LoadOpencv() {
  static const Result<const ImnormOpencvApi*> api = Load();
  return api;
}

}  // namespace imnorm
