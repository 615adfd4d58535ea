// The options that say what is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "imnorm/job.h"

namespace imnorm::cli {

struct InputArguments {
  InputOptions inputs;
  std::string frame, tensor, input_layout, shard;
  std::optional<uint64_t> num_shards;
};

void AddInputs(Options& options, InputArguments& a);

// "N" or "all" of --frame into the options; "": the first.
//
// Errors:   kBadArgument
Result<void> ResolveFrame(const std::string& text, InputOptions& inputs);

// Whether a tensor is the only INPUT.
bool IsTensorInput(const InputArguments& a);

// What is read. A tensor is an input of its own; --shard auto asks the environment of SLURM,
// mpirun, Kubernetes or torchrun.
//
// Errors:   kBadArgument: no input at all, a tensor among other inputs, --tensor or --input-layout
// with
//           pictures, a
//           picture's option with a tensor, a shard that is none
Result<SourceOptions> ResolveSource(const InputArguments& a, const std::vector<GivenOption>& given);

}  // namespace imnorm::cli
