// Which part of the list a task of many does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "imnorm/error.h"
#include "imnorm/job.h"

namespace imnorm::cli {

// --shard I/N, or --shard auto from the environment of SLURM, mpirun, Kubernetes or torchrun;
// "" is all.
//
// Errors:   kBadArgument
Result<Shard> ResolveShard(const std::string& shard, const std::optional<uint64_t>& num_shards);

}  // namespace imnorm::cli
