// Loads the OpenCV module, and lets it have the process where the program has said so.
#include "geometry/opencv.h"

#include "imnorm/process.h"
#include "module/module.h"

namespace imnorm {
namespace {

bool owns_process = false;

constexpr ModuleName kModule = {"imnorm_opencv.so", IMNORM_OPENCV_ENTRY, "resizes as OpenCV does",
                                "IMNORM_BUILD_OPENCV_MODULE", "imnorm-opencv"};

Result<const ImnormOpencvApi*> Load() {
  const Result<void*> entry = LoadModule(kModule);
  if (!entry) return Failed(entry);
  const ImnormOpencvApi* api = reinterpret_cast<ImnormOpencvEntry>(*entry)();
  if (api->api != kImnormOpencvApi) return ForeignModule(kModule);
  if (owns_process) api->own_process();
  return api;
}

}  // namespace

void OwnProcess() { owns_process = true; }

Result<const ImnormOpencvApi*> LoadOpencv() {
  static const Result<const ImnormOpencvApi*> api = Load();
  return api;
}

}  // namespace imnorm
