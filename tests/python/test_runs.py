"""Runs from Python: the program's files and numbers, progress, failures, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np

from imnorm_test import SAMPLES, SOME_FAILED, ImnormTest, jpeg, run
from python_package import require_library

require_library()
import imnorm  # noqa: E402

INTERRUPTED = """
import sys, threading, imnorm
told = [0]
def progress(finished, failed, total):
    told[0] = finished
    if finished == 1:
        print("begun", flush=True)
try:
    if sys.argv[1] == "stats":
        imnorm.stats([sys.argv[2]] * 5000, progress=progress)
    else:
        imnorm.normalize([sys.argv[2]] * 5000, sys.argv[3], progress=progress)
except KeyboardInterrupt:
    print("interrupted", threading.active_count(), told[0] < 5000, flush=True)
"""


class Normalize(ImnormTest):
    def test_writes_the_programs_file(self):
        ours = self.normalize(SAMPLES, "--preset", "clip", "--dtype", "float16", code=SOME_FAILED)
        result = imnorm.normalize(SAMPLES, self.folder / "py.npy", "clip", dtype="float16")
        self.assertEqual(Path(result.path).read_bytes(), ours.read_bytes())
        self.assertEqual(result.shape, np.load(ours).shape)
        self.assertEqual((result.done, result.failed), (result.shape[0], len(result.failures)))
        codes = {os.path.basename(failure.path): failure.code for failure in result.failures}
        self.assertEqual(codes["broken_download.jpg"], "corrupt")
        self.assertEqual(codes["not_found.jpg"], "unsupported")
        self.assertTrue(Path(f"{result.path}.manifest.json").exists())

    def test_shards_are_parts_of_it(self):
        whole = imnorm.normalize(SAMPLES / "coast", self.folder / "all.npy")
        parts = [
            imnorm.normalize(SAMPLES / "coast", self.folder / f"{i}.npy", shard=(i, 3)).path
            for i in (1, 2, 3)
        ]
        joined = np.concatenate([np.load(part) for part in parts])
        np.testing.assert_array_equal(joined, np.load(whole.path))
        with self.assertRaises(imnorm.BadArgumentError):
            imnorm.normalize(SAMPLES / "coast", self.folder / "x.npy", shard=(4, 3))

    def test_what_exists_is_kept_unless_told(self):
        out = self.write("o.npy", b"mine")
        with self.assertRaises(imnorm.BadArgumentError):
            imnorm.normalize(SAMPLES / "coast", out)
        self.assertEqual(out.read_bytes(), b"mine")
        imnorm.normalize(SAMPLES / "coast", out, overwrite=True)
        self.assertEqual(np.load(out).shape[0], 7)

    def test_without_a_good_picture_it_is_an_exception_with_the_failures(self):
        bad = self.write("bad.jpg", jpeg()[:200])
        with self.assertRaises(imnorm.NothingDoneError) as caught:
            imnorm.normalize(bad, self.folder / "o.npy")
        self.assertEqual([failure.path for failure in caught.exception.failures], [str(bad)])
        with self.assertRaises(imnorm.CorruptError):
            imnorm.normalize([SAMPLES / "coast", bad], self.folder / "o.npy", strict=True)
        with self.assertRaises(imnorm.NotFoundError):
            imnorm.normalize(self.folder / "nowhere", self.folder / "o.npy")

    def test_progress_is_told_and_its_exception_ends_the_run(self):
        told = []
        imnorm.normalize(SAMPLES / "coast", self.folder / "a.npy",
                         progress=lambda *counts: told.append(counts))  # fmt: skip
        self.assertEqual(told[-1], (7, 0, 7))

        def stop(finished, failed, total):
            raise ZeroDivisionError

        with self.assertRaises(ZeroDivisionError):
            imnorm.normalize(SAMPLES / "coast", self.folder / "b.npy", progress=stop)
        self.assertFalse((self.folder / "b.npy").exists())


class Statistics(ImnormTest):
    def test_are_the_programs(self):
        found = imnorm.stats(SAMPLES, histogram=True, percentiles=[12.5], per_class=True)
        self.assertEqual(
            found.data,
            self.stats(SAMPLES, "--histogram", "--percentiles", "12.5", "--per-class",
                       code=SOME_FAILED),
        )  # fmt: skip
        self.assertEqual((len(found.mean), len(found.std)), (3, 3))
        self.assertEqual(found.histogram.sum(), found.pixels * 3)
        self.assertEqual(len(found.failures), len(found.failed))
        sized = imnorm.stats(SAMPLES / "coast", "imagenet")
        self.assertEqual(sized.data, self.stats(SAMPLES / "coast", "--preset", "imagenet"))

    def test_are_emitted_as_the_program_does(self):
        found = imnorm.stats(SAMPLES / "coast")
        for format in ("torchvision", "hf", "timm", "opencv", "openvino", "csv"):
            printed = run("stats", SAMPLES / "coast", "--emit", format, "-q").stdout
            self.assertEqual(found.emit(format), printed)
        with self.assertRaises(imnorm.BadArgumentError):
            found.emit("troff")

    def test_of_shards_add_up_to_the_bytes_of_one_run(self):
        whole = imnorm.stats(SAMPLES / "coast")
        a, b, c = (imnorm.stats(SAMPLES / "coast", shard=(i, 3)) for i in (1, 2, 3))
        self.assertEqual(c + a + b, whole)
        self.assertNotEqual(a + b, whole)
        with self.assertRaises(imnorm.BadArgumentError):
            a + a
        with self.assertRaises(imnorm.BadArgumentError):
            a + imnorm.stats(SAMPLES / "city")

    def test_come_back_from_their_file_and_only_if_it_is_sound(self):
        found = imnorm.stats(SAMPLES / "coast")
        found.save(self.folder / "s.json")
        self.assertEqual(imnorm.Stats.load(self.folder / "s.json"), found)
        wrong = json.loads(found.json)
        wrong["mean"][0] = 0.5
        (self.folder / "s.json").write_text(json.dumps(wrong))
        with self.assertRaises(imnorm.CorruptError):
            imnorm.Stats.load(self.folder / "s.json")

    def test_of_a_tensor(self):
        np.save(self.folder / "t.npy", np.ones((5, 2, 4, 4), np.float32))
        self.assertEqual(imnorm.stats(self.folder / "t.npy").mean, [1.0, 1.0])


class CtrlC(ImnormTest):
    def test_ends_a_run_on_its_way_and_leaves_nothing(self):
        picture = self.write("a.jpg", jpeg(1200, 900))
        out = self.folder / "o.npy"
        for what in ("stats", "normalize"):
            child = subprocess.Popen(
                [sys.executable, "-c", INTERRUPTED, what, str(picture), str(out)],
                stdout=subprocess.PIPE, encoding="utf-8",
            )  # fmt: skip
            self.assertEqual(child.stdout.readline(), "begun\n")
            child.send_signal(signal.SIGINT)
            self.assertEqual(child.stdout.readline(), "interrupted 1 True\n")
            self.assertEqual(child.wait(30), 0)
            child.stdout.close()
        self.assertEqual(list(self.folder.iterdir()), [picture])


if __name__ == "__main__":
    unittest.main()
