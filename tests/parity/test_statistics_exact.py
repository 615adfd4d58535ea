"""The numbers of `imnorm stats` and `imnorm merge` against Python's fractions, decimal and numpy."""

import io
import json
import math
import random
import unittest
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
from PIL import Image

from imnorm_test import DONE, SOME_FAILED, ImnormTest, run

getcontext().prec = 60


def root(x):
    """The square root of a fraction, correctly rounded."""
    return float((Decimal(x.numerator) / Decimal(x.denominator)).sqrt())


class StatisticsExact(ImnormTest):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(11)
        self.pictures = []
        for i in range(23):
            height, width = (int(n) for n in rng.integers(3, 60, 2))
            base = rng.integers(0, 200, 3)
            grain = rng.integers(0, 56, (height, width, 3))
            array = (base + grain * (i % 4)).clip(0, 255).astype(np.uint8)
            name = f"set/{'cat' if i % 3 else 'dog'}/{i:02}.png"
            self.write(name, self.encoded(array))
            self.pictures.append((name, array))
        self.write("set/dog/damaged.png", self.encoded(array)[:60])
        self.write("set/cat/nothing.png", b"\x89PNG\r\n\x1a\n")
        self.set = self.folder / "set"

    @staticmethod
    def encoded(array):
        out = io.BytesIO()
        Image.fromarray(array).save(out, "PNG")
        return out.getvalue()

    def flat(self):
        return np.concatenate([a.reshape(-1, 3) for _, a in self.pictures]).astype(object)

    def test_mean_std_and_covariance_are_correctly_rounded(self):
        flat = self.flat()
        n = len(flat)
        s1 = [int(x) for x in flat.sum(axis=0)]
        for ddof in (0, 1):
            stats = self.stats(self.set, "--ddof", str(ddof), code=SOME_FAILED)
            for a in range(3):
                self.assertEqual(stats["mean"][a], float(Fraction(s1[a], n * 255)))
                for b in range(3):
                    product = int((flat[:, a] * flat[:, b]).sum())
                    covariance = Fraction(n * product - s1[a] * s1[b], n * (n - ddof) * 255**2)
                    self.assertEqual(stats["covariance"][a][b], float(covariance))
                    if a == b:
                        self.assertEqual(stats["std"][a], root(covariance))

    def test_eigenvectors_and_correlation_are_numpys(self):
        stats = self.stats(self.set, code=SOME_FAILED)
        flat = self.flat().astype(float) / 255
        np.testing.assert_allclose(stats["correlation"], np.corrcoef(flat.T), rtol=1e-9)
        values, vectors = np.linalg.eigh(np.cov(flat.T, ddof=0))
        np.testing.assert_allclose(stats["eigenvalues"], values[::-1], rtol=1e-9)
        for mine, theirs in zip(stats["eigenvectors"], vectors.T[::-1]):
            self.assertAlmostEqual(abs(float(np.dot(mine, theirs))), 1.0, places=9)
            self.assertGreater(max(mine, key=abs), 0)

    def test_percentiles_and_moments_are_numpys(self):
        stats = self.stats(self.set, "--percentiles", "0,12.5,99.9", code=SOME_FAILED)
        flat = self.flat().astype(float)
        percents = [row["percent"] for row in stats["percentiles"]]
        self.assertEqual(percents, [0, 1, 5, 12.5, 25, 50, 75, 95, 99, 99.9])
        for row in stats["percentiles"]:
            np.testing.assert_allclose(
                row["values"], np.percentile(flat, row["percent"], axis=0) / 255, rtol=1e-13)
        z = (flat - flat.mean(axis=0)) / flat.std(axis=0)
        np.testing.assert_allclose(stats["skewness"], (z**3).mean(axis=0), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(stats["excess_kurtosis"], (z**4).mean(axis=0) - 3, rtol=1e-9)
        for c in range(3):
            counts = np.bincount(flat[:, c].astype(int), minlength=256)
            self.assertEqual(stats["exact"]["histogram"][c], counts.tolist())

    def test_pooled_and_image_mean_std_differ_and_are_numpys(self):
        per_image = np.array([a.reshape(-1, 3).astype(float).std(axis=0) / 255
                              for _, a in self.pictures])
        pooled = self.flat().astype(float).std(axis=0) / 255
        stats = self.stats(self.set, "--std-of", "image-mean", code=SOME_FAILED)
        np.testing.assert_allclose(stats["std"], per_image.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(stats["pooled_std"], pooled, rtol=1e-12)
        self.assertTrue(all(a < 0.9 * b for a, b in zip(stats["std"], stats["pooled_std"])))
        errors = per_image.std(axis=0, ddof=1) / math.sqrt(len(per_image))
        np.testing.assert_allclose(stats["standard_error"]["std"], errors, rtol=1e-9)

    def test_weight_image_gives_every_picture_the_same_say(self):
        stats = self.stats(self.set, "--weight", "image", code=SOME_FAILED)
        arrays = [a.reshape(-1, 3).astype(float) / 255 for _, a in self.pictures]
        mean = np.mean([a.mean(axis=0) for a in arrays], axis=0)
        second = np.mean([(a**2).mean(axis=0) for a in arrays], axis=0)
        np.testing.assert_allclose(stats["mean"], mean, rtol=1e-13)
        np.testing.assert_allclose(stats["std"], np.sqrt(second - mean**2), rtol=1e-12)
        cross = np.mean([(a[:, 0] * a[:, 2]).mean() for a in arrays]) - mean[0] * mean[2]
        self.assertAlmostEqual(stats["covariance"][0][2], cross, places=14)

    def test_standard_errors_are_those_of_the_definition(self):
        stats = self.stats(self.set, code=SOME_FAILED)
        arrays = [a.reshape(-1, 3).astype(float) / 255 for _, a in self.pictures]
        n = sum(map(len, arrays))
        count = len(arrays)
        flat = np.concatenate(arrays)
        mean, variance = flat.mean(axis=0), flat.var(axis=0)
        of_mean = sum(((a - mean).sum(axis=0)) ** 2 for a in arrays)
        of_var = sum((((a - mean) ** 2 - variance).sum(axis=0)) ** 2 for a in arrays)
        correction = count / (count - 1)
        np.testing.assert_allclose(
            stats["standard_error"]["mean"], np.sqrt(correction * of_mean) / n, rtol=1e-10)
        np.testing.assert_allclose(
            stats["standard_error"]["std"],
            np.sqrt(correction * of_var) / n / (2 * np.sqrt(variance)), rtol=1e-10)

    def test_classes_are_the_statistics_of_their_folders(self):
        stats = self.stats(self.set, "--per-class", code=SOME_FAILED)
        self.assertEqual(list(stats["per_class"]), ["cat", "dog"])
        for name in ("cat", "dog"):
            alone = self.stats(self.set / name, code=SOME_FAILED)
            for key in ("images", "pixels", "mean", "std", "min", "max", "mean_of_image_std"):
                self.assertEqual(stats["per_class"][name][key], alone[key])

    def test_merged_shards_are_the_bytes_of_the_whole(self):
        options = ["--percentiles", "10", "--per-class"]
        whole = run("stats", self.set, *options).stdout
        rng = random.Random(4)
        for count in (2, 3, 5, 17):
            parts = []
            for i in range(1, count + 1):
                part = self.folder / f"part-{count}-{i}.json"
                result = run("stats", self.set, *options, "--shard", f"{i}/{count}", "-o", part)
                self.assertIn(result.returncode, (0, 1, 3), result.stderr)
                parts.append(part)
            rng.shuffle(parts)
            merged = run("merge", *parts)
            self.assertEqual(merged.stdout, whole)
            self.assert_exit(SOME_FAILED, merged)

    def test_a_badly_conditioned_tensor_has_the_statistics_of_fractions(self):
        values = np.array([1e16, 1e-3, -1e16, 2e-3, 1e16, -1e16, 3e-3, 1e-3]).reshape(2, 1, 2, 2)
        np.save(self.folder / "bad.npy", values)
        stats = self.stats(self.folder / "bad.npy", code=DONE)
        exact = [Fraction(float(v)) for v in values.ravel()]
        mean = sum(exact) / len(exact)
        variance = sum((v - mean) ** 2 for v in exact) / len(exact)
        self.assertEqual(stats["mean"], [float(mean)])
        self.assertEqual(stats["std"], [root(variance)])
        self.assertNotEqual(float(np.mean(values)), float(mean))

    def test_numbers_print_with_17_digits_and_read_back(self):
        text = run("stats", self.set).stdout
        stats = json.loads(text)
        for value in stats["mean"] + stats["std"]:
            self.assertIn(f"{value:.17g}", text)


if __name__ == "__main__":
    unittest.main()
