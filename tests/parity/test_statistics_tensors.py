"""Statistics of tensor files: any number of channels, any type, floats without rounding."""

import json
import random
import unittest

import numpy as np
import torch

from imnorm_test import USAGE, run
from stats_reference import StatsTest, Sums


TYPES = {np.float64: "F64", np.float32: "F32", np.float16: "F16", np.uint8: "U8", np.uint16: "U16"}


def safetensors(data, kind, shape):
    """A file of one tensor."""
    tensor = {"dtype": kind, "shape": list(shape), "data_offsets": [0, len(data)]}
    header = json.dumps({"data": tensor}).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + data


def pixels_of(array):
    """[N][C]... -> [pixels][C]."""
    return np.moveaxis(array, 1, -1).reshape(-1, array.shape[1])


class TensorStatistics(StatsTest):
    def save(self, name, array):
        path = self.folder / name
        if name.endswith(".npy"):
            np.save(path, array)
        else:
            kind = TYPES[array.dtype.type]
            path.write_bytes(safetensors(array.tobytes(), kind, array.shape))
        return path

    def merged(self, path, count, *flags):
        parts = []
        for i in range(1, count + 1):
            part = self.folder / f"part-{count}-{i}.json"
            self.assert_exit(
                0, run("stats", path, *flags, "--shard", f"{i}/{count}", "-o", part, "--force"))
            parts.append(part)
        random.Random(count).shuffle(parts)
        result = run("merge", *parts)
        self.assert_exit(0, result)
        return result.stdout

    def test_floats_of_every_type_and_any_channels_have_the_exact_sums(self):
        rng = np.random.default_rng(0)
        for dtype in (np.float64, np.float32, np.float16):
            for channels in (1, 2, 3, 7):
                array = rng.normal(0, 50, (6, channels, 5, 4)).astype(dtype)
                for name in ("a.npy", "a.safetensors"):
                    with self.subTest(dtype=dtype.__name__, channels=channels, file=name):
                        self.assert_sums(self.stats(self.save(name, array)),
                                         Sums([pixels_of(array)]))

    def test_bfloat16_has_the_exact_sums(self):
        tensor = torch.randn(5, 2, 4, 3, generator=torch.Generator().manual_seed(1))
        tensor = (tensor * 100).to(torch.bfloat16)
        words = tensor.view(torch.int16).numpy().tobytes()
        path = self.write("a.safetensors", safetensors(words, "BF16", tensor.shape))
        self.assert_sums(self.stats(path), Sums([pixels_of(tensor.float().numpy())]))

    def test_integers_of_8_and_16_bits_have_the_exact_sums(self):
        rng = np.random.default_rng(1)
        for dtype in (np.uint8, np.uint16):
            array = rng.integers(0, np.iinfo(dtype).max, (9, 5, 7, 3), dtype, endpoint=True)
            stats = self.stats(self.save("a.npy", array), "--percentiles", "1,50,99")
            self.assert_sums(stats, Sums([pixels_of(array)]))
            for row in stats["percentiles"]:
                np.testing.assert_allclose(
                    row["values"],
                    np.percentile(pixels_of(array), row["percent"], axis=0) / stats["scale"],
                    rtol=1e-12)

    def test_every_rank_of_samples_is_read(self):
        rng = np.random.default_rng(2)
        for shape in ((11, 4), (7, 3, 10), (5, 3, 4, 6)):
            array = rng.normal(size=shape)
            self.assert_sums(self.stats(self.save("a.npy", array)), Sums([pixels_of(array)]))

    def test_a_badly_conditioned_set_is_exact_for_any_threads_and_shards(self):
        rng = np.random.default_rng(3)
        array = rng.normal(1e-3, 1e-4, (37, 3, 6, 5))
        array[4, :, 2, 2] = 1e16
        array[21, :, 1, 3] = -1e16
        array[30, 0] = 1e-300
        self.assertNotEqual(array.sum(), array[::-1].copy().ravel()[::-1].cumsum()[-1])
        path = self.save("a.npy", array)
        whole = self.stats_text(path, "-j", "1")
        self.assert_sums(json.loads(whole), Sums([pixels_of(array)]))
        for threads in ("2", "7"):
            self.assertEqual(self.stats_text(path, "-j", threads), whole)
        for count in (2, 3, 5, 17):
            self.assertEqual(self.merged(path, count), whole)

    def test_the_order_of_samples_changes_no_number(self):
        rng = np.random.default_rng(4)
        array = rng.normal(1e-3, 1e-4, (20, 2, 4, 4))
        array[3, 0, 0, 0], array[9, 1, 1, 1] = 1e16, -1e16
        first = self.stats_text(self.save("a.npy", array))
        self.assertEqual(self.stats_text(self.save("a.npy", array[rng.permutation(20)])), first)

    def test_nan_and_infinity_are_counted_named_and_left_out(self):
        array = np.random.default_rng(5).normal(size=(6, 2, 3, 4)).astype(np.float32)
        array[1, 0, 0, 0] = np.nan
        array[1, 1, 0, 0] = np.inf
        array[4, 1, 2, 3] = -np.inf
        stats = self.stats(self.save("a.npy", array))
        flat = pixels_of(array)
        self.assert_sums(stats, Sums([flat[np.isfinite(flat).all(axis=1)]]))
        self.assertEqual(stats["nonfinite"]["pixels"], 2)
        self.assertEqual(stats["nonfinite"]["inputs"], 2)
        self.assertEqual(stats["nonfinite"]["nan"], [1, 0])
        self.assertEqual(stats["nonfinite"]["positive_infinity"], [0, 1])
        self.assertEqual(stats["nonfinite"]["negative_infinity"], [0, 1])
        self.assertEqual([f["index"] for f in stats["nonfinite"]["first"]], [1, 4])
        self.assertEqual(self.merged(self.folder / "a.npy", 3), self.stats_text(
            self.folder / "a.npy"))

    def test_nothing_but_nan_is_no_number_and_not_nan(self):
        stats = self.stats(self.save("a.npy", np.full((3, 2, 2, 2), np.nan)))
        self.assertEqual(stats["mean"], [None, None])
        self.assertEqual(stats["std"], [None, None])
        self.assertEqual(stats["nonfinite"]["pixels"], 12)

    def test_a_constant_float_tensor_has_a_std_of_exactly_0(self):
        for value in (0.1, 1e16, -1e-300, 1 / 3):
            stats = self.stats(self.save("a.npy", np.full((7, 3, 5, 5), value)))
            self.assertEqual(stats["std"], [0, 0, 0])
            self.assertEqual(stats["mean"], [value] * 3)

    def test_histograms_of_floats_are_refused_by_name(self):
        result = run("stats", self.save("a.npy", np.ones((2, 3, 2, 2))), "--histogram")
        self.assert_exit(USAGE, result)
        self.assertIn("--histogram", result.stderr)


if __name__ == "__main__":
    unittest.main()
