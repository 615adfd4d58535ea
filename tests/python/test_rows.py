"""Rows in Python are the program's: from threads, from processes, after pickling, without a leak."""

import multiprocessing
import os
import pickle
import threading
import unittest
from pathlib import Path

import numpy as np

from imnorm_test import SAMPLES, SLOW, ImnormTest, manifest_of, path_of, pictures_of_all_kinds
from python_package import require_library

require_library()
import imnorm  # noqa: E402

LEAK_CALLS = 100_000 if SLOW else 20_000


def rows_in_child(preprocess, paths, connection):
    connection.send(preprocess(paths).tobytes())


def resident_kib():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


class Rows(ImnormTest):
    @classmethod
    def setUpClass(cls):
        cls.preprocess = imnorm.Preprocessor("imagenet")

    def rows_of_program(self, *arguments):
        """Paths and rows of the sample files that are pictures."""
        out = self.normalize(SAMPLES, *arguments, "--force", code=1)
        items = sorted((i for i in manifest_of(out)["items"] if "row" in i), key=lambda i: i["row"])
        return [path_of(item) for item in items], np.load(out)

    def test_are_the_programs_for_plans_of_every_sort(self):
        for name, options, flags in (
            ("imagenet", {}, []),
            ("clip", {"layout": "nhwc"}, ["--layout", "nhwc"]),
            ("siglip", {"dtype": "float16"}, ["--dtype", "float16"]),
            ("vit", {"like": "hf-fast"}, ["--like", "hf-fast"]),
            ("caffe", {"exif": "apply"}, ["--exif", "apply"]),
            ("dinov2", {"channels": "bgr"}, ["--channels", "bgr"]),
        ):
            paths, expected = self.rows_of_program("--preset", name, *flags)
            rows = imnorm.Preprocessor(name, **options)([os.fsdecode(path) for path in paths])
            self.assertEqual(rows.dtype, expected.dtype)
            self.assertEqual(rows.tobytes(), expected.tobytes(), name)
            self.assertGreater(len(paths), 20)

    def test_are_the_same_from_1_2_and_8_threads_inside(self):
        paths, expected = self.rows_of_program("--preset", "imagenet")
        for threads in (0, 1, 2, 8):
            rows = imnorm.Preprocessor("imagenet", threads=threads)(paths_of(paths) * 3)
            self.assertEqual(rows.tobytes(), expected.tobytes() * 3)

    def test_are_the_same_from_8_threads_of_the_caller(self):
        files = list(pictures_of_all_kinds().values())
        expected = [self.preprocess.row(file).tobytes() for file in files]
        wrong = []

        def work(offset):
            for i in range(3 * len(files)):
                at = (i + offset) % len(files)
                if self.preprocess.row(files[at]).tobytes() != expected[at]:
                    wrong.append(at)

        threads = [threading.Thread(target=work, args=(3 * i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_are_the_same_in_processes_forked_and_spawned(self):
        paths = sorted((SAMPLES / "coast").iterdir())
        preprocess = imnorm.Preprocessor("imagenet", threads=2)
        expected = preprocess(paths).tobytes()  # the parent's threads are there before the fork
        for method in ("fork", "spawn", "forkserver"):
            context = multiprocessing.get_context(method)
            ours, theirs = context.Pipe()
            child = context.Process(target=rows_in_child, args=(preprocess, paths, theirs))
            child.start()
            theirs.close()
            self.assertEqual(ours.recv(), expected, method)
            child.join()
            self.assertEqual(child.exitcode, 0)

    def test_are_the_same_in_a_child_forked_while_threads_work(self):
        preprocess = imnorm.Preprocessor("imagenet")
        path = SAMPLES / "coast/cliffs.jpg"
        expected = preprocess.row(path).tobytes()
        done = threading.Event()

        def work():
            while not done.is_set():
                preprocess.row(path)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(5):
                child = os.fork()
                if child == 0:
                    os._exit(0 if preprocess.row(path).tobytes() == expected else 1)
                self.assertEqual(os.waitpid(child, 0)[1], 0)
        finally:
            done.set()
            for thread in threads:
                thread.join()

    def test_are_the_same_after_pickling(self):
        preprocess = imnorm.Preprocessor("clip", dtype="float16", like="hf", threads=2)
        again = pickle.loads(pickle.dumps(preprocess))
        self.assertEqual(again.plan, preprocess.plan)
        path = SAMPLES / "coast/cliffs.jpg"
        np.testing.assert_array_equal(again(path), preprocess(path))

    def test_leave_no_memory_behind(self):
        good = (SAMPLES / "coast/regatta.webp").read_bytes()
        files = [file for name, file in pictures_of_all_kinds().items() if "tif" not in name]
        files += [file[: len(file) // 2] for file in files] + [b"", b"words"]
        plan = self.preprocess.plan
        plan["resize"] = {**plan["resize"], "size": 16}
        plan["crop"].update(width=16, height=16)
        preprocess = imnorm.Preprocessor(plan)
        out = np.empty((3, 16, 16), np.float32)
        preprocess.row(good, out=out)

        def call(times):
            for i in range(times):
                try:
                    preprocess.row(files[i % len(files)], out=out)
                except imnorm.ImnormError:
                    pass

        call(2000)
        before = resident_kib()
        call(LEAK_CALLS)
        self.assertLess(resident_kib() - before, 1024)
        for i in range(300):  # and none of preprocessors and plans
            imnorm.Preprocessor(plan)
        before = resident_kib()
        for i in range(2000):
            imnorm.Preprocessor(plan)
        self.assertLess(resident_kib() - before, 1024)


def paths_of(paths):
    return [os.fsdecode(path) for path in paths]


if __name__ == "__main__":
    unittest.main()
