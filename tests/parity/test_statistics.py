"""`imnorm stats` sums equal numpy's over the pixels that Pillow decodes."""

import math
import unittest
from fractions import Fraction

import numpy as np

from imnorm_test import SAMPLES, SOME_FAILED, ImnormTest, jpeg, pictures_of_all_kinds, png, run
from torchvision_reference import load_rgb


def sums_of(paths):
    """Pixel count and integer sums over all pictures, without rounding."""
    n, s1, s2, cross = 0, [0] * 3, [0] * 3, [0] * 3
    low, high = [255] * 3, [0] * 3
    for path in paths:
        flat = np.asarray(load_rgb(path)).reshape(-1, 3).astype(np.int64)
        n += len(flat)
        for c in range(3):
            s1[c] += int(flat[:, c].sum())
            s2[c] += int((flat[:, c] ** 2).sum())
            low[c], high[c] = min(low[c], int(flat[:, c].min())), max(
                high[c], int(flat[:, c].max())
            )
        for i, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
            cross[i] += int((flat[:, a] * flat[:, b]).sum())
    return n, s1, s2, cross, low, high


class StatisticsParity(ImnormTest):
    def assert_equal_sums(self, stats, paths):
        n, s1, s2, cross, low, high = sums_of(paths)
        exact = stats["exact"]
        self.assertEqual(int(exact["pixels"]), n)
        self.assertEqual(list(map(int, exact["sum"])), s1)
        self.assertEqual(list(map(int, exact["sum_squares"])), s2)
        self.assertEqual(list(map(int, exact["cross"])), cross)
        self.assertEqual(stats["images"], len(paths))
        self.assertEqual(stats["pixels"], n)
        for c in range(3):
            variance = Fraction(s2[c], n) - Fraction(s1[c], n) ** 2
            self.assertTrue(math.isclose(stats["mean"][c], s1[c] / n / 255, rel_tol=4e-16))
            self.assertTrue(math.isclose(stats["std"][c], math.sqrt(variance) / 255, rel_tol=1e-15))
        self.assertEqual([round(v * 255) for v in stats["min"]], low)
        self.assertEqual([round(v * 255) for v in stats["max"]], high)

    def test_the_sums_of_the_sample_pictures_equal_numpys(self):
        good = [p for p in SAMPLES.rglob("*.*") if p.parent.name != "damaged"]
        stats = self.stats(SAMPLES, code=SOME_FAILED)
        self.assert_equal_sums(stats, good)
        self.assertEqual(len(stats["failed"]), 3)

    def test_the_sums_of_every_kind_of_picture_equal_numpys(self):
        for name, data in pictures_of_all_kinds(97, 61).items():
            with self.subTest(kind=name):
                path = self.write(name, data)
                self.assert_equal_sums(self.stats(path), [path])

    def test_random_pictures_of_odd_sizes_have_numpys_sums(self):
        rng = np.random.default_rng(3)
        paths = []
        for i in range(30):
            width, height = (int(n) for n in rng.integers(1, 200, 2))
            maker, kind = ((jpeg, "jpg"), (png, "png"))[i % 2]
            paths.append(self.write(f"pictures/{i}.{kind}", maker(width, height, i)))
        self.assert_equal_sums(self.stats(self.folder / "pictures"), paths)

    def test_the_mean_of_the_per_picture_deviations_is_named_and_right(self):
        paths = [self.write(f"pictures/{i}.png", png(40 + i, 30, i)) for i in range(7)]
        stats = self.stats(self.folder / "pictures")
        stds = [
            np.asarray(load_rgb(p)).reshape(-1, 3).astype(float).std(axis=0) / 255 for p in paths
        ]
        np.testing.assert_allclose(stats["mean_of_image_std"], np.mean(stds, axis=0), rtol=1e-12)

    def test_the_json_does_not_depend_on_the_number_of_threads(self):
        outputs = []
        for threads in ("1", "2", "8"):
            result = run("stats", SAMPLES, "-j", threads)
            self.assert_exit(SOME_FAILED, result)
            outputs.append(result.stdout)
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[0], outputs[2])


if __name__ == "__main__":
    unittest.main()
