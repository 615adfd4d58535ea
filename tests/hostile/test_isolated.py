"""--isolate and --timeout: pictures are decoded in processes that may do nothing else. The bytes are
the same; a decoder that crashes, loops, takes memory or reaches out costs its own picture alone."""

import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np
from imnorm_test import (
    DONE,
    NOT_DONE,
    SAMPLES,
    SOME_FAILED,
    SOURCE,
    USAGE,
    ImnormTest,
    binary,
    encode,
    jpeg,
    manifest_of,
    pixels,
    sanitized,
    run,
    start,
    wait_until,
)
from PIL import Image

BUILD = Path(binary()).parent
SANITIZED = sanitized()

# A module for TIFF that does what a picture's description says.
EVIL = r"""
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>
#include "decode/modules/tiff_api.h"

static bool Says(const uint8_t* bytes, size_t size, const char* word) {
  return memmem(bytes, size, word, strlen(word)) != nullptr;
}

static volatile int* nowhere = nullptr;

static int Open(const uint8_t* bytes, size_t size, uint64_t, int, void**, ImnormTiffInfo*,
                char* error) {
  if (Says(bytes, size, "EVIL crash")) *nowhere = 1;
  if (Says(bytes, size, "EVIL abort")) abort();
  if (Says(bytes, size, "EVIL exit")) _exit(7);
  if (Says(bytes, size, "EVIL loop")) for (;;) __asm__ volatile("");
  if (Says(bytes, size, "EVIL sleep")) sleep(1000);
  if (Says(bytes, size, "EVIL allocate")) {
    for (;;) {
      void* more = malloc(64 << 20);
      if (more == nullptr) return kImnormTiffNoMemory;
      memset(more, 1, 64 << 20);
    }
  }
  if (Says(bytes, size, "EVIL open")) open("/etc/passwd", O_RDONLY);
  if (Says(bytes, size, "EVIL create")) open("evil", O_WRONLY | O_CREAT, 0600);
  if (Says(bytes, size, "EVIL socket")) socket(AF_INET, SOCK_STREAM, 0);
  if (Says(bytes, size, "EVIL exec")) execl("/bin/true", "true", nullptr);
  if (Says(bytes, size, "EVIL fork")) fork();
  if (Says(bytes, size, "EVIL kill")) kill(getppid(), 9);
  if (Says(bytes, size, "EVIL trace")) ptrace(PTRACE_ATTACH, getppid(), 0, 0);
  if (Says(bytes, size, "EVIL code")) {
    mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  strcpy(error, "nothing evil is asked for");
  return kImnormTiffDamaged;
}

static int ReadRows(void*, const ImnormTiffRequest*, char*) { return kImnormTiffDamaged; }
static void Close(void*) {}

extern "C" __attribute__((visibility("default"))) const ImnormTiffApi* imnorm_tiff_api() {
  static const ImnormTiffApi api = {kImnormTiffApi, "0", Open, ReadRows, Close};
  return &api;
}
"""

# What a picture asks for, and what its failure says.
DEEDS = {
    "crash": ("crashed", "Segmentation fault"),
    "abort": ("crashed", "Aborted"),
    "exit": ("crashed", "exit code 7"),
    "loop": ("timeout", "--timeout"),
    "sleep": ("crashed", "clock_nanosleep"),
    "allocate": ("crashed", "more memory than its headers say"),
    "open": ("crashed", "openat"),
    "create": ("crashed", "openat"),
    "socket": ("crashed", "socket"),
    "exec": ("crashed", "execve"),
    # glibc 2.41 forks with all signals blocked: what would tell the call's name is not run.
    "fork": ("crashed", "clone|Bad system call"),
    "kill": ("crashed", "getppid"),
    "trace": ("crashed", "getppid"),
    "code": ("crashed", "mmap"),
}


def told(result):
    """What a run says, but for its time."""
    return re.sub(r" in [0-9.]+ s( \([^)]*\))?", "", result.stderr)


def failures_of(tensor):
    """What failed, by the name without its ending."""
    items = manifest_of(tensor)["items"]
    return {Path(i["path"]).stem: (i["error"], i["reason"]) for i in items if "error" in i}


class Isolated(ImnormTest):
    def test_sample_images_are_the_same_bytes(self):
        plain = run("normalize", SAMPLES, "--preset", "imagenet", "-o", self.folder / "plain.npy")
        for j in ("1", "2", "8"):
            out = self.folder / f"{j}.npy"
            result = run(
                "normalize", SAMPLES, "--preset", "imagenet", "-o", out, "--isolate", "-j", j
            )
            self.assertEqual(result.returncode, plain.returncode, result.stderr)
            self.assertEqual(out.read_bytes(), (self.folder / "plain.npy").read_bytes())
            self.assertEqual(manifest_of(out)["items"], manifest_of(self.folder / "plain.npy")["items"])
            names = told(result).replace(out.name, "plain.npy")
            self.assertEqual(names, told(plain))

    def kinds(self):
        """Pictures of each kind, whole and cut, wide, deep, turned."""
        folder = self.folder / "kinds"
        folder.mkdir()
        photo = Image.fromarray(pixels(400, 300, 1))
        exif = Image.Exif()
        exif[0x0112] = 6
        (folder / "turned.jpg").write_bytes(encode(photo, "JPEG", exif=exif))
        (folder / "steps.jpg").write_bytes(encode(photo, "JPEG", progressive=True))
        for kind in ("PNG", "WEBP", "TIFF", "GIF", "BMP", "PPM"):
            whole = encode(photo, kind)
            (folder / f"whole.{kind.lower()}").write_bytes(whole)
            (folder / f"cut.{kind.lower()}").write_bytes(whole[: len(whole) // 2])
        deep = (np.arange(64 * 48) * 21 % 65536).astype(np.uint16).reshape(48, 64)
        (folder / "deep.png").write_bytes(encode(Image.fromarray(deep), "PNG"))
        (folder / "deep.tiff").write_bytes(encode(Image.fromarray(deep), "TIFF"))
        wide = Image.fromarray(pixels(200_000, 3, 2))
        (folder / "wide.png").write_bytes(encode(wide, "PNG"))  # a row is more than half the memory
        (folder / "alpha.png").write_bytes(encode(photo.convert("RGBA"), "PNG"))
        (folder / "empty.png").write_bytes(b"")
        (folder / "text.png").write_bytes(b"no picture")
        return folder

    def test_every_kind_and_option_gives_the_same(self):
        folder = self.kinds()
        for options in (
            [],
            ["--exif", "apply"],
            ["--depth", "16"],
            ["--channels", "gray"],
            ["--alpha", "white"],
            ["--resize", "64x64", "--fast-decode"],
            ["--jpeg", "turbo", "--png", "spng"],
            ["--max-pixels", "100000"],
        ):
            with self.subTest(options=options):
                command = ["stats", folder, *options]
                plain = run(*command)
                alone = run(*command, "--isolate", "-j", "2")
                self.assertEqual(alone.stdout, plain.stdout)
                self.assertEqual(told(alone), told(plain))
                self.assertEqual(alone.returncode, plain.returncode)
                self.assertEqual(plain.returncode, SOME_FAILED)

    def test_memory_is_refused_and_waited_for_as_without(self):
        folder = self.folder / "large"
        folder.mkdir()
        large = encode(Image.fromarray(pixels(3000, 2000, 3)), "WEBP", quality=1)
        for name in "abcd":
            (folder / f"{name}.webp").write_bytes(large)
        (folder / "small.jpg").write_bytes(jpeg(64, 48))
        for memory in ("10M", "64M"):
            command = ["stats", folder, "--memory", memory]
            plain, alone = run(*command), run(*command, "--isolate", "-j", "4")
            self.assertEqual(told(alone), told(plain))
            self.assertEqual((alone.returncode, alone.stdout), (plain.returncode, plain.stdout))

    def test_no_process_stays_and_a_run_that_is_killed_leaves_none(self):
        folder = self.folder / "many"
        folder.mkdir()
        for number in range(400):
            (folder / f"{number}.jpg").write_bytes(jpeg(640, 480))
        for ending in (signal.SIGINT, signal.SIGKILL):
            process = start("stats", folder, "--isolate", "-j", "2")
            seen = []

            def decodes(process=process, seen=seen):
                for thread in Path(f"/proc/{process.pid}/task").iterdir():
                    seen.extend((thread / "children").read_text().split())
                return bool(seen)

            wait_until(decodes, process)
            process.send_signal(ending)
            process.communicate(timeout=30)
            if ending == signal.SIGINT:
                self.assertEqual(process.returncode, 130)
            for child in seen:
                try:
                    end = os.pidfd_open(int(child))
                except ProcessLookupError:
                    continue
                self.addCleanup(os.close, end)
                self.assertTrue(select.select([end], [], [], 60)[0], "a process is still there")

    def test_what_is_no_number_of_seconds_is_refused(self):
        for seconds in ("0", "-1", "nan", "inf", "soon"):
            result = run("stats", SAMPLES, "--timeout", seconds)
            self.assertEqual(result.returncode, USAGE)
            self.assertIn("--timeout", result.stderr)

    def test_the_argument_of_decoding_processes_is_nobodys_command(self):
        result = run("decoding-process")
        self.assertEqual(result.returncode, USAGE)

    @unittest.skipIf(SANITIZED, "too slow to be told from a limit")
    def test_a_picture_that_takes_too_long_fails_alone(self):
        folder = self.folder / "slow"
        folder.mkdir()
        noise = np.random.default_rng(0).integers(0, 256, (6000, 6000, 3), dtype=np.uint8)
        (folder / "slow.jpg").write_bytes(encode(Image.fromarray(noise), "JPEG", quality=98))
        (folder / "quick.jpg").write_bytes(jpeg(64, 48))
        for how in ([], ["--isolate"]):
            out = self.folder / f"slow{len(how)}.npy"
            result = run("normalize", folder, "--preset", "imagenet", "--timeout", "0.2", "-o", out, *how)
            self.assertEqual(result.returncode, SOME_FAILED, result.stderr)
            self.assertIn("slow.jpg", result.stderr)
            self.assertIn("it takes longer than the 0.2 s that --timeout allows", result.stderr)
            self.assertEqual(failures_of(out)["slow"][0], "timeout")


class Hostile(ImnormTest):
    @classmethod
    def setUpClass(cls):
        cls.modules = Path(tempfile.mkdtemp(prefix="imnorm-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.modules, True)
        for module in (BUILD / "modules").iterdir():
            shutil.copy(module, cls.modules)
        code = cls.modules / "evil.cpp"
        code.write_text(EVIL)
        subprocess.run(
            ["c++", "-std=c++20", "-O1", "-shared", "-fPIC", f"-I{SOURCE / 'src'}", code,
             "-o", cls.modules / "imnorm_tiff.so"],
            check=True,
        )  # fmt: skip

    def evil_run(self, *arguments):
        return run(*arguments, cwd=self.folder, IMNORM_MODULE_PATH=str(self.modules))

    @unittest.skipIf(SANITIZED, "a sanitizer's runtime needs what the filter refuses")
    def test_each_deed_costs_its_own_picture(self):
        folder = self.folder / "p"
        folder.mkdir()
        for deed in DEEDS:
            picture = encode(Image.new("RGB", (16, 16)), "TIFF", description=f"EVIL {deed}")
            (folder / f"{deed}.tif").write_bytes(picture)
        for number in range(30):
            (folder / f"{number}.jpg").write_bytes(jpeg(200 + number, 100))
        good = self.folder / "good"
        shutil.copytree(folder, good, ignore=shutil.ignore_patterns("*.tif"))
        geometry = ["--preset", "imagenet"]
        self.evil_run("normalize", good, *geometry, "-o", self.folder / "good.npy")
        for j in ("1", "2", "8"):
            out = self.folder / f"{j}.npy"
            result = self.evil_run(
                "normalize", folder, *geometry, "-o", out, "--isolate", "--timeout", "3", "-j", j
            )
            self.assertEqual(result.returncode, SOME_FAILED, result.stderr)
            self.assertEqual(out.read_bytes(), (self.folder / "good.npy").read_bytes())
            failed = failures_of(out)
            self.assertEqual(failed.keys(), DEEDS.keys())
            for deed, (code, reason) in DEEDS.items():
                with self.subTest(deed=deed, j=j):
                    self.assertEqual(failed[deed][0], code)
                    self.assertRegex(failed[deed][1], reason)
        self.assertFalse((self.folder / "evil").exists())

    @unittest.skipIf(SANITIZED, "a sanitizer's runtime reports before")
    def test_without_it_a_crash_ends_the_run(self):
        """The deeds above are done where nothing keeps them from it."""
        (self.folder / "crash.tif").write_bytes(
            encode(Image.new("RGB", (16, 16)), "TIFF", description="EVIL crash")
        )
        self.assertEqual(self.evil_run("stats", self.folder / "crash.tif").returncode, -signal.SIGSEGV)

    def test_without_its_module_nothing_begins(self):
        (self.modules / "imnorm_sandbox.so").rename(self.modules / "away")
        try:
            result = self.evil_run("stats", SAMPLES, "--isolate")
        finally:
            (self.modules / "away").rename(self.modules / "imnorm_sandbox.so")
        self.assertEqual(result.returncode, NOT_DONE)
        self.assertIn("imnorm_sandbox.so", result.stderr)


if __name__ == "__main__":
    unittest.main()
