"""Which pixels `stats` leaves out by value: the file's own values decide, whatever is summed."""

import unittest

import cv2
import numpy as np

from imnorm_test import USAGE, encode, run
from PIL import Image
from stats_reference import StatsTest, Sums, tiff


class IgnoredValuesTest(StatsTest):
    def wide(self, name, array):
        """A 16-bit PNG; OpenCV writes blue first."""
        order = {3: [2, 1, 0], 4: [2, 1, 0, 3]}.get(array.shape[2] if array.ndim == 3 else 1)
        return self.write(name, cv2.imencode(".png", array[..., order] if order else array)[1])

    def test_a_16_bit_value_is_compared_before_it_is_reduced(self):
        rng = np.random.default_rng(3)
        gray = rng.choice(np.array([0, 1, 200, 255, 256, 300, 5000], np.uint16), (20, 30))
        path = self.wide("g.png", gray)
        for ignored in (0, 1, 255, 300, 5000, 65535):
            kept = gray[gray != ignored].reshape(-1, 1)
            with self.subTest(ignored=ignored):
                flags = ["--channels", "gray", "--ignore-value", str(ignored)]
                self.assert_sums(self.stats(path, *flags), Sums([kept >> 8]))
                self.assert_sums(self.stats(path, *flags, "--depth", "16"), Sums([kept]))

    def test_a_16_bit_colour_is_compared_before_it_is_reduced(self):
        rng = np.random.default_rng(4)
        colors = rng.choice(np.array([0, 7, 4000, 40000], np.uint16), (20, 30, 3))
        path = self.wide("c.png", colors)
        flat = colors.reshape(-1, 3)
        kept = flat[(flat != [7, 0, 4000]).any(axis=1)]
        self.assertLess(len(kept), len(flat))
        self.assert_sums(self.stats(path, "--ignore-value", "7,0,4000"), Sums([kept >> 8]))
        bgr = self.stats(path, "--ignore-value", "4000,0,7", "--channels", "bgr")
        self.assert_sums(bgr, Sums([(kept >> 8)[:, ::-1]]))

    def test_16_bit_alpha_of_1_is_not_0(self):
        rng = np.random.default_rng(5)
        array = rng.integers(0, 65536, (20, 30, 4)).astype(np.uint16)
        array[..., 3] = rng.choice(np.array([0, 1, 255, 65535], np.uint16), (20, 30))
        path = self.wide("a.png", array)
        kept = array[array[..., 3] != 0][:, :3]
        self.assert_sums(self.stats(path, "--alpha", "mask"), Sums([kept >> 8]))

    def test_pictures_of_8_and_16_bits_in_one_run_keep_their_own_values(self):
        wide = np.full((4, 5, 3), 257, np.uint16)
        wide[0] = 1
        narrow = np.full((4, 5, 3), 9, np.uint8)
        narrow[0] = 1
        self.wide("set/a.png", wide)
        self.write("set/b.png", encode(Image.fromarray(narrow), "PNG"))
        self.wide("set/c.png", wide)
        for threads in (1, 3):
            stats = self.stats(self.folder / "set", "--ignore-value", "1", "-j", str(threads))
            arrays = [wide[1:] >> 8, narrow[1:], wide[1:] >> 8]
            self.assert_sums(stats, Sums([a.reshape(-1, 3) for a in arrays]))

    def test_bands_of_floats_are_left_out_by_fractions_by_extremes_and_by_nan(self):
        lowest = float(np.finfo(np.float32).min)
        for marker, flag in ((lowest, "-3.4028234663852886e+38"), (lowest, "-3.4028235e38"),
                             (0.1, "0.1"), (-9999, "-9999"), (np.nan, "nan")):  # fmt: skip
            array = np.random.default_rng(6).normal(0, 5, (9, 13, 1)).astype(np.float32)
            array[2:5] = marker
            path = self.write("f.tif", tiff(array, 3))
            kept = np.delete(array, slice(2, 5), axis=0)
            with self.subTest(flag):
                stats = self.stats(path, "--channels", "native", f"--ignore-value={flag}")
                self.assertEqual(stats["pixels"], kept.size)
                self.assert_sums(stats, Sums([kept.reshape(-1, 1)]))

    def test_a_value_that_no_sample_can_have_is_refused(self):
        path = self.write("a.png", encode(Image.new("L", (4, 4)), "PNG"))
        for value in ("-1", "0.5", "65536", "nan", "x", "1,", "inf"):
            for channels in ("rgb", "native"):
                with self.subTest(value, channels=channels):
                    done = run("stats", path, "--channels", channels, f"--ignore-value={value}")
                    self.assert_exit(USAGE, done)


if __name__ == "__main__":
    unittest.main()
