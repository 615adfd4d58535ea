#!/usr/bin/python3
"""What an output type cannot hold, and what is no number, is counted and said."""

import json
import unittest

import numpy as np

from imnorm_test import DONE, ImnormTest, manifest_of, png, run


def safetensors(path):
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    body, tensors = data[8 + size :], json.loads(data[8 : 8 + size])
    kinds = {"F32": np.float32, "I64": np.int64}
    return {
        name: np.frombuffer(body[slice(*t["data_offsets"])], kinds[t["dtype"]])
        for name, t in tensors.items()
        if name != "__metadata__"
    }


class LostValues(ImnormTest):
    def lost(self, source, *flags):
        """The tensor, the manifest's counts and what stderr says."""
        raw = "bfloat16" in flags  # .npy has none
        out = self.folder / ("out.raw" if raw else "out.npy")
        result = run("normalize", source, *flags, "-o", out, "--force")
        self.assert_exit(DONE, result)
        tensor = None if raw else np.load(out)
        return tensor, manifest_of(out).get("notes", {}), result.stderr

    def tensor(self, array):
        np.save(self.folder / "in.npy", array)
        return self.folder / "in.npy"

    def picture(self):
        return self.write("in.png", png(41, 29, 3))

    def test_samples_that_are_no_numbers_are_counted_whatever_the_method(self):
        array = np.random.default_rng(2).normal(0, 1, (4, 3, 5, 6)).astype(np.float32)
        array[1, 2, 3, 4] = np.nan
        array[2, 0, 0, :2] = np.inf, -np.inf
        for kind in (np.float32, np.float16):
            source = self.tensor(array.astype(kind))
            for flags in (["--mean", "0", "--std", "1"], ["--method", "none"], ["--method", "layer"],
                          ["--method", "batch"], ["--method", "batch", "--batch-size", "2"],
                          ["--denormalize", "--mean", "0", "--std", "1"]):
                with self.subTest(flags=flags, kind=kind.__name__):
                    _, notes, said = self.lost(source, *flags)
                    self.assertEqual(notes["samples_not_finite"], 3)
                    self.assertIn("3 samples of the input are NaN or infinite", said)
        _, notes, said = self.lost(self.tensor(np.ones((2, 3, 4), np.float32)), "--method", "none")
        self.assertEqual((notes, said.count("\n")), ({}, 1))

    def test_float32_that_overflows_or_divides_nothing_by_nothing_is_counted(self):
        array = np.random.default_rng(2).normal(0, 1, (4, 3, 5, 6)).astype(np.float32)
        array[0] = 2  # an instance without variance
        tiny = ["--mean", "0,0,0", "--std", "1e-40,1,1"]
        for flags in (tiny, ["--method", "instance", "--eps", "0"],
                      [*tiny, "--dtype", "float16"]):
            with self.subTest(flags=flags):
                got, notes, said = self.lost(self.tensor(array), *flags)
                lost = int((~np.isfinite(got)).sum())
                self.assertGreater(lost, 0)
                self.assertEqual(notes["values_overflowed"], lost)
                self.assertIn("became infinite or NaN", said)
        got, notes, _ = self.lost(self.picture(), "--resize", "9x9", *tiny)
        self.assertEqual(notes["values_overflowed"], int((~np.isfinite(got)).sum()))

    def test_running_statistics_that_take_nan_are_said(self):
        array = np.random.default_rng(2).normal(0, 1, (4, 3, 5)).astype(np.float32)
        state = self.folder / "state.safetensors"
        flags = ["--method", "batch", "--state-out", state]
        _, notes, said = self.lost(self.tensor(array), *flags)
        self.assertNotIn("running_statistics_not_finite", notes)
        array[1, 2, 3] = np.nan
        _, notes, said = self.lost(self.tensor(array), *flags)
        self.assertTrue(np.isnan(safetensors(state)["running_mean"][2]))
        self.assertTrue(notes["running_statistics_not_finite"])
        self.assertIn("running statistics that were written hold NaN", said)

    def test_what_overflows_float16_is_counted_in_tensors(self):
        array = np.array([[0, 65504, 65519.9, 65520, -65520, 1e30, np.inf, np.nan]], np.float32)
        for kind, beyond in (("float16", 3), ("bfloat16", 0), ("float32", 0)):
            for method in (["--method", "none"], ["--denormalize", "--mean", "0", "--std", "1"]):
                with self.subTest(kind=kind, method=method[0]):
                    _, notes, said = self.lost(self.tensor(array), *method, "--dtype", kind)
                    self.assertEqual(notes.get("values_overflowed", 0), beyond)
                    self.assertEqual("3 values are beyond float16" in said, beyond > 0)
        array = np.array([[3.3895e38, 3.4e38, -3.4e38]], np.float32)
        _, notes, _ = self.lost(self.tensor(array), "--method", "none", "--dtype", "bfloat16")
        self.assertEqual(notes["values_overflowed"], 2)

    def test_what_overflows_float16_is_counted_in_pictures(self):
        flags = ["--mean", "0", "--std", "0.001", "--scale", "1"]
        values, _, _ = self.lost(self.picture(), *flags)
        with np.errstate(over="ignore"):
            beyond = int(np.isinf(values.astype(np.float16)).sum())
        self.assertGreater(beyond, 100)
        for layout in ("nchw", "nhwc"):
            half, notes, said = self.lost(
                self.picture(), *flags, "--dtype", "float16", "--layout", layout
            )
            self.assertEqual(int(np.isinf(half).sum()), beyond)
            self.assertEqual(notes["values_overflowed"], beyond)
            self.assertIn(f"{beyond} values are beyond float16", said)

    def test_what_is_cut_to_the_ends_of_bytes_is_counted_exactly(self):
        source = self.picture()
        values, _, _ = self.lost(source, "--preset", "none", "--mean", "0.5", "--std", "0.25")
        for flags, low, high, zero in (
            (["--dtype", "int8", "--qscale", "0.012", "--qzero", "5"], -128, 127, 5),
            (["--dtype", "uint8", "--qscale", "0.015", "--qzero", "100"], 0, 255, 100),
        ):
            exact = np.rint(values / np.float32(flags[3])).astype(np.int64) + zero
            beyond = int(((exact < low) | (exact > high)).sum())
            self.assertGreater(beyond, 0)
            given = ["--mean", "0.5", "--std", "0.25", *flags]
            got, notes, said = self.lost(source, "--preset", "none", *given)
            self.assertTrue(np.array_equal(got, np.clip(exact, low, high)))
            self.assertEqual(notes, {"values_saturated": beyond})
            self.assertIn(f"{beyond} values are beyond {flags[1]}", said)
            tensor = self.tensor(values)
            got, notes, _ = self.lost(tensor, "--mean", "0", "--std", "1", *flags)
            self.assertTrue(np.array_equal(got, np.clip(exact, low, high)))
            self.assertEqual(notes, {"values_saturated": beyond})
        # A scale that is large enough loses nothing, though values reach the ends.
        _, notes, said = self.lost(source, "--method", "none", "--dtype", "uint8")
        self.assertEqual((notes, len(said.splitlines())), ({}, 1))

    def test_a_half_counts_by_where_it_rounds_to(self):
        halves = np.arange(-300, 300, 0.25, dtype=np.float32)[None, :]
        halves = np.concatenate([halves, np.nextafter(halves, np.float32(np.inf)),
                                 np.nextafter(halves, np.float32(-np.inf))])  # fmt: skip
        for kind, low, high, zeros in (("int8", -128, 127, (0, 1, -128, 127)),
                                       ("uint8", 0, 255, (0, 1, 254, 255))):
            for zero in zeros:
                with self.subTest(kind=kind, zero=zero):
                    flags = ["--method", "none", "--dtype", kind, "--qscale", "1", "--qzero", zero]
                    got, notes, _ = self.lost(self.tensor(halves), *map(str, flags))
                    exact = np.rint(halves) + zero
                    self.assertTrue(np.array_equal(got, np.clip(exact, low, high)))
                    beyond = int(((exact < low) | (exact > high)).sum())
                    self.assertEqual(notes, {"values_saturated": beyond})

    def test_every_picture_counts_once_and_each_channel_by_its_own_limit(self):
        for i in range(5):
            self.write(f"many/{i}.png", png(31, 23, i))
        flags = ["--mean", "0.2,0.5,0.8", "--std", "0.1,0.2,0.4", "--qscale", "0.025"]
        for channels in ("rgb", "bgr"):
            given = ["--channels", channels, *flags[:4]]
            values, _, _ = self.lost(self.folder / "many", *given)
            exact = np.rint(values / np.float32(0.025))
            beyond = int(((exact < -128) | (exact > 127)).sum())
            for jobs in ("1", "2"):
                _, notes, _ = self.lost(
                    self.folder / "many", *given, *flags[4:], "--dtype", "int8", "-j", jobs
                )
                self.assertEqual(notes["values_saturated"], beyond)

    def test_pads_count_as_the_values_they_become(self):
        flags = ["--like", "torchvision", "--resize", "letterbox:64x64", "--fill", "white", "--mean", "0", "--std", "0.5",
                 "--dtype", "int8", "--qscale", "0.015"]
        values, notes, _ = self.lost(self.picture(), *flags)
        whites = int((values == 127).sum())
        self.assertGreaterEqual(notes["values_saturated"], 3 * 64 * 15)
        self.assertLessEqual(notes["values_saturated"], whites)

    def test_a_nan_that_becomes_a_quantised_number_is_said_with_that_number(self):
        array = np.array([[0.0, np.nan, 1.0, np.nan]], np.float32)
        got, notes, said = self.lost(
            self.tensor(array), "--method", "none", "--dtype", "int8", "--qscale", "0.1", "--qzero", "7"
        )
        self.assertEqual(got.tolist(), [[7, 7, 17, 7]])
        self.assertEqual(notes, {"samples_not_finite": 2, "nan_as_zero_point": 2})
        self.assertIn("2 NaN became the zero point 7: int8 has none", said)
        # A batch's statistics spread it.
        _, notes, said = self.lost(
            self.tensor(np.array([[1, 2], [np.nan, 3], [4, 5]], np.float32)),
            "--method", "batch", "--dtype", "int8", "--qscale", "0.1",
        )  # fmt: skip
        self.assertEqual(notes, {"samples_not_finite": 1, "nan_as_zero_point": 3})

    def test_geometry_that_a_tensor_drops_is_said(self):
        source = self.tensor(np.ones((2, 3, 4, 5), np.float32))
        got, _, said = self.lost(source, "--preset", "imagenet")
        self.assertEqual(got.shape, (2, 3, 4, 5))
        self.assertIn("resize and crop of the plan are for pictures", said)
        self.assertNotIn("resize and crop", self.lost(source, "--preset", "cifar10")[2])

    def test_quiet_says_nothing_and_the_counts_do_not_depend_on_threads(self):
        array = np.random.default_rng(3).normal(0, 3, (64, 3, 9, 7)).astype(np.float32)
        flags = ["--dtype", "int8", "--qscale", "0.01"]
        for method in (["--mean", "0", "--std", "1"], ["--method", "instance"]):
            counts = [self.lost(self.tensor(array), *method, *flags, "-j", j)[1] for j in "128"]
            self.assertEqual(counts, [counts[0]] * 3)
            self.assertEqual(self.lost(self.tensor(array), *method, *flags, "-q")[2], "")


if __name__ == "__main__":
    unittest.main()
