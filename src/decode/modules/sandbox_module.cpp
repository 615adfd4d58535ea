// The module that shuts a decoding process in, with libseccomp.
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>

#include "decode/modules/sandbox_api.h"

namespace {

// Memory, packets on sockets that are there, locks, the end of the process.
constexpr int kFree[] = {
    SCMP_SYS(recvfrom),     SCMP_SYS(sendto),       SCMP_SYS(brk),
    SCMP_SYS(munmap),       SCMP_SYS(mremap),       SCMP_SYS(madvise),
    SCMP_SYS(futex),        SCMP_SYS(getrandom),    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettid),       SCMP_SYS(getpid),       SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(exit),         SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(gettimeofday), SCMP_SYS(exit_group),   SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo),  // of glibc's qsort
};

// What the memory that mmap and mprotect give must not be.
constexpr int kMaps[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
constexpr unsigned kProtection = 2;  // the argument

// Last words, of a library that gives up.
constexpr int kWrites[] = {SCMP_SYS(write), SCMP_SYS(writev)};

struct Freed {
  void operator()(void* filter) const { seccomp_release(filter); }
};

int Enter() {
  const std::unique_ptr<void, Freed> filter(seccomp_init(SCMP_ACT_TRAP));
  if (!filter) return ENOMEM;
  int failed = 0;
  const auto allow = [&](int call, std::initializer_list<scmp_arg_cmp> where) {
    const int error = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call,
                                             unsigned(where.size()), where.begin());
    if (error != 0) failed = -error;
  };
  for (const int call : kFree) allow(call, {});
  for (const int call : kMaps) {
    allow(call, {{kProtection, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}});
  }
  for (const int call : kWrites) allow(call, {{0, SCMP_CMP_EQ, STDERR_FILENO, 0}});
  // abort() raises a signal in itself.
  allow(SCMP_SYS(tgkill), {{0, SCMP_CMP_EQ, scmp_datum_t(getpid()), 0}});
  if (failed != 0) return failed;
  return -seccomp_load(filter.get());
}

bool NameOf(int number, char* name, size_t bytes) {
  char* found = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
  if (found == nullptr || bytes == 0) return false;
  std::strncpy(name, found, bytes - 1);
  name[bytes - 1] = '\0';
  std::free(found);
  return true;
}

const char* Version() {
  static const std::string version = [] {
    const scmp_version* v = seccomp_version();
    return std::to_string(v->major) + "." + std::to_string(v->minor) + "." +
           std::to_string(v->micro);
  }();
  return version.c_str();
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormSandboxApi* imnorm_sandbox_api(void) {
  static const ImnormSandboxApi api = {kImnormSandboxApi, Version(), Enter, NameOf};
  return &api;
}
