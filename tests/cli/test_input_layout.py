"""What the sides of a tensor are: --input-layout, and the layer that a prefix names."""

import itertools
import json
import unittest

import numpy as np

from imnorm_test import DONE, USAGE, ImnormTest, manifest_of, run
from layer_runs import write_safetensors

PLANES = {"": 0, "l": 1, "hw": 2, "dhw": 3}


def words():
    """Every layout with its order of axes as a word of all letters: n, c, plane."""
    for samples, plane, channels in itertools.product("n ", PLANES, ("first", "last", "none")):
        samples = samples.strip()
        if channels == "none" and not plane or channels != "none" and not samples and not plane:
            continue
        if channels == "last" and not plane:
            continue  # the same word as first
        middle = {"first": "c" + plane, "last": plane + "c", "none": plane}[channels]
        yield samples + middle, channels, plane


class InputLayout(ImnormTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.npy"
        self.path = self.folder / "in.npy"
        self.random = np.random.default_rng(4)

    def batch(self, *flags):
        flags = ("--method", "batch", "-o", self.out, "--force", *flags)
        return run("normalize", self.path, *flags)

    def test_every_layout_gives_the_numbers_of_the_tensor_in_canonical_order(self):
        tried = 0
        for word, channels, plane in words():
            for dtype in (np.uint8, np.float32, np.float64):
                with self.subTest(word=word, dtype=dtype.__name__):
                    shape = [5 if word.startswith("n") else 1, 1 if channels == "none" else 3]
                    shape += [4, 6, 7][: len(plane)]
                    canonical = (self.random.random(shape) * 255).astype(dtype)
                    np.save(self.path, canonical)
                    canon = "nc" + plane
                    self.assert_exit(DONE, self.batch("--input-layout", canon))
                    wanted = np.load(self.out)
                    stats = json.loads(run("stats", self.path, "--input-layout", canon).stdout)
                    stored = canonical
                    if channels == "none":
                        stored = stored[:, 0]
                    if channels == "last":
                        stored = np.moveaxis(stored, 1, -1)
                    if not word.startswith("n"):
                        stored = stored[0]
                    np.save(self.path, stored)
                    self.assert_exit(DONE, self.batch("--input-layout", word))
                    np.testing.assert_array_equal(np.load(self.out), wanted)
                    ours = json.loads(run("stats", self.path, "--input-layout", word).stdout)
                    self.assertEqual(ours["mean"], stats["mean"])
                    self.assertEqual(ours["std"], stats["std"])
                    self.assertIn(f"read as {word}", str(manifest_of(self.out)["items"]))
                    tried += 1
        self.assertEqual(tried, 3 * 19)

    def test_volumes_are_normalised_as_their_planes_in_one(self):
        volumes = self.random.normal(0, 1, (4, 6, 3, 5, 7)).astype(np.float32)
        for method, flags in (("batch", []), ("layer", []), ("instance", []), ("group", ["--groups", "2"])):
            with self.subTest(method=method):
                flags = ["--method", method, "-o", self.out, "--force", *flags]
                np.save(self.path, volumes.reshape(4, 6, 15, 7))
                self.assert_exit(DONE, run("normalize", self.path, *flags))
                wanted = np.load(self.out)
                np.save(self.path, volumes)
                self.assert_exit(DONE, run("normalize", self.path, *flags))
                self.assertEqual(np.load(self.out).shape, volumes.shape)
                np.testing.assert_array_equal(np.load(self.out).reshape(wanted.shape), wanted)
                self.assert_exit(DONE, run("normalize", self.path, *flags, "--layout", "nhwc"))
                np.testing.assert_array_equal(
                    np.moveaxis(np.load(self.out), -1, 1).reshape(wanted.shape), wanted
                )

    def test_layouts_that_do_not_fit_are_refused_with_what_does(self):
        np.save(self.path, self.random.random((4, 3, 5, 6)))
        for word in ("nchc", "hcw", "c", "n", "nwh", "NCHW", "chw2", "nn"):
            result = self.batch("--input-layout", word)
            self.assert_exit(USAGE, result)
            self.assertIn(f"--input-layout {word} is none of nc, ncl", result.stderr)
        result = self.batch("--input-layout", "chw")
        self.assert_exit(USAGE, result)
        self.assertIn("chw has 3 sides, the shape [4, 3, 5, 6] has 4", result.stderr)
        self.assert_exit(USAGE, run("stats", self.write_pictures(1), "--input-layout", "nchw"))

    def test_shapes_that_look_like_channels_last_are_asked_about(self):
        for shape, first, second in (
            ((2, 8, 9, 3), "nhwc", "nchw"), ((2, 28, 28, 1), "nhwc", "nchw"),
            ((48, 64, 3), "hwc", "ncl"), ((2, 5, 8, 9, 4), "ndhwc", "ncdhw"),
        ):  # fmt: skip
            np.save(self.path, np.zeros(shape, np.float32))
            result = self.batch()
            self.assert_exit(USAGE, result)
            self.assertIn(f"may be {first} or {second}", result.stderr)
        for shape in ((4, 16, 1, 1), (2, 3, 4, 4), (4, 3, 8, 3), (5, 6, 4, 4), (4, 16, 8, 8), (128, 16, 1), (9, 5)):
            np.save(self.path, self.random.random(shape))
            self.assert_exit(DONE, self.batch())

    def test_partials_of_two_readings_are_not_merged(self):
        np.save(self.path, self.random.random((4, 3, 3, 3)))
        parts = []
        for part, word in ((1, "nchw"), (2, "nhwc")):
            parts.append(self.folder / f"{part}.json")
            flags = ("--shard", f"{part}/2", "--input-layout", word, "-o", parts[-1])
            self.assert_exit(DONE, run("stats", self.path, *flags))
        self.assertNotEqual(run("merge", *parts).returncode, DONE)

    def test_grey_pictures_that_look_like_signals_are_told_of(self):
        np.save(self.path, self.random.random((6, 28, 28)))
        self.assertIn("--input-layout nhw", self.batch().stderr)
        self.assertNotIn("taken as", self.batch("--input-layout", "nhw").stderr)


class Float64(ImnormTest):
    """float64 is worked on in float64, and written where it is asked for."""

    def setUp(self):
        super().setUp()
        self.path = self.folder / "in.npy"
        self.out = self.folder / "out.npy"
#No float32 has these : 1e8 and something.
        self.values = np.random.default_rng(5).normal(1e8, 1.0, (6, 4, 5, 7))
        np.save(self.path, self.values)

    def made(self, *flags):
        self.assert_exit(DONE, run("normalize", self.path, "-o", self.out, "--force", *flags))
        return np.load(self.out)

    def exactly(self, axes):
        """The layer in long double; taking 1e8 away first is exact, and spares it the digits."""
        x = (self.values - 1e8).astype(np.longdouble)
        mean = x.mean(axes, keepdims=True)
        return (x - mean) / np.sqrt(((x - mean) ** 2).mean(axes, keepdims=True) + np.longdouble(1e-5))

    def test_layers_are_exact_beyond_float32(self):
        for method, axes in (("batch", (0, 2, 3)), ("layer", (1, 2, 3)), ("instance", (2, 3))):
            with self.subTest(method=method):
                exact = self.exactly(axes)
                ours = self.made("--method", method, "--dtype", "float64")
                self.assertEqual(ours.dtype, np.float64)
                self.assertLess(abs(ours - exact).max(), 1e-14)
                narrow = self.made("--method", method)
                self.assertEqual(narrow.dtype, np.float32)
                np.testing.assert_array_equal(narrow, ours.astype(np.float32))

    def test_given_mean_and_std_are_those_of_float64(self):
        flags = ("--mean", "100000000,1,2,3", "--std", "0.3", "--dtype", "float64")
        wanted = (self.values - np.array([1e8, 1, 2, 3])[None, :, None, None]) / 0.3
        np.testing.assert_array_equal(self.made(*flags), wanted)
        np.testing.assert_array_equal(self.made(*flags[:-1], "float32"), wanted.astype(np.float32))

    def test_float32_may_be_written_without_rounding(self):
        self.values = self.values.astype(np.float32).astype(np.float64)
        np.save(self.path, self.values.astype(np.float32))
        ours = self.made("--method", "batch", "--dtype", "float64")
        np.save(self.path, self.values)
        np.testing.assert_array_equal(ours, self.made("--method", "batch", "--dtype", "float64"))

    def test_weights_running_statistics_and_back(self):
        state = self.folder / "state.safetensors"
        flags = ("--method", "batch", "--dtype", "float64")
        self.made(*flags, "--gamma", "1,2,3,4", "--beta", "0,1,2,3", "--state-out", str(state))
        there = self.made(*flags, "--eval", "--state-in", str(state))
        (self.folder / "there.npy").write_bytes(self.out.read_bytes())
        np.save(self.path, there)
        back = self.made(*flags, "--denormalize", "--state-in", str(state))
        self.assertLess(abs(back - self.values).max(), 1e-6)

    def test_what_is_too_large_for_float32_is_told(self):
        np.save(self.path, np.array([[1e300, 0.0], [-1e300, 1.0]]))
        flags = ("--mean", "0", "--std", "1")
        self.assertTrue(np.isfinite(self.made(*flags, "--dtype", "float64")).all())
        result = run("normalize", self.path, *flags, "-o", self.out, "--force")
        self.assert_exit(DONE, result)
        self.assertIn("2 values", result.stderr)

    def test_pictures_have_none(self):
        result = run("normalize", self.write_pictures(1), "--preset", "imagenet", "--dtype", "float64", "-o", self.out)
        self.assert_exit(USAGE, result)
        self.assertIn("--dtype float64 is for tensors", result.stderr)


class StatePrefix(ImnormTest):
    def setUp(self):
        super().setUp()
        random = np.random.default_rng(6)
        self.path = self.folder / "in.npy"
        self.out = self.folder / "out.npy"
        np.save(self.path, random.normal(0, 1, (4, 3, 5, 6)).astype(np.float32))
        self.layer = {
            "weight": random.random(3), "bias": random.random(3), "running_mean": random.random(3),
            "running_var": random.random(3) + 1,
        }  # fmt: skip
        self.layer = {name: values.astype(np.float32) for name, values in self.layer.items()}
        self.layer["num_batches_tracked"] = np.array(7, np.int64)
        other = {f"layer1.0.bn1.{name}": values + 1 for name, values in self.layer.items()}
        write_safetensors(self.folder / "layer.safetensors", self.layer)
        model = {"conv1.weight": np.zeros((3, 3), np.float32), **other}
        model |= {f"bn1.{name}": values for name, values in self.layer.items()
}
        write_safetensors(self.folder / "model.safetensors", model)
        self.flags = ("--method", "batch", "-o", self.out, "--force")

    def test_a_model_s_layer_is_that_layer(self):
        model, layer = (str(self.folder / f"{name}.safetensors") for name in ("model", "layer"))
        for flags in (("--state-in",), ("--eval", "--state-in"), ("--affine",)):
            with self.subTest(flags=flags):
                self.assert_exit(DONE, run("normalize", self.path, *self.flags, *flags, layer))
                wanted = np.load(self.out)
                prefix = ("--state-prefix", "bn1.")
                self.assert_exit(DONE, run("normalize", self.path, *self.flags, *flags, model, *prefix))
                np.testing.assert_array_equal(np.load(self.out), wanted)
        self.assertEqual(manifest_of(self.out)["plan"]["layer"]["state_prefix"], "bn1.")

    def test_a_prefix_that_is_missing_or_meets_nothing_is_told_of(self):
        model = self.folder / "model.safetensors"
        result = run("normalize", self.path, *self.flags, "--state-in", model)
        self.assert_exit(USAGE, result)
        self.assertIn("--state-prefix says which layer's are meant", result.stderr)
        result = run("normalize", self.path, *self.flags, "--state-in", model, "--state-prefix", "bn2.")
        self.assert_exit(USAGE, result)
        self.assertIn("--state-prefix bn2., but with bn1., conv1., layer1.0.bn1.", result.stderr)
        result = run("normalize", self.path, *self.flags, "--state-prefix", "bn1.")
        self.assert_exit(USAGE, result)
        self.assertIn("is of names in --state-in or --affine", result.stderr)


if __name__ == "__main__":
    unittest.main()
