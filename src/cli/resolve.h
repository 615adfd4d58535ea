// Arguments -> Plan and options: where words become decisions.
#pragma once

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/parse_values.h"
#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "imnorm/run.h"

namespace imnorm::cli {

// The plan: the preset's, or the defaults, under the flags.
//
// Rules:    an engine (--like) sets its rules first, single flags come after it
// Errors:   kBadArgument, kBadConfig, kNotFound, each naming its flag
Result<Plan> ResolvePlan(const Arguments& arguments);

// What the plan is for: a tensor, where one is the only INPUT.
PlanInput PlanInputOf(const Arguments& arguments);

// Threads, strictness, JPEG decoder (--jpeg or IMNORM_JPEG).
Result<RunOptions> ResolveRun(const Arguments& arguments);

// --progress auto|always|never.
Result<ProgressMode> ResolveProgress(const Arguments& arguments);

// --shard I/N, or --shard auto from the environment of SLURM, Kubernetes or torchrun.
Result<Shard> ResolveShard(const Arguments& arguments);

// The tensor that is the only INPUT; its path is "" where the inputs are pictures.
//
// Errors:   kBadArgument: no input at all, a tensor among other inputs, --tensor with pictures
Result<TensorSource> TensorInput(const Arguments& arguments);

Result<OutputOptions> ResolveOutput(const Arguments& arguments);

}  // namespace imnorm::cli
