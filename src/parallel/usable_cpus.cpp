// Counts the CPUs that affinity and cgroups leave to this process.
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>

#include "imnorm/run.h"

namespace imnorm {
namespace {

// The CPU quota of this process's cgroup (version 2, the namespace's own root), or 0 for none.
int CgroupQuota() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return 0;
  char* end = nullptr;
  const double microseconds = std::strtod(quota.c_str(), &end);
  return end == quota.c_str() ? 0 : std::max(1, int(std::ceil(microseconds / period)));
}

}  // namespace

int UsableCpus() {
  cpu_set_t set;
  int cpus = sched_getaffinity(0, sizeof set, &set) == 0
                 ? CPU_COUNT(&set)
                 : std::max(1, int(std::thread::hardware_concurrency()));
  if (const int quota = CgroupQuota(); quota > 0) cpus = std::min(cpus, quota);
  return std::max(cpus, 1);
}

}  // namespace imnorm
