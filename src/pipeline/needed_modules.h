// Finds out before a run whether the modules that it needs are there.
#pragma once

#include "imnorm/decode.h"
#include "imnorm/inputs.h"
#include "imnorm/plan.h"

namespace imnorm {

// Loads what the plan asks for by itself: OpenCV where it resizes, Little CMS.
//
// Errors:   kInstallation
Result<void> LoadModulesOf(const Plan& plan);

// Loads what the pictures of list[range] need, as far as their names tell: a file that only its
// content shows to need a module ends the run when it is met (RunLog).
//
// Rules:    a name alone is no need: where a module does not load, files are read until one is
//           found that it would have to decode
// Errors:   kInstallation
Result<void> LoadModulesOf(const InputList& list, ShardRange range, const DecodeOptions& decode);

// The error of a module, with the picture that could not be decoded without it.
tl::unexpected<Error> NeededBy(const Input& input, Error error);

}  // namespace imnorm
