// Parts of a list, as they are written and as a cluster says them.
#include "cli/groups/shard.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

using Variables = std::vector<std::pair<const char*, const char*>>;

// Variables of a cluster, and no others, while it lives.
class Cluster {
 public:
  explicit Cluster(const Variables& set) {
    for (const char* name : kNames) unsetenv(name);
    for (const auto& [name, value] : set) setenv(name, value, 1);
  }
  ~Cluster() {
    for (const char* name : kNames) unsetenv(name);
  }

 private:
  static constexpr const char* kNames[] = {"SLURM_ARRAY_TASK_ID",
                                           "SLURM_ARRAY_TASK_MIN",
                                           "SLURM_ARRAY_TASK_COUNT",
                                           "SLURM_ARRAY_TASK_STEP",
                                           "OMPI_COMM_WORLD_RANK",
                                           "OMPI_COMM_WORLD_SIZE",
                                           "PMI_RANK",
                                           "PMI_SIZE",
                                           "SLURM_PROCID",
                                           "SLURM_NTASKS",
                                           "JOB_COMPLETION_INDEX",
                                           "RANK",
                                           "WORLD_SIZE"};
};

bool IsPart(const Result<Shard>& shard, uint64_t index, uint64_t count) {
  return shard && shard->index == index && shard->count == count;
}

}  // namespace

TEST_CASE("a part is I of N, and all where nothing is said", "[cli]") {
  CHECK(IsPart(ResolveShard("", {}), 1, 1));
  CHECK(IsPart(ResolveShard("2/3", {}), 2, 3));
  for (const char* text : {"0/3", "4/3", "1", "1/", "a/b", "-1/3"}) {
    CAPTURE(text);
    CHECK_THAT(Complaint(ResolveShard(text, {})), Catch::StartsWith("--shard"));
  }
  CHECK_THAT(Complaint(ResolveShard("1/2", 2)), Catch::Contains("--num-shards"));
}

TEST_CASE("each kind of cluster says its part", "[cli]") {
  {
    const Cluster array(Variables{{"SLURM_ARRAY_TASK_ID", "14"},
                                  {"SLURM_ARRAY_TASK_MIN", "10"},
                                  {"SLURM_ARRAY_TASK_COUNT", "3"},
                                  {"SLURM_ARRAY_TASK_STEP", "2"},
                                  {"RANK", "0"},
                                  {"WORLD_SIZE", "8"}});
    CHECK(IsPart(ResolveShard("auto", {}), 3, 3));
  }
  {
    const Cluster tasks(Variables{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}});
    CHECK(IsPart(ResolveShard("auto", {}), 1, 4));
  }
  {
    const Cluster open_mpi(Variables{{"OMPI_COMM_WORLD_RANK", "2"}, {"OMPI_COMM_WORLD_SIZE", "4"}});
    CHECK(IsPart(ResolveShard("auto", {}), 3, 4));
  }
  {
    const Cluster mpich(Variables{{"PMI_RANK", "0"}, {"PMI_SIZE", "2"}});
    CHECK(IsPart(ResolveShard("auto", {}), 1, 2));
  }
  {
    const Cluster kubernetes(Variables{{"JOB_COMPLETION_INDEX", "1"}});
    CHECK(IsPart(ResolveShard("auto", 5), 2, 5));
    CHECK_FALSE(ResolveShard("auto", {}));
  }
  {
    const Cluster torchrun(Variables{{"RANK", "7"}, {"WORLD_SIZE", "8"}});
    CHECK(IsPart(ResolveShard("auto", {}), 8, 8));
  }
}

TEST_CASE("a job of one task is a whole, but for a launcher inside of it", "[cli]") {
  const Cluster alone(Variables{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "1"}});
  CHECK(IsPart(ResolveShard("auto", {}), 1, 1));
  const Cluster launcher(
      Variables{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "1"}, {"RANK", "1"}, {"WORLD_SIZE", "2"}});
  CHECK(IsPart(ResolveShard("auto", {}), 2, 2));
}

TEST_CASE("mpirun within a Slurm job knows better, where it starts several", "[cli]") {
  const Cluster four_ranks(Variables{{"SLURM_PROCID", "0"},
                                     {"SLURM_NTASKS", "4"},
                                     {"OMPI_COMM_WORLD_RANK", "3"},
                                     {"OMPI_COMM_WORLD_SIZE", "4"}});
  CHECK(IsPart(ResolveShard("auto", {}), 4, 4));
  const Cluster array(Variables{{"SLURM_ARRAY_TASK_ID", "5"},
                                {"SLURM_ARRAY_TASK_MIN", "1"},
                                {"SLURM_ARRAY_TASK_COUNT", "8"},
                                {"PMI_RANK", "0"},
                                {"PMI_SIZE", "1"}});
  CHECK(IsPart(ResolveShard("auto", {}), 5, 8));
  const Cluster one_rank(Variables{{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "1"}});
  CHECK(IsPart(ResolveShard("auto", {}), 1, 1));
}

TEST_CASE("an environment that says nothing, or nonsense, is refused", "[cli]") {
  const Cluster none(Variables{});
  CHECK_THAT(Complaint(ResolveShard("auto", {})), Catch::Contains("WORLD_SIZE is set"));
  const Cluster beyond(Variables{{"RANK", "8"}, {"WORLD_SIZE", "8"}});
  CHECK_THAT(Complaint(ResolveShard("auto", {})), Catch::Contains("part 9 of 8"));
  const Cluster words(Variables{{"RANK", "x"}, {"WORLD_SIZE", "8"}});
  CHECK_FALSE(ResolveShard("auto", {}));
}

}  // namespace imnorm::cli
