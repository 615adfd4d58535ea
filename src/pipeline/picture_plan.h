// Which plans turn pictures into a tensor.
#pragma once

#include "imnorm/error.h"
#include "imnorm/plan.h"

namespace imnorm {

// Refuses plans that are for statistics or for tensors only.
//
// Errors:   kBadArgument
Result<void> CheckPicturePlan(const Plan& plan);

// Refuses plans that make several rows of a picture.
//
// Errors:   kBadArgument
Result<void> CheckWholePictures(const Plan& plan);

}  // namespace imnorm
