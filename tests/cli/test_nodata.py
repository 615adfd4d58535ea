"""A value that a file declares to be no data does not count, and that is said."""

import json
import unittest

import numpy as np

from imnorm_test import manifest_of, run
from stats_reference import StatsTest, tiff

LOWEST = float(np.finfo(np.float32).min)


def holed(dtype, bands, hole, seed=1):
    """Samples with holes: a corner where every band has the value, and one where only one has."""
    rng = np.random.default_rng(seed)
    array = rng.integers(1, 200, (20, 30, bands)).astype(dtype)
    array[:5, :7] = hole
    if bands > 1:
        array[10, 10, 0] = hole
    return array


def valid(array, hole):
    same = np.isnan(array) if np.isnan(hole) else array == np.asarray(hole, array.dtype)
    return array[~same.all(axis=2)].astype(np.float64)


class Nodata(StatsTest):
    def measure(self, name, data, *options):
        result = run("stats", self.write(name, data), *options, "--emit", "json")
        self.assert_exit(0, result)
        return json.loads(result.stdout), result.stderr

    def assert_left_out(self, array, sample_format, text, hole, *options, shift=1):
        stats, stderr = self.measure("a.tif", tiff(array, sample_format, text), *options)
        expected = valid(array, hole)
        expected = expected if shift == 1 else expected // shift
        self.assertEqual(stats["pixels"], len(expected))
        mean = np.asarray(stats["mean"]) * stats["scale"]
        np.testing.assert_allclose(mean, expected.mean(axis=0)[: len(mean)], rtol=1e-12)
        self.assertEqual(stats["notes"]["nodata"], 1)
        lines = [line for line in stderr.splitlines() if "nodata" in line]
        self.assertEqual(len(lines), 1, stderr)
        self.assertIn("--ignore-value none", lines[0])

    def test_floats_and_signed_bands_lose_what_is_declared(self):
        native = ("--channels", "native")
        for hole, text in ((-9999.0, "-9999"), (LOWEST, "-3.4028234663852886e+38"),
                           (LOWEST, "-3.40282e+38 "), (0.1, "0.1"), (np.nan, "nan")):  # fmt: skip
            with self.subTest(text=text):
                if text.startswith("-3.40282e+38"):
                    hole = float(np.float32(-3.40282e38))
                for bands in (1,) if np.isnan(hole) else (1, 3):  # a NaN alone is left out too
                    self.assert_left_out(holed(np.float32, bands, hole), 3, text, hole, *native)
        for bands in (1, 4):
            self.assert_left_out(holed(np.int16, bands, -9999), 2, "-9999", -9999, *native)

    def test_bytes_and_words_lose_what_is_declared(self):
        native = ("--channels", "native")
        for dtype, hole in ((np.uint8, 0), (np.uint8, 255), (np.uint16, 65535), (np.uint16, 3)):
            for bands in (1, 4):
                self.assert_left_out(holed(dtype, bands, hole), 1, str(hole), hole, *native)
        self.assert_left_out(holed(np.uint8, 3, 0), 1, "0", 0)
        self.assert_left_out(holed(np.uint8, 1, 7), 1, "7", 7, "--channels", "gray")

    def test_of_16_bits_reduced_to_8_the_files_own_value_is_meant(self):
        array = holed(np.uint16, 1, 3) * np.uint16(100)  # others share the high byte of the hole
        array[:5, :7] = 300
        array[5:9, :7] = 299
        self.assert_left_out(array, 1, "300", 300, "--channels", "gray", shift=256)
        self.assert_left_out(array, 1, "300", 300, "--channels", "gray", "--depth", "16")

    def test_none_counts_it_and_a_value_of_ones_own_is_left_out_beside_it(self):
        array = holed(np.int16, 1, -9999)
        data = tiff(array, 2, "-9999")
        native = ("--channels", "native")
        stats, stderr = self.measure("a.tif", data, *native, "--ignore-value", "none")
        self.assertEqual((stats["pixels"], stats["min"], stats["notes"]), (600, [-9999], {}))
        self.assertNotIn("nodata", stderr)
        stats, _ = self.measure("b.tif", data, *native, "--ignore-value=5")
        self.assertEqual(stats["pixels"], int((~np.isin(array, (-9999, 5))).sum()))

    def test_where_it_cannot_be_left_out_it_is_said_that_it_counts(self):
        data = tiff(holed(np.uint8, 3, 0), 1, "0")
        for options in (("--resize", "8x8"), ("--channels", "gray")):
            stats, stderr = self.measure("a.tif", data, *options)
            self.assertEqual(stats["notes"], {"nodata_kept": 1})
            self.assertIn("declares nodata, which was taken like any other value", stderr)
        out = self.folder / "o.npy"
        self.assert_exit(0, run("normalize", self.folder / "a.tif", "--method", "none", "-o", out))
        self.assertEqual(manifest_of(out)["notes"], {"nodata_kept": 1})

    def test_what_is_no_number_or_beyond_the_samples_leaves_nothing_out(self):
        array = holed(np.uint8, 1, 9)
        for text in ("", "none", "1,2", "9x"):
            stats, stderr = self.measure("a.tif", tiff(array, 1, text), "--channels", "gray")
            self.assertEqual((stats["pixels"], stats["notes"]), (600, {}), text)
        for text in ("-9999", "256", "9.5"):
            stats, _ = self.measure("a.tif", tiff(array, 1, text), "--channels", "gray")
            self.assertEqual(stats["pixels"], 600, text)

    def test_each_file_has_its_own(self):
        holes = {"a.tif": 9, "b.tif": 8, "c.tif": None, "d.tif": 9}
        total = 0
        for seed, (name, hole) in enumerate(holes.items()):
            array = holed(np.uint8, 3, hole or 9, seed)
            data = tiff(array, 1, None if hole is None else str(hole))
            self.write("set/" + name, data)
            total += 600 if hole is None else len(valid(array, hole))
        for threads in ("1", "3"):
            result = run("stats", self.folder / "set", "-j", threads)
            stats = json.loads(result.stdout)
            self.assertEqual(stats["pixels"], total)
            self.assertEqual(stats["notes"], {"nodata": 3})


if __name__ == "__main__":
    unittest.main()
