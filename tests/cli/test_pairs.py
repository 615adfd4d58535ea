"""The files of one run belong together at every instant: killed before, between or after any call that
puts them under their names, a run leaves no manifest beside the tensor of another run, and the rerun
ends as if nothing had been."""

import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from imnorm_test import NOT_DONE, binary, jpeg
from kill_at_a_call import Shimmed

# Ends the process at the N-th call that changes a folder or brings something to the disk, before it
# is made; IMNORM_FAIL instead lets that call fail with EIO.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <signal.h>
#include <sys/stat.h>
static int Here(void) {
  static int calls = 0;
  const char* at = getenv("IMNORM_KILL");
  const char* fail = getenv("IMNORM_FAIL");
  ++calls;
  if (at && calls == atoi(at)) kill(getpid(), SIGKILL);
  if (fail && calls == atoi(fail)) { errno = EIO; return 1; }
  return 0;
}
#define WRAP(type, name, params, args) \
  type name params { \
    static type (*real) params; \
    if (!real) real = (type (*) params)dlsym(RTLD_NEXT, #name); \
    return Here() ? -1 : real args; \
  }
WRAP(int, rename, (const char* a, const char* b), (a, b))
WRAP(int, renameat2, (int a, const char* b, int c, const char* d, unsigned e), (a, b, c, d, e))
WRAP(int, unlink, (const char* a), (a))
WRAP(int, fsync, (int a), (a))
WRAP(int, fchmod, (int a, mode_t b), (a, b))
"""


class Pairs(Shimmed):
    SHIM = SHIM

    def setUp(self):
        super().setUp()
        for i in range(4):
            self.write(f"in/{i}.jpg", jpeg(40, 30, i))

    def normalize(self, out, *arguments, **environment):
        return subprocess.run(
            [binary(), "normalize", self.folder / "in", "--resize", "16x12", "-o", out, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self.environment(**environment),
        )

    def assert_no_strange_pair(self, stored, tensor, manifest, told):
        """Where both stand, the manifest is that of a run that wrote the tensor."""
        if tensor in stored and manifest in stored:
            output = json.loads(stored[manifest])["output"]
            self.assertEqual(output["bytes"], len(stored[tensor]), told)
            self.assertEqual(output["hash"], self.hashes[stored[tensor]], told)

    def remember(self, tensor, manifest):
        self.hashes[(self.folder / tensor).read_bytes()] = json.loads(
            (self.folder / manifest).read_bytes()
        )["output"]["hash"]

    def each_instant(self, out, manifest, old, new, force):
        """Runs `new` over what `old` left, killed at each call in turn, and then again."""
        out = self.folder / out
        self.hashes = {}
        self.assertEqual(self.normalize(out, *new).returncode, 0)
        self.remember(out.name, manifest)
        whole = self.files()
        self.clear()
        if old is not None:
            self.assertEqual(self.normalize(out, *old).returncode, 0)
            self.remember(out.name, manifest)
        before = self.files()
        self.assertEqual(len(self.hashes), 1 if old is None else 2)
        killed = 0
        for call in range(1, 60):
            self.clear()
            for name, data in before.items():
                (self.folder / name).write_bytes(data)
            result = self.normalize(out, *new, *force, IMNORM_KILL=str(call))
            stored = self.files()
            self.assert_no_strange_pair(stored, out.name, manifest, (call, result.stderr))
            if result.returncode == 0:
                break
            killed += 1
            partial = [n for n in stored if n.endswith("partial") and ".journal." not in n]
            if out.name in stored and old is None and not partial:
                again = self.normalize(out, *new, "--force")  # it was finished but for a last sync
            else:
                again = self.normalize(out, *new, *force)
            self.assertEqual(again.returncode, 0, (call, sorted(stored), again.stderr))
            self.assertEqual(self.files(), whole, call)
        self.assertGreater(killed, 6)

    GIVEN = ("--mean", "0.5", "--std", "0.25")
    OTHER = ("--mean", "0.4", "--std", "0.3")

    def test_killed_at_any_instant_over_an_older_run_no_manifest_stands_beside_another_tensor(self):
        self.each_instant("y.npy", "y.npy.manifest.json", self.OTHER, self.GIVEN, ["--force"])

    def test_killed_at_any_instant_a_first_run_is_begun_again(self):
        self.each_instant("y.npy", "y.npy.manifest.json", None, self.GIVEN, [])

    def test_files_that_were_named_do_not_block_the_rerun(self):
        named = ("--manifest", self.folder / "m.json")
        self.each_instant("y.npy", "m.json", None, self.GIVEN + named, [])
        self.clear()
        self.each_instant("y.npy", "m.json", self.OTHER + named, self.GIVEN + named, ["--force"])

    def test_state_and_report_go_with_the_tensor(self):
        sides = ("--method", "batch", "--batch-size", "2", "--report-norm", self.folder / "r.json",
                 "--state-out", self.folder / "s.safetensors")  # fmt: skip
        self.each_instant("y.npy", "y.npy.manifest.json", None, sides, [])

    def test_a_call_that_fails_leaves_no_strange_pair_and_no_new_file_without_an_older_run(self):
        out = self.folder / "y.npy"
        self.hashes = {}
        for arguments in (self.GIVEN, self.OTHER):
            self.assertEqual(self.normalize(out, *arguments).returncode, 0)
            self.remember("y.npy", "y.npy.manifest.json")
            self.clear()
        failed = 0
        for old in (None, self.OTHER):
            for call in range(1, 60):
                self.clear()
                if old:
                    self.assertEqual(self.normalize(out, *old).returncode, 0)
                force = ["--force"] if old else []
                result = self.normalize(out, *self.GIVEN, *force, IMNORM_FAIL=str(call))
                stored = self.files()
                self.assert_no_strange_pair(stored, "y.npy", "y.npy.manifest.json", call)
                self.assertNotIn("y.npy.partial", stored)
                if result.returncode == 0:
                    if "Input/output" not in result.stderr and call > 8:
                        break
                    continue
                failed += 1
                self.assertEqual(result.returncode, NOT_DONE, result.stderr)
        self.assertGreater(failed, 4)

    @unittest.skipUnless(shutil.which("xxh128sum"), "xxh128sum is not installed")
    def test_the_hash_is_that_of_xxhsum(self):
        for name in ("y.npy", "y.safetensors", "y.raw"):
            out = self.folder / name
            (self.folder / "in" / "bad.jpg").write_bytes(b"\xff\xd8\xff broken")
            self.assertEqual(self.normalize(out, *self.GIVEN).returncode, 1)
            self.assert_hash(out)
            (self.folder / "in" / "bad.jpg").unlink()
            self.assertEqual(self.normalize(out, *self.GIVEN, "--force").returncode, 0)
            self.assert_hash(out)

    def assert_hash(self, out):
        told = json.loads(Path(f"{out}.manifest.json").read_bytes())["output"]
        printed = subprocess.run(["xxh128sum", out], capture_output=True, text=True, check=True)
        self.assertEqual(told["hash"], "xxh3-128:" + printed.stdout.split()[0])
        self.assertEqual(told["bytes"], os.path.getsize(out))


if __name__ == "__main__":
    unittest.main()
