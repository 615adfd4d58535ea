// Reads what the system lets this process use.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include "imnorm/memory.h"

namespace imnorm {
namespace {

constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();

uint64_t LimitIn(const std::string& file) {
  std::ifstream in(file);
  uint64_t limit = 0;
  return in >> limit && limit > 0 ? limit : kNoLimit;  // "max" is none
}

// The smallest limit of a group and of those that it is in.
uint64_t LimitOfGroups(const std::string& root, std::string group, const char* file) {
  uint64_t smallest = LimitIn(root + "/" + file);
  while (!group.empty() && group != "/") {
    smallest = std::min(smallest, LimitIn(root + group + "/" + file));
    group.resize(group.find_last_of('/') == std::string::npos ? 0 : group.find_last_of('/'));
  }
  return smallest;
}

// Of control groups of both versions: "0::/a/b", "5:memory:/a".
uint64_t LimitOfControlGroups() {
  uint64_t smallest = kNoLimit;
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string group = line.substr(second + 1);
    if (controllers == ",,") {
      smallest = std::min(smallest, LimitOfGroups("/sys/fs/cgroup", group, "memory.max"));
    } else if (controllers.find(",memory,") != std::string::npos) {
      smallest = std::min(smallest,
                          LimitOfGroups("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes"));
    }
  }
  return smallest;
}

}  // namespace

uint64_t UsableMemory() {
  uint64_t usable = LimitOfControlGroups();
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    usable = std::min<uint64_t>(usable, limit.rlim_cur);
  }
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0) usable = std::min(usable, uint64_t(pages) * uint64_t(page));
  return usable;
}

uint64_t DefaultMemory() { return std::min(UsableMemory() / 4, uint64_t{4} << 30); }

}  // namespace imnorm
