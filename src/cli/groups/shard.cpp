// I/N as it is written, or as a cluster says it to its tasks.
#include "cli/groups/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "cli/parse_values.h"

namespace imnorm::cli {
namespace {

// A whole number from the environment.
std::optional<uint64_t> Variable(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
  if (error != std::errc() || *end != '\0') return std::nullopt;
  return value;
}

// What mpirun says: Open MPI by names of its own, MPICH, Intel MPI and Slurm's own PMI by PMI's.
std::optional<Shard> ShardFromMpi() {
  for (const auto& [rank_name, size_name] :
       {std::pair("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
        std::pair("PMI_RANK", "PMI_SIZE")}) {
    const auto rank = Variable(rank_name);
    const auto size = Variable(size_name);
    if (rank && size) return Shard{*rank + 1, *size};
  }
  return std::nullopt;
}

// What a cluster says of this task: the first of the known pairs that is whole. Slurm tells every
// job of one task that it is one, also where a launcher inside of it then starts several; and
// mpirun's processes on a node have one SLURM_PROCID between them, so MPI is asked before.
std::optional<Shard> ShardFromCluster(const std::optional<uint64_t>& num_shards) {
  const auto array_task = Variable("SLURM_ARRAY_TASK_ID");
  const auto array_min = Variable("SLURM_ARRAY_TASK_MIN");
  const auto array_count = Variable("SLURM_ARRAY_TASK_COUNT");
  if (array_task && array_min && array_count && *array_count > 1) {
    const uint64_t step = std::max<uint64_t>(1, Variable("SLURM_ARRAY_TASK_STEP").value_or(1));
    return Shard{(*array_task - *array_min) / step + 1, *array_count};
  }
  const auto mpi = ShardFromMpi();
  if (mpi && mpi->count > 1) return mpi;
  const auto slurm_rank = Variable("SLURM_PROCID");
  const auto slurm_size = Variable("SLURM_NTASKS");
  if (slurm_rank && slurm_size && *slurm_size > 1) return Shard{*slurm_rank + 1, *slurm_size};
  const auto kubernetes = Variable("JOB_COMPLETION_INDEX");
  if (kubernetes && num_shards) return Shard{*kubernetes + 1, *num_shards};
  const auto rank = Variable("RANK");
  const auto size = Variable("WORLD_SIZE");
  if (rank && size) return Shard{*rank + 1, *size};
  const bool alone =
      (array_task && array_min && array_count == 1) || (slurm_rank && slurm_size == 1) || mpi;
  return alone ? std::optional(Shard{1, 1}) : std::nullopt;
}

}  // namespace

Result<Shard> ResolveShard(const std::string& text, const std::optional<uint64_t>& num_shards) {
  if (num_shards && text != "auto") {
    return Fail(ErrorCode::kBadArgument, "--num-shards goes with --shard auto");
  }
  if (text.empty()) return Shard{};
  if (text != "auto") return ParseShard(text);
  const auto shard = ShardFromCluster(num_shards);
  if (!shard) {
    return Fail(ErrorCode::kBadArgument,
                "--shard auto: none of SLURM_ARRAY_TASK_ID (with _MIN and _COUNT), "
                "OMPI_COMM_WORLD_RANK or PMI_RANK (with _SIZE), SLURM_PROCID with SLURM_NTASKS, "
                "JOB_COMPLETION_INDEX with --num-shards, or RANK with WORLD_SIZE is set");
  }
  if (shard->index < 1 || shard->index > shard->count || shard->count > kMostShards) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--shard auto: the environment says part {} of {}", shard->index,
                            shard->count));
  }
  return *shard;
}

}  // namespace imnorm::cli
