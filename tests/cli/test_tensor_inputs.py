"""Tensors as inputs: what does not apply to them is refused, not ignored."""

import unittest

import numpy as np

from imnorm_test import DONE, NOT_DONE, USAGE, ImnormTest, run


class TensorInputs(ImnormTest):
    def setUp(self):
        super().setUp()
        self.tensor = self.folder / "in.npy"
        np.save(self.tensor, np.random.default_rng(1).normal(0, 1, (4, 3, 5, 6)).astype(np.float32))
        self.out = self.folder / "out.npy"

    def test_what_is_for_pictures_is_refused_not_ignored(self):
        for flags in (["--resize", "8"], ["--crop", "3"], ["--filter", "box"], ["--fill", "white"],
                      ["--like", "timm"], ["--exif", "apply"], ["--alpha", "white"],
                      ["--channels", "bgr"], ["--depth", "16"], ["--max-pixels", "9"],
                      ["--fast-decode"], ["--ext", "npy"], ["--exclude", "x"]):
            for command in (["stats"], ["normalize", "--method", "none", "-o", self.out]):
                with self.subTest(flags=flags, command=command[0]):
                    result = run(*command, self.tensor, *flags)
                    self.assert_exit(USAGE, result)
                    self.assertEqual(result.stdout, "")
                    self.assertIn(flags[0], result.stderr)
                    self.assertIn("tensor", result.stderr)
                    self.assertFalse(self.out.exists())

    def test_what_stats_measures_of_pictures_only_is_refused_too(self):
        for flags in (["--preset", "half"], ["--per-class"], ["--per-image", self.out],
                      ["--ignore-value", "0"], ["--mask-dir", self.folder], ["--sample", "2"],
                      ["--until", "0.1"]):
            with self.subTest(flags=flags):
                result = run("stats", self.tensor, *flags)
                self.assert_exit(USAGE, result)
                self.assertEqual(result.stdout, "")
                self.assertIn(flags[0], result.stderr)

    def test_the_values_of_a_preset_are_for_tensors_too(self):
        self.normalize(self.tensor, "--preset", "imagenet")
        self.assert_exit(DONE, run("stats", self.tensor, "--resize", "none", "--crop", "none"))

    def test_a_mean_above_all_samples_is_refused_for_bytes_and_taken_for_floats(self):
        given = ["--mean", "123.675", "--std", "58.395"]
        self.normalize(self.tensor, *given)
        np.save(self.tensor, np.arange(24, dtype=np.uint8).reshape(2, 3, 4))
        result = run("normalize", self.tensor, *given, "-o", self.folder / "no.npy")
        self.assert_exit(USAGE, result)
        self.assertIn("--scale 1", result.stderr)
        self.normalize(self.tensor, *given, "--scale", "1", "--force")

    def test_integers_that_no_double_holds_are_refused_not_rounded(self):
        wide = np.array([[2**53], [2**53 + 1]], dtype=np.int64)
        np.save(self.tensor, wide)
        result = run("stats", self.tensor)
        self.assert_exit(NOT_DONE, result)
        self.assertIn("2^53", result.stderr)
        np.save(self.tensor, np.array([[2**53], [-(2**53)]], dtype=np.int64))
        stats = self.stats(self.tensor)
        self.assertEqual(stats["mean"], [0])
        self.assertEqual(stats["std"], [2**53])

    def test_every_number_type_and_order_gives_the_values_of_its_float32_or_float64(self):
        rng = np.random.default_rng(3)
        whole = rng.integers(0, 100, (4, 3, 5, 6))
        codes = ("<f8", ">f8", ">f4", ">f2", "i1", "<i2", ">i2", ">u2", "<i4", ">i4", "<i8", "?")
        plain = self.folder / "plain.npy"
        runs = (["--method", "batch"], ["--mean", "0.3,0.4,0.5", "--std", "0.2,0.3,0.4"])
        for code in codes:
            values = (whole % 2 if code == "?" else whole).astype(code)
            scale = 65535 if code == ">u2" else 1
            np.save(plain, values.astype(np.float32))
            for flags in runs:
                scaled = [*flags, "--scale", str(scale)]
                wanted = np.load(self.normalize(plain, *scaled, "--force"))
                if code.endswith("f8") and "--mean" in flags:  # float64 stays float64
                    mean, std = (np.array(v).reshape(3, 1, 1) for v in ([0.3, 0.4, 0.5], [0.2, 0.3, 0.4]))
                    wanted = ((values - mean) / std).astype(np.float32)
                for order in "CF":
                    with self.subTest(code=code, flags=flags[0], order=order):
                        np.save(self.tensor, np.asarray(values, order=order))
                        got = np.load(self.normalize(self.tensor, *flags, "--force"))
                        np.testing.assert_array_equal(got, wanted)
                        np.testing.assert_array_equal(
                            self.stats(self.tensor, "--scale", "1")["mean"],
                            self.stats(plain, "--scale", "1")["mean"],
                        )

    def test_weights_in_an_npz_are_read_in_any_order_of_bytes_and_axes(self):
        rng = np.random.default_rng(6)
        arrays = {name: rng.normal(1, 1, (3, 5, 6)).astype(np.float32) for name in ("weight", "bias")}
        path = self.folder / "affine.npz"
        made = []
        for order, code in (("C", "<f4"), ("F", "<f4"), ("C", ">f4"), ("F", ">f8")):
            np.savez(path, **{n: np.asarray(v.astype(code), order=order) for n, v in arrays.items()})
            flags = ("--method", "layer", "--affine", path, "--force")
            made.append(np.load(self.normalize(self.tensor, *flags)))
            np.testing.assert_array_equal(made[-1], made[0])

    def test_float64_is_measured_as_it_is_and_normalised_as_float32(self):
        values = np.random.default_rng(4).normal(3, 2, (5, 3, 4, 4))
        np.save(self.tensor, values)
        stats = self.stats(self.tensor)
        np.testing.assert_allclose(stats["mean"], values.mean(axis=(0, 2, 3)), rtol=1e-15)
        got = np.load(self.normalize(self.tensor, "--method", "layer"))
        rounded = values.astype(np.float32).astype(np.float64)
        axes = (1, 2, 3)
        wanted = (rounded - rounded.mean(axes, keepdims=True)) / np.sqrt(
            rounded.var(axes, keepdims=True) + 1e-5
        )
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-7)

    def test_pixels_left_out_for_nan_are_said_on_stderr(self):
        tensor = np.load(self.tensor)
        tensor[1, 2, 3, 4] = np.nan
        tensor[2, 0, 0, :2] = np.inf
        np.save(self.tensor, tensor)
        result = run("stats", self.tensor, "--emit", "torchvision")
        self.assert_exit(DONE, result)
        self.assertIn("3 pixels in 2 inputs", result.stderr)
        self.assertNotIn("NaN", result.stdout)

    def test_an_error_names_the_tensor_once(self):
        self.tensor.write_bytes(b"no tensor at all")
        for command in (["stats"], ["normalize", "--method", "none", "-o", self.out],
                        ["normalize", "--method", "none", "-o", self.out, "--dry-run"]):
            result = run(*command, self.tensor)
            self.assertEqual(result.stderr.count("in.npy"), 1, result.stderr)


if __name__ == "__main__":
    unittest.main()
