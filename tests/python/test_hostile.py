"""Hostile bytes through Python: a row or an exception that names the file, never a crash.

1,500 mutants in a plain run, 5,000 in `scripts/test-slow python`; IMNORM_ODD_FILES names a folder of
more files to begin with.
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np

from imnorm_test import SAMPLES, SLOW, ImnormTest, pictures_of_all_kinds
from python_package import require_library
from random_pictures import mutants

require_library()
import imnorm  # noqa: E402

COUNT = 5000 if SLOW else 1500
CODES = {"corrupt", "unsupported", "too large"}
# In a process of its own, so that a crash is one line here and no end of the test.
CHILD = """
import sys
from pathlib import Path
import imnorm
whole = imnorm.Preprocessor("imagenet")
as_it_is = imnorm.Preprocessor("none")
rows = refused = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    data = path.read_bytes()
    told = []
    for call, given in ((whole.row, path), (whole.row, data), (as_it_is.row, path), (imnorm.probe, path)):
        try:
            call(given)
            told.append(None)
        except imnorm.ImnormError as error:
            assert error.path == (str(path) if given is path else None), (error.path, path)
            assert error.code in %r, (error.code, path)
            assert str(error), path
            told.append(error.code)
    assert told[0] == told[1], (told, path)
    rows += told[0] is None
    refused += told[0] is not None
print(rows, refused)
"""


class Hostile(ImnormTest):
    def outcomes(self):
        """(rows, refusals) of all files in the test's folder."""
        done = subprocess.run(
            [sys.executable, "-c", CHILD % CODES, str(self.folder)],
            capture_output=True, encoding="utf-8", timeout=1800,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return tuple(map(int, done.stdout.split()))

    def test_mutants_give_rows_or_exceptions_that_name_them(self):
        files = list(pictures_of_all_kinds().values())
        files += [path.read_bytes() for path in (SAMPLES / "garden").iterdir() if path.stat().st_size < 50_000]
        for i, data in enumerate(mutants(files, COUNT)):
            self.write(f"{i:05}", data)
        rows, refused = self.outcomes()
        self.assertEqual(rows + refused, COUNT)
        self.assertGreater(min(rows, refused), COUNT // 10)

    def test_files_that_claim_much_and_hold_little(self):
        for name, data in (
            ("empty", b""), ("zeros", bytes(5000)), ("words", b"words " * 50),
            ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\2\0\0\0"),
            ("pnm", b"P6 2000000000 2000000000 255\n"), ("gif", b"GIF89a\xff\xff\xff\xff\xf7\0\0"),
            ("bmp", b"BM" + bytes(12) + b"\x28\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f\1\0\x18\0" + bytes(24)),
            ("tiff", b"II*\0\xff\xff\xff\xff"), ("tiff8", b"II+\0\x08\0\0\0" + b"\xff" * 8),
            ("webp", b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff"), ("jpeg", b"\xff\xd8\xff\xc0\xff\xff" + b"\xff" * 60),
        ):  # fmt: skip
            self.write(name, data)
        self.assertEqual(self.outcomes(), (0, 11))

    def test_a_run_over_them_names_each(self):
        good = pictures_of_all_kinds()["rgb_420.jpg"]
        for i, data in enumerate(mutants([good], 200, seed=3)):
            self.write(f"in/{i:03}.jpg", data)
        self.write("in/good.jpg", good)
        result = imnorm.normalize(self.folder / "in", self.folder / "o.npy", "imagenet")
        self.assertEqual(result.done + result.failed, 201)
        self.assertEqual(np.load(self.folder / "o.npy").shape[0], result.done)
        for failure in result.failures:
            self.assertIn(failure.code, CODES)
            self.assertTrue(Path(failure.path).is_file())
        found = imnorm.stats(self.folder / "in")
        self.assertEqual((found.images, len(found.failures)), (result.done, result.failed))

    def test_arrays_of_any_shape_and_stride(self):
        preprocess = imnorm.Preprocessor("imagenet")
        rng = np.random.default_rng(7)
        for _ in range(300):
            shape = rng.integers(0, 6, rng.integers(0, 5))
            array = rng.integers(0, 256, shape, np.uint8)
            if array.ndim:
                array = array[:: rng.choice((-2, -1, 1, 2))]
            try:
                self.assertEqual(preprocess(array).shape[1:], (3, 224, 224))
            except imnorm.ImnormError as error:
                self.assertNotEqual(error.code, "internal", error)

    def test_files_of_ones_own(self):
        folder = os.environ.get("IMNORM_ODD_FILES")
        if not folder:
            self.skipTest("IMNORM_ODD_FILES names no folder")
        paths = [path for path in sorted(Path(folder).rglob("*")) if path.is_file()]
        for i, path in enumerate(paths):
            (self.folder / f"{i:05}{path.suffix}").symlink_to(path.resolve())
        rows, refused = self.outcomes()
        print(f"{folder}: {rows} rows, {refused} refused", flush=True)
        self.assertEqual(rows + refused, len(paths))


if __name__ == "__main__":
    unittest.main()
