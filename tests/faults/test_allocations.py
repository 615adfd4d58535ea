"""Whichever allocation the system refuses, once or from then on: a run ends with its whole result, or
says that there is no memory left. It is no picture's fault and no crash."""

import errno
import os
import unittest

from fault_jobs import JOBS, SANITIZED, Faults, shim
from imnorm_test import NOT_DONE, SLOW

# With exit code 127 and these words glibc itself ends a program: where there is no memory for what a
# library keeps for each thread, which it asks for when that is first touched (Debian 13's libarchive),
# and within dlopen.
LOADER_ENDED = ("cannot allocate memory for thread-local data: ABORT", "out of memory")

# Refuses the N-th allocation after main has begun: IMNORM_REFUSE=N that one, N+ all from it on. At
# the end tells on descriptor IMNORM_COUNT, if that is set, how many there were.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);
static int begun, ever, counts;
static long wanted, so_far;
static int Refused(void) {
  if (!begun) return 0;
  const long number = __sync_add_and_fetch(&so_far, 1);
  if (number != wanted && !(ever && number > wanted)) return 0;
  errno = ENOMEM;
  return 1;
}
void* malloc(size_t n) { return Refused() ? NULL : __libc_malloc(n); }
void* calloc(size_t a, size_t b) { return Refused() ? NULL : __libc_calloc(a, b); }
void* realloc(void* p, size_t n) { return Refused() ? NULL : __libc_realloc(p, n); }
void* memalign(size_t a, size_t n) { return Refused() ? NULL : __libc_memalign(a, n); }
void* aligned_alloc(size_t a, size_t n) { return Refused() ? NULL : __libc_memalign(a, n); }
int posix_memalign(void** p, size_t a, size_t n) {
  if (Refused()) return ENOMEM;
  *p = __libc_memalign(a, n);
  return *p ? 0 : ENOMEM;
}
void* mmap(void* a, size_t n, int b, int c, int d, off_t e) {
  static void* (*real)(void*, size_t, int, int, int, off_t);
  if (!real) real = (void* (*)(void*, size_t, int, int, int, off_t))dlsym(RTLD_NEXT, "mmap");
  return Refused() ? MAP_FAILED : real(a, n, b, c, d, e);
}
void* mmap64(void* a, size_t n, int b, int c, int d, off_t e) __attribute__((alias("mmap")));
static void Tell(void) {
  begun = 0;
  if (counts) dprintf(counts, "%ld", so_far);
}
static int (*program)(int, char**, char**);
static int Main(int argc, char** argv, char** environment) {
  const char* text = getenv("IMNORM_REFUSE");
  wanted = text ? atol(text) : 0;
  ever = text && strchr(text, '+');
  counts = getenv("IMNORM_COUNT") ? atoi(getenv("IMNORM_COUNT")) : 0;
  atexit(Tell);
  begun = 1;
  return program(argc, argv, environment);
}
int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void),
                      void (*fini)(void), void (*end)(void), void* stack) {
  int (*real)(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void),
              void (*)(void), void*);
  *(void**)&real = dlsym(RTLD_NEXT, "__libc_start_main");
  program = main;
  return real(Main, argc, argv, init, fini, end, stack);
}
"""


@unittest.skipIf(SANITIZED, "sanitizers have allocators of their own")
class Allocations(Faults):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shim = shim(cls.home, SHIM)

    def allocations_of(self, job, threads):
        self.prepare(job)
        told = self.folder / "count"
        with open(told, "w") as file:
            code, *_ = self.execute(
                self.command(job, threads),
                environment=self.shim | {"IMNORM_COUNT": str(file.fileno())},
                pass_fds=[file.fileno()],
            )
        self.assertIn(code, (0, 1))
        return int(told.read_text())

    def battery(self, jobs, most):
        """Of each run all allocations, or so many spread over it."""
        for job in jobs:
            for threads in (1, 3):
                count = self.allocations_of(job, threads)
                self.assertGreater(count, 100)
                step = max(1, -(-2 * count // most))
                for number in range(1, count + 1, step):
                    for place in (str(number), f"{number}+"):
                        self.refuse(job, threads, place)
        self.close_count("allocations that are refused")

    def refuse(self, job, threads, place):
        self.prepare(job)
        result = self.execute(
            self.command(job, threads), environment=self.shim | {"IMNORM_REFUSE": place}
        )
        if result[0] == 127 and result[2].rstrip().endswith(LOADER_ENDED):
            result = (NOT_DONE, result[1], os.strerror(errno.ENOMEM))
        verdict = self.judge(job, result, ["ENOMEM"])
        left = [name for name in self.files() if name.endswith(".partial")]
        if verdict.bad and place.endswith("+") and left:
            # Not even what tidying up takes was there: as after a kill, the next run takes it over.
            for name in left:
                (self.work / name).rename(self.folder / name)
            verdict = self.judge(job, result, ["ENOMEM"])
            if verdict == "not done":
                for name in left:
                    (self.folder / name).rename(self.work / name)
                verdict = self.judge(job, self.execute(self.command(job, threads)))
                verdict = f"not done, and taken over: {verdict}" if verdict == "same" else verdict
        self.count(verdict, f"{job} -j {threads} allocation {place}")

    @unittest.skipUnless(SLOW, "minutes")
    def test_any_allocation(self):
        self.battery(JOBS, 1500)

    def test_some_allocations(self):
        self.battery([job for job in JOBS if job.name in ("stats", "npz", "stats_tar")], 60)


if __name__ == "__main__":
    unittest.main()
