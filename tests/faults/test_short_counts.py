"""Reads and writes that end early and calls that signals interrupt: the result is the same."""

import unittest

from fault_jobs import JOBS, Faults, shim
from imnorm_test import SLOW

# IMNORM_SHORT=K: a read or write does 1 to K bytes of what it was asked for. IMNORM_INTERRUPT=N: so
# many of a thousand calls are interrupted, never twice in a row, and say so wherever a call may.
SHIM = r"""
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
static unsigned Next(void) {
  static __thread unsigned state = 2463534242u;
  state ^= state << 13;
  state ^= state >> 17;
  return state ^= state << 5;
}
static int Setting(const char* name) {
  const char* text = getenv(name);
  return text ? atoi(text) : 0;
}
static int Interrupted(void) {
  static __thread int before = 0;
  before = !before && (int)(Next() % 1000) < Setting("IMNORM_INTERRUPT");
  if (before) errno = EINTR;
  return before;
}
static size_t Short(size_t count) {
  const unsigned most = (unsigned)Setting("IMNORM_SHORT");
  if (most == 0 || count == 0) return count;
  const size_t some = 1 + Next() % most;
  return some < count ? some : count;
}
#define WRAP(type, bad, name, params, args) \
  type name params { \
    static type (*real) params; \
    if (!real) real = (type (*) params)dlsym(RTLD_NEXT, #name); \
    if (Interrupted()) return bad; \
    return real args; \
  }
WRAP(ssize_t, -1, read, (int a, void* b, size_t c), (a, b, Short(c)))
WRAP(ssize_t, -1, pread, (int a, void* b, size_t c, off_t d), (a, b, Short(c), d))
WRAP(ssize_t, -1, pread64, (int a, void* b, size_t c, off_t d), (a, b, Short(c), d))
WRAP(ssize_t, -1, write, (int a, const void* b, size_t c), (a, b, Short(c)))
WRAP(ssize_t, -1, pwrite, (int a, const void* b, size_t c, off_t d), (a, b, Short(c), d))
WRAP(ssize_t, -1, pwrite64, (int a, const void* b, size_t c, off_t d), (a, b, Short(c), d))
WRAP(DIR*, 0, opendir, (const char* a), (a))
struct dirent* readdir(DIR* a) {
  static struct dirent* (*real)(DIR*);
  if (!real) real = (struct dirent * (*)(DIR*)) dlsym(RTLD_NEXT, "readdir");
  // A listing that is interrupted begins anew: it would never end if each of its calls were.
  if (Next() % 16 == 0 && Interrupted()) return 0;
  return real(a);
}
WRAP(int, -1, ftruncate, (int a, off_t b), (a, b))
WRAP(int, -1, fsync, (int a), (a))
WRAP(int, -1, flock, (int a, int b), (a, b))
WRAP(int, -1, fallocate, (int a, int b, off_t c, off_t d), (a, b, c, d))
WRAP(int, -1, poll, (struct pollfd* a, nfds_t b, int c), (a, b, c))
int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  if (Interrupted()) return -1;
  return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) __attribute__((alias("open")));
"""


class ShortCounts(Faults):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shim = shim(cls.home, SHIM)

    def battery(self, jobs, ways):
        for job in jobs:
            for threads in (1, 3):
                for most, interrupted in ways:
                    self.prepare(job)
                    way = {"IMNORM_SHORT": str(most), "IMNORM_INTERRUPT": str(interrupted)}
                    result = self.execute(self.command(job, threads), environment=self.shim | way)
                    verdict = self.judge(job, result)
                    if verdict == "same" or verdict.bad:
                        self.count(verdict, f"{job} -j {threads} {way}")
                    else:
                        self.count(f"bad: {verdict}: {result[2][-300:]}", f"{job} {way}")
        self.close_count("short reads and writes, interrupted calls")

    @unittest.skipUnless(SLOW, "minutes")
    def test_any_run(self):
        self.battery(
            JOBS, [(1, 0), (7, 0), (512, 0), (4096, 0), (0, 500), (0, 900), (7, 300), (1000, 700)]
        )

    def test_some_runs(self):
        names = ("stats", "npz", "wds_shards", "stats_tar")
        self.battery([job for job in JOBS if job.name in names], [(1, 0), (600, 500)])


if __name__ == "__main__":
    unittest.main()
