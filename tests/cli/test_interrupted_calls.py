"""System calls that a signal interrupts are made again, and one that fails for good ends the run."""

import fcntl
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np

from imnorm_test import DONE, NOT_DONE, ImnormTest, run

# Every other call of each kind is interrupted. IMNORM_NO_POLL: poll fails for good.
SHIM = r"""
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define WRAP(type, bad, name, params, args) \
  type name params { \
    static type (*real) params; \
    static __thread unsigned calls; \
    if (!real) real = (type (*) params)dlsym(RTLD_NEXT, #name); \
    if (getenv("IMNORM_INTERRUPT") && calls++ % 2 == 0) { errno = EINTR; return bad; } \
    return real args; \
  }
WRAP(int, -1, open, (const char* a, int b, mode_t c), (a, b, c))
WRAP(DIR*, 0, opendir, (const char* a), (a))
WRAP(struct dirent*, 0, readdir, (DIR* a), (a))
WRAP(ssize_t, -1, read, (int a, void* b, size_t c), (a, b, c))
WRAP(ssize_t, -1, pread, (int a, void* b, size_t c, off_t d), (a, b, c, d))
WRAP(ssize_t, -1, write, (int a, const void* b, size_t c), (a, b, c))
WRAP(ssize_t, -1, pwrite, (int a, const void* b, size_t c, off_t d), (a, b, c, d))
WRAP(int, -1, ftruncate, (int a, off_t b), (a, b))
WRAP(int, -1, fsync, (int a), (a))
WRAP(int, -1, flock, (int a, int b), (a, b))
WRAP(int, -1, fallocate, (int a, int b, off_t c, off_t d), (a, b, c, d))
int poll(struct pollfd* a, nfds_t b, int c) {
  static int (*real)(struct pollfd*, nfds_t, int);
  if (!real) real = (int (*)(struct pollfd*, nfds_t, int))dlsym(RTLD_NEXT, "poll");
  if (getenv("IMNORM_NO_POLL")) { errno = ENOMEM; return -1; }
  return real(a, b, c);
}
"""


class InterruptedCalls(ImnormTest):
    @classmethod
    def setUpClass(cls):
        home = tempfile.TemporaryDirectory()
        cls.addClassCleanup(home.cleanup)
        source = Path(home.name) / "shim.c"
        source.write_text(SHIM)
        shim = str(Path(home.name) / "shim.so")
        compiler = ["g++", "-x", "c", "-shared", "-fPIC", "-o", shim, str(source), "-ldl"]
        subprocess.run(compiler, check=True)
        cls.shim = {
            "LD_PRELOAD": shim,
            "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0",
        }

    def interrupted(self, *arguments, stdin=None):
        return run(*arguments, stdin=stdin, IMNORM_INTERRUPT="1", **self.shim)

    def test_pictures_lists_and_folders_are_read_as_if_undisturbed(self):
        pictures = self.write_pictures(5)
        os.link(pictures / "0000.jpg", self.write("pictures/below/x", b"").with_name("y.jpg"))
        listing = self.write("list", b"".join(b"%s\n" % os.fsencode(p) for p in
                                              sorted(pictures.glob("*.jpg"))))  # fmt: skip
        for inputs in ((pictures,), ("--files-from", listing), ("--files-from", "-")):
            stdin = listing.read_text() if "-" in inputs else None
            plain = run("stats", *inputs, stdin=stdin)
            self.assert_exit(DONE, plain)
            result = self.interrupted("stats", *inputs, stdin=stdin)
            self.assert_exit(DONE, result)
            self.assertEqual(result.stdout, plain.stdout)

    def test_configs_tensors_and_zips_are_read_as_if_undisturbed(self):
        np.savez_compressed(self.folder / "t.npz", np.arange(96, dtype=np.uint8).reshape(2, 3, 4, 4))
        plan = self.write("plan.json", run("normalize", "x", "--preset", "half",
                                           "--print-plan").stdout.encode())  # fmt: skip
        tensor = self.folder / "t.npz"
        self.assert_exit(DONE, self.interrupted("stats", tensor))
        again = self.interrupted("normalize", "x", "--config", plan, "--print-plan")
        self.assertEqual(again.stdout, plan.read_text())

    def test_outputs_are_written_as_if_undisturbed(self):
        pictures = self.write_pictures(3)
        for method in ((), ("--method", "batch")):
            for name in ("t.npy", "t.safetensors"):
                arguments = ("normalize", pictures, "--preset", "half", *method, "-o")
                self.assert_exit(DONE, run(*arguments, self.folder / name, "--force"))
                plain = (self.folder / name).read_bytes()
                self.assert_exit(DONE, self.interrupted(*arguments, self.folder / name, "--force"))
                self.assertEqual((self.folder / name).read_bytes(), plain)
        result = self.interrupted("stats", pictures, "-o", "/dev/stdout")
        self.assert_exit(DONE, result)
        self.assertEqual(result.stdout, run("stats", pictures, "-o", "/dev/stdout").stdout)

    def test_a_lock_that_was_interrupted_is_still_asked_for(self):
        pictures = self.write_pictures(1)
        held = self.write("t.npy.partial", b"")
        with held.open("r+b") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            result = self.interrupted("normalize", pictures, "--preset", "half", "-o",
                                      self.folder / "t.npy")  # fmt: skip
        self.assert_exit(NOT_DONE, result)
        self.assertIn("another run", result.stderr)

    def test_waiting_for_stdout_that_fails_for_good_ends_the_run(self):
        pictures = self.write_pictures(3)
        result = run("normalize", pictures, "--preset", "half", "-o", "-", IMNORM_NO_POLL="1",
                     **self.shim, timeout=60)  # fmt: skip
        self.assert_exit(NOT_DONE, result)
        self.assertIn("Cannot allocate memory", result.stderr)

    def test_what_goes_on_for_ever_is_no_list(self):
        result = run("stats", "--files-from", "/dev/zero")
        self.assertNotEqual(result.returncode, DONE)
        self.assertIn("NUL", result.stderr)


if __name__ == "__main__":
    unittest.main()
