"""Runs of the program that die at a call of their choice."""

import os
import subprocess
import tempfile
from pathlib import Path

from imnorm_test import ImnormTest, binary

# Ends the process at the N-th call that changes a file or a folder, before it is made, or (half a
# write) in the middle of it. Lets ten minutes pass with each file that is opened, so that short runs
# note how far they are.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <signal.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
static int Here(void) {
  static int calls = 0;
  const char* at = getenv("IMNORM_KILL");
  return at && __sync_add_and_fetch(&calls, 1) == atoi(at);
}
static void Die(void) {
  const char* with = getenv("IMNORM_SIGNAL");
  kill(getpid(), with ? atoi(with) : SIGKILL);
}
#define WRAP(type, name, params, args, half) \
  type name params { \
    static type (*real) params; \
    if (!real) real = (type (*) params)dlsym(RTLD_NEXT, #name); \
    if (Here()) { half; Die(); } \
    return real args; \
  }
WRAP(ssize_t, pwrite, (int a, const void* b, size_t n, off_t o), (a, b, n, o), real(a, b, n / 2, o))
WRAP(ssize_t, pwrite64, (int a, const void* b, size_t n, off_t o), (a, b, n, o), real(a, b, n / 2, o))
WRAP(int, rename, (const char* a, const char* b), (a, b), )
WRAP(int, renameat2, (int a, const char* b, int c, const char* d, unsigned e), (a, b, c, d, e), )
WRAP(int, unlink, (const char* a), (a), )
WRAP(int, fsync, (int a), (a), )
WRAP(int, fchmod, (int a, mode_t b), (a, b), )
static int opened = 0;
int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  __sync_add_and_fetch(&opened, 1);
  return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) __attribute__((alias("open")));
int clock_gettime(clockid_t id, struct timespec* t) {
  const int result = syscall(SYS_clock_gettime, id, t);
  if (getenv("IMNORM_HURRY")) t->tv_sec += 600 * opened;
  return result;
}
"""


class Shimmed(ImnormTest):
    """Runs the program with a library of SHIM's functions in front of the system's."""

    SHIM = SHIM

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory()
        source = Path(cls.home.name) / "shim.c"
        source.write_text(cls.SHIM)
        cls.shim = str(Path(cls.home.name) / "shim.so")
        subprocess.run(
            ["g++", "-x", "c", "-shared", "-fPIC", "-o", cls.shim, str(source), "-ldl"], check=True
        )

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()

    def environment(self, **more):
        return {
            **os.environ,
            "LD_PRELOAD": self.shim,
            "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0",
            **more,
        }

    def call(self, *arguments, code=None, **environment):
        result = subprocess.run(
            [binary(), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self.environment(**environment),
        )
        if code is not None:
            self.assertEqual(result.returncode, code, result.stderr)
        return result

    def files(self):
        """{name: bytes} of the folder, without those in folders."""
        return {p.name: p.read_bytes() for p in self.folder.iterdir() if p.is_file()}

    def assert_files(self, whole, told):
        files = self.files()
        self.assertEqual(sorted(files), sorted(whole), told)
        self.assertEqual([name for name in whole if files[name] != whole[name]], [], told)

    def clear(self):
        for path in self.folder.iterdir():
            if path.is_file():
                path.unlink()
