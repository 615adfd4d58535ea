// Loads the OpenCV module.
#include "geometry/opencv.h"

#include "module/module.h"

namespace imnorm {
namespace {

constexpr ModuleName kModule = {"imnorm_opencv.so", IMNORM_OPENCV_ENTRY, "resizes as OpenCV does",
                                "IMNORM_BUILD_OPENCV_MODULE"};

Result<const ImnormOpencvApi*> Load() {
  const Result<void*> entry = LoadModule(kModule);
  if (!entry) return Failed(entry);
  const ImnormOpencvApi* api = reinterpret_cast<ImnormOpencvEntry>(*entry)();
  if (api->api != kImnormOpencvApi) return ForeignModule(kModule);
  return api;
}

}  // namespace

Result<const ImnormOpencvApi*> LoadOpencv() {
  static const Result<const ImnormOpencvApi*> api = Load();
  return api;
}

}  // namespace imnorm
