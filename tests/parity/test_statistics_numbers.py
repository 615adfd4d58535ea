"""Statistics of pictures are exact: integers of Python's, each printed number the nearest double."""

import math
import unittest

import cv2
import numpy as np
from PIL import Image

from imnorm_test import SAMPLES, SOME_FAILED, encode, jpeg, pictures_of_all_kinds, pixels, png
from stats_reference import StatsTest, Sums, root
from torchvision_reference import TRANSFORMS, load_rgb


def decoded(paths):
    return [np.asarray(load_rgb(p)) for p in paths]


class ExactStatistics(StatsTest):
    def write_mixed(self, count=12):
        """PNG and JPEG of odd sizes, each with a brightness of its own."""
        rng = np.random.default_rng(9)
        paths = []
        for i in range(count):
            width, height = (int(n) for n in rng.integers(3, 90, 2))
            array = (pixels(width, height, i) * rng.uniform(0.2, 1)).astype(np.uint8)
            kind = ("PNG", "JPEG")[i % 2]
            paths.append(self.write(f"pictures/{i:02}.{kind.lower()}",
                                    encode(Image.fromarray(array), kind)))
        return paths

    def test_every_number_is_the_double_nearest_to_the_true_one(self):
        paths = self.write_mixed()
        for ddof in (0, 1):
            stats = self.stats(self.folder / "pictures", "--ddof", str(ddof))
            self.assert_sums(stats, Sums(decoded(paths)), ddof)

    def test_the_sample_pictures_have_pythons_sums(self):
        good = sorted(p for p in SAMPLES.rglob("*.*") if p.parent.name != "damaged")
        self.assert_sums(self.stats(SAMPLES, code=SOME_FAILED), Sums(decoded(good)))

    def test_bgr_and_gray_are_the_same_pixels(self):
        paths = self.write_mixed(5)
        bgr = self.stats(self.folder / "pictures", "--channels", "bgr")
        self.assert_sums(bgr, Sums([a[..., ::-1] for a in decoded(paths)]))
        self.assertEqual(bgr["channels"], ["blue", "green", "red"])
        gray = self.stats(self.folder / "pictures", "--channels", "gray")
        greys = [np.asarray(Image.open(p).convert("L"))[..., None] for p in paths]
        self.assert_sums(gray, Sums(greys))

    def test_16_bit_grey_has_the_sums_of_its_samples(self):
        rng = np.random.default_rng(1)
        array = rng.integers(0, 65535, (37, 41), np.uint16, endpoint=True)
        for name, kind in (("a.png", "PNG"), ("a.tif", "TIFF")):
            with self.subTest(kind=kind):
                path = self.write(name, encode(Image.fromarray(array), kind))
                with Image.open(path) as opened:
                    samples = np.asarray(opened).astype(np.int64)[..., None]
                stats = self.stats(path, "--channels", "gray", "--depth", "16")
                self.assert_sums(stats, Sums([samples]))
                self.assertEqual((stats["scale"], stats["samples"]), (65535, "uint16"))

    def test_16_bit_colour_has_the_sums_of_its_samples(self):
        rng = np.random.default_rng(2)
        array = rng.integers(0, 65535, (29, 33, 3), np.uint16, endpoint=True)
        for name in ("a.png", "a.tif"):
            with self.subTest(file=name):
                path = self.folder / name
                self.assertTrue(cv2.imwrite(str(path), array[..., ::-1]))
                self.assert_sums(self.stats(path, "--depth", "16"), Sums([array]))
                self.assert_sums(self.stats(path), Sums([array >> 8]))

    def test_8_and_16_bit_pictures_share_one_scale(self):
        eight = pixels(20, 10, 1)
        sixteen = np.random.default_rng(3).integers(0, 65535, (9, 8, 3), np.uint16)
        self.write("pictures/a.png", encode(Image.fromarray(eight), "PNG"))
        cv2.imwrite(str(self.folder / "pictures/b.png"), sixteen[..., ::-1])
        stats = self.stats(self.folder / "pictures", "--depth", "16")
        self.assert_sums(stats, Sums([eight.astype(np.uint16) * 257, sixteen]))

    def test_a_constant_picture_has_a_std_of_exactly_0(self):
        for value in (0, 1, 77, 254, 255):
            path = self.write("a.png", encode(Image.new("RGB", (311, 97), (value,) * 3), "PNG"))
            for flags in ([], ["--ddof", "1"], ["--weight", "image"], ["--histogram"],
                          ["--std-of", "image-mean"], ["--preset", "imagenet"]):
                with self.subTest(value=value, flags=flags):
                    stats = self.stats(path, *flags)
                    self.assertEqual(stats["std"], [0, 0, 0])
                    self.assertEqual(stats["mean"], [value / 255] * 3)
                    self.assertEqual(stats["covariance"], [[0] * 3] * 3)

    def test_the_cifar_lesson_pooled_and_image_mean_differ_and_both_are_numpys(self):
        rng = np.random.default_rng(10)
        arrays = []
        for i in range(40):  # pictures that differ more from each other than within
            base = rng.uniform(30, 220, 3)
            array = np.clip(rng.normal(base, 15, (32, 32, 3)), 0, 255).astype(np.uint8)
            arrays.append(array)
            self.write(f"pictures/{i:02}.png", encode(Image.fromarray(array), "PNG"))
        scaled = np.stack(arrays) / 255.0
        pooled = scaled.std(axis=(0, 1, 2))
        image_mean = scaled.std(axis=(1, 2)).mean(axis=0)
        stats = self.stats(self.folder / "pictures")
        np.testing.assert_allclose(stats["std"], pooled, rtol=1e-12)
        np.testing.assert_allclose(stats["pooled_std"], pooled, rtol=1e-12)
        np.testing.assert_allclose(stats["mean_of_image_std"], image_mean, rtol=1e-12)
        self.assertTrue((pooled > 2 * image_mean).all())
        recipe = self.stats(self.folder / "pictures", "--std-of", "image-mean")
        self.assertEqual(recipe["std"], stats["mean_of_image_std"])
        self.assertEqual(recipe["pooled_std"], stats["pooled_std"])

    def test_weight_image_gives_every_picture_the_same_say(self):
        paths = self.write_mixed()
        stats = self.stats(self.folder / "pictures", "--weight", "image")
        flats = [a.reshape(-1, 3) / 255.0 for a in decoded(paths)]
        mean = np.mean([f.mean(axis=0) for f in flats], axis=0)
        second = np.mean([(f**2).mean(axis=0) for f in flats], axis=0)
        np.testing.assert_allclose(stats["mean"], mean, rtol=1e-13)
        np.testing.assert_allclose(stats["std"], np.sqrt(second - mean**2), rtol=1e-12)

    def test_correlation_and_eigenvectors_are_those_of_the_covariance(self):
        paths = self.write_mixed()
        stats = self.stats(self.folder / "pictures")
        flat = np.concatenate([a.reshape(-1, 3) for a in decoded(paths)]) / 255.0
        covariance = np.cov(flat.T, bias=True)
        np.testing.assert_allclose(stats["covariance"], covariance, rtol=1e-11)
        np.testing.assert_allclose(stats["correlation"], np.corrcoef(flat.T), rtol=1e-11)
        values, vectors = np.linalg.eigh(covariance)
        np.testing.assert_allclose(stats["eigenvalues"], values[::-1], rtol=1e-10)
        for ours, theirs in zip(stats["eigenvectors"], vectors.T[::-1]):
            self.assertAlmostEqual(abs(np.dot(ours, theirs)), 1.0, places=10)

    def test_percentiles_skewness_and_kurtosis_are_numpys(self):
        paths = self.write_mixed()
        asked = [0, 0.1, 1, 5, 25, 33.3, 50, 75, 95, 99, 100]
        stats = self.stats(self.folder / "pictures", "--percentiles", ",".join(map(str, asked)))
        flat = np.concatenate([a.reshape(-1, 3) for a in decoded(paths)])
        self.assertEqual([p["percent"] for p in stats["percentiles"]], asked)
        for row in stats["percentiles"]:
            np.testing.assert_allclose(
                row["values"], np.percentile(flat, row["percent"], axis=0) / 255, rtol=1e-12)
        z = (flat - flat.mean(axis=0)) / flat.std(axis=0)
        np.testing.assert_allclose(stats["skewness"], (z**3).mean(axis=0), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(stats["excess_kurtosis"], (z**4).mean(axis=0) - 3, rtol=1e-9)
        for c in range(3):
            self.assertEqual(stats["exact"]["histogram"][c],
                             np.bincount(flat[:, c], minlength=256).tolist())

    def test_16_bit_histograms_have_65536_bins(self):
        array = np.random.default_rng(3).integers(0, 65535, (50, 60), np.uint16, endpoint=True)
        path = self.write("a.png", encode(Image.fromarray(array), "PNG"))
        stats = self.stats(path, "--channels", "gray", "--depth", "16", "--percentiles", "50,99")
        self.assertEqual(stats["exact"]["histogram"][0],
                         np.bincount(array.ravel(), minlength=65536).tolist())
        for row in stats["percentiles"]:
            self.assertTrue(math.isclose(
                row["values"][0], np.percentile(array, row["percent"]) / 65535, rel_tol=1e-12))

    def test_after_a_preset_the_statistics_are_those_of_the_tensors_bytes(self):
        self.write_all(pictures_of_all_kinds(300, 280))
        folder = self.folder / "pictures"
        for name, flags in (("imagenet", ["--preset", "imagenet"]), ("clip", ["--preset", "clip"]),
                            ("opencv", ["--resize", "64x48", "--like", "opencv"])):
            with self.subTest(preset=name):
                tensor = self.normalize(folder, *flags, "--method", "none", "--dtype", "uint8",
                                        out=f"{name}.npy")
                planes = np.load(tensor)
                self.assert_sums(self.stats(folder, *flags), Sums([planes.transpose(0, 2, 3, 1)]))

    def test_pads_count_for_a_network_sees_them(self):
        self.write_all({f"{i}.png": png(90 + 7 * i, 40 + 5 * i, i) for i in range(4)})
        folder = self.folder / "pictures"
        for flags in (["--resize", "letterbox:64x64"], ["--resize", "letterbox:64x48", "--fill",
                       "#0a1428", "--channels", "bgr"], ["--crop", "120x120"]):
            with self.subTest(flags=flags):
                tensor = self.normalize(folder, *flags, "--method", "none", "--dtype", "uint8",
                                        "--force")
                planes = np.load(tensor)
                stats = self.stats(folder, *flags, "--histogram")
                self.assert_sums(stats, Sums([planes.transpose(0, 2, 3, 1)]))
                for c in range(3):
                    self.assertEqual(stats["exact"]["histogram"][c],
                                     np.bincount(planes[:, c].ravel(), minlength=256).tolist())

    def test_a_torchvision_loop_gives_the_same_mean_and_std(self):
        paths = self.write_mixed(8)
        count, first, second = 0, 0.0, 0.0
        for path in paths:
            tensor = TRANSFORMS["none"](load_rgb(path))
            count += tensor[0].numel()
            first = first + tensor.double().sum(dim=(1, 2))
            second = second + tensor.double().pow(2).sum(dim=(1, 2))
        mean = first / count
        stats = self.stats(self.folder / "pictures")
        np.testing.assert_allclose(stats["mean"], mean, rtol=0, atol=1e-6)
        np.testing.assert_allclose(
            stats["std"], (second / count - mean**2).sqrt(), rtol=0, atol=1e-6)

    def test_the_mean_of_the_pictures_own_deviations_is_exact_too(self):
        path = self.write("a.jpg", jpeg(61, 47, 5))
        stats = self.stats(path)
        sums = Sums(decoded([path]))
        for c in range(3):
            self.assertTrue(math.isclose(stats["mean_of_image_std"][c],
                                         root(sums.variance(c)) / 255, rel_tol=3e-16))


if __name__ == "__main__":
    unittest.main()
