#include "decode/opencv.h"

#include <cstdlib>

#include "module/module.h"

namespace imnorm {
namespace {

Result<const ImnormOpencvApi*> Load() {
  // OpenCV reads its limits once, while it is loaded. Ours is checked on each header before; this
  // one holds where the two would read a header differently.
  setenv("OPENCV_IO_MAX_IMAGE_PIXELS", "4294967296", 1);
  setenv("OPENCV_IO_MAX_IMAGE_WIDTH", "33554432", 1);
  setenv("OPENCV_IO_MAX_IMAGE_HEIGHT", "33554432", 1);
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
