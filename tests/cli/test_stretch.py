"""--scale LOW:HIGH and p2:p98: samples stretched between two ends, and cut there."""

import json
import unittest

import numpy as np
from PIL import Image

import stats_reference
from imnorm_test import DONE, USAGE, ImnormTest, manifest_of, pixels, run


def stretched(samples, low, high, scale=1.0):
    """[height][width][channels] samples as numpy has it in float32, [channels][height][width]."""
    low, high = np.float32(low), np.float32(high)
    scaled = samples.astype(np.float32) / np.float32(scale)
    return np.clip((scaled - low) / (high - low), 0, 1).transpose(2, 0, 1)


class Stretch(ImnormTest):
    def values_of(self, path, *options):
        return np.load(self.normalize(path, "--force", "-q", *options))[0]

    def bands(self, dtype, bands=4):
        rng = np.random.default_rng(3)
        samples = (rng.random((23, 31, bands)) * 4000).astype(dtype)
        kind = {"uint16": 1, "int16": 2, "float32": 3}[dtype]
        return self.write(f"{dtype}.tif", stats_reference.tiff(samples, kind)), samples

    def test_ends_in_numbers_one_for_all_or_one_each(self):
        for dtype in ("uint16", "int16", "float32"):
            path, samples = self.bands(dtype)
            got = self.values_of(path, "--channels", "native", "--scale", "100:3000")
            np.testing.assert_array_equal(got, stretched(samples, 100, 3000))
            got = self.values_of(path, "--channels", "native", "--scale", "0,1,2,3:900,1000,2000,3001")
            want = stretched(samples, [0, 1, 2, 3], [900, 1000, 2000, 3001])
            np.testing.assert_array_equal(got, want)
            self.assertEqual((got.min(), got.max()), (0, 1))

    def test_mean_and_std_come_behind(self):
        path, samples = self.bands("uint16")
        got = self.values_of(path, "--channels", "native", "--scale", "0:3000", "--mean", "0.5",
                             "--std", "0.25")  # fmt: skip
        want = (stretched(samples, 0, 3000) - np.float32(0.5)) / np.float32(0.25)
        np.testing.assert_array_equal(got, want)

    def test_percentiles_are_those_of_the_statistics(self):
        path, samples = self.bands("uint16")
        stats = self.folder / "stats.json"
        stats.write_text(run("stats", path, "--channels", "native", "--histogram").stdout)
        low, high = (np.percentile(samples, p, axis=(0, 1)) / 65535 for p in (2, 98))
        want = stretched(samples, low, high, 65535)
        options = ("--channels", "native", "--scale", "p2:p98")
        got = self.values_of(path, *options, "--stats", stats)
        np.testing.assert_array_equal(got, want)
        np.testing.assert_array_equal(self.values_of(path, *options, "--stats", "auto"), want)
        # The plan says it all.
        out = self.folder / "out.npy"
        again = self.values_of(path, "--config", f"{out}.manifest.json")
        np.testing.assert_array_equal(again, want)
        self.assertEqual(run("compare", out, path).returncode, DONE)
        self.assertEqual(len(manifest_of(out)["plan"]["values"]["low"]), 4)

    def test_pictures_too_and_their_order(self):
        picture = pixels(31, 23, 5)
        path = self.folder / "a.png"
        Image.fromarray(picture).save(path)
        low, high = (np.percentile(picture, p, axis=(0, 1)) / 255 for p in (5, 90))
        want = stretched(picture, low, high, 255)
        got = self.values_of(path, "--scale", "p5:p90", "--stats", "auto")
        np.testing.assert_array_equal(got, want)
        got = self.values_of(path, "--scale", "p5:p90", "--stats", "auto", "--channels", "bgr")
        np.testing.assert_array_equal(got, want[::-1])
        stats = self.folder / "stats.json"
        stats.write_text(run("stats", path, "--histogram").stdout)
        got = self.values_of(path, "--scale", "p5:p90", "--stats", stats, "--channels", "bgr")
        np.testing.assert_array_equal(got, want[::-1])

    def test_the_order_of_channels_is_not_told_by_their_means(self):
        picture = np.zeros((8, 8, 3), np.uint8)
        picture[:4] = (110, 50, 200)
        picture[4:] = (90, 0, 0)  # red and blue have the same mean, and other percentiles
        path = self.folder / "a.png"
        Image.fromarray(picture).save(path)
        stats = self.folder / "stats.json"
        stats.write_text(run("stats", path, "--histogram").stdout)
        options = ("--scale", "p10:p90", "--stats", stats, "--channels", "bgr", "--print-plan")
        values = json.loads(run("normalize", path, *options).stdout)["values"]
        low, high = (np.percentile(picture, p, axis=(0, 1)) / 255 for p in (10, 90))
        self.assertEqual((values["low"], values["high"]), (list(low[::-1]), list(high[::-1])))

    def test_what_makes_no_range_is_refused(self):
        path, _ = self.bands("uint16")
        floats, _ = self.bands("float32")
        for options, word in {
            ("--scale", "5:5"): "no two ends",
            ("--scale", "9:5"): "no two ends",
            ("--scale", "1,2:3"): "low has 2 values",
            ("--scale", "a:5"): "LOW:HIGH",
            ("--scale", "p2:98"): "LOW:HIGH",
            ("--scale", "p98:p2"): "LOW:HIGH",
            ("--scale", "p2:p101"): "LOW:HIGH",
            ("--scale", "p2:p98"): "--stats",
            ("--scale", "0:5", "--method", "none"): "--scale",
            ("--scale", "0:5", "--method", "instance"): "--method",
            ("--scale", "0:5", "--like", "opencv"): "torchvision",
        }.items():
            result = run("normalize", path, "--channels", "native", *options,
                         "-o", self.folder / "out.npy")  # fmt: skip
            with self.subTest(options):
                self.assert_exit(USAGE, result)
                self.assertIn(word, result.stderr)
        result = run("normalize", floats, "--channels", "native", "--scale", "p2:p98",
                     "--stats", "auto", "-o", self.folder / "out.npy")  # fmt: skip
        self.assertNotEqual(result.returncode, DONE)
        self.assertIn("floats and signed integers have none", result.stderr)

    def test_tensors_are_not_stretched(self):
        np.save(self.folder / "x.npy", np.ones((1, 3, 4, 4), np.float32))
        for options in ((), ("--denormalize",)):
            result = run("normalize", self.folder / "x.npy", "--scale", "0:5", *options,
                         "-o", self.folder / "out.npy")  # fmt: skip
            self.assert_exit(USAGE, result)
            self.assertIn("--scale", result.stderr)

    def test_the_plan_is_printed(self):
        result = run("normalize", "--scale", "1:2", "--print-plan", "x.png")
        self.assert_exit(DONE, result)
        values = json.loads(result.stdout)["values"]
        self.assertEqual((values["low"], values["high"], values["scale"]), ([1], [2], 1))


if __name__ == "__main__":
    unittest.main()
