// The library's side of the OpenCV module.
#pragma once

#include "geometry/modules/opencv_api.h"
#include "imnorm/error.h"

namespace imnorm {

// Loads the module on the first call.
//
// Errors:   kInstallation: the module is missing or does not load
// Threads:  safe
Result<const ImnormOpencvApi*> LoadOpencv();

}  // namespace imnorm
