// What the first good picture of a list is, for runs that take pictures as they are.
#pragma once

#include <optional>

#include "imnorm/decode.h"
#include "imnorm/inputs.h"
#include "imnorm/plan.h"
#include "imnorm/run.h"

namespace imnorm {

// Channels and samples of the first good picture of the list, whatever the shard; nothing where
// there is none.
//
// Errors:   kCancelled; kIo: the system has no memory or descriptors left, and which picture is the
//           first good one is not known
Result<std::optional<ImageInfo>> ProbeFirstGood(const InputList& list, const DecodeOptions& decode,
                                                const RunOptions& options);

// The plan, with what pictures that are taken as they are stored hold: the first good one decides,
// where the plan does not say it.
//
// Rules:    where no picture is good any plan will do: each of them says what is wrong with it
// Errors:   those of ProbeFirstGood and ValidatePlan
Result<Plan> PlanOfPictures(const InputList& list, const Plan& plan, const RunOptions& options);

}  // namespace imnorm
