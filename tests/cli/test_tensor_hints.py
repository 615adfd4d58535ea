"""What a message about a tensor advises is done here, and works."""

import re
import unittest

import numpy as np

from imnorm_test import DONE, NOT_DONE, USAGE, ImnormTest, manifest_of, run
from layer_runs import write_safetensors


class Hints(ImnormTest):
    def setUp(self):
        super().setUp()
        self.values = np.random.default_rng(5).normal(0, 1, (4, 3, 5, 6)).astype(np.float32)
        self.out = self.folder / "out.npy"

    def save(self, values, name="in.npy"):
        np.save(self.folder / name, values)
        return self.folder / name

    def batch(self, path, *flags):
        return run("normalize", path, "--method", "batch", "-o", self.out, "--force", *flags)

    def assert_refused_with(self, hint, path):
        for result in (self.batch(path), run("stats", path)):
            self.assert_exit(NOT_DONE, result)
            self.assertIn(hint, result.stderr)

    def assert_done(self, path, *flags):
        result = self.batch(path, *flags)
        self.assert_exit(DONE, result)
        self.assert_exit(DONE, run("stats", path, *flags))
        return result.stderr

    def test_save_astype_float32(self):
        for dtype in ("<u4", ">u8", "<c8"):
            path = self.save(np.abs(self.values * 100).astype(dtype))
            self.assert_refused_with("save a.astype(numpy.float32)", path)
            self.assert_done(self.save(np.load(path).real.astype(np.float32)))

    def test_save_one_field(self):
        fields = np.zeros((4, 3, 5, 6), [("x", "<f4"), ("y", "<f4")])
        path = self.save(fields)
        self.assert_refused_with("save one field", path)
        self.assert_done(self.save(np.load(path)["x"]))

    def test_bfloat16_is_read_from_safetensors(self):
        bits = (self.values.view(np.uint32) >> 16).astype(np.uint16)
        self.assert_refused_with("bfloat16 is read from .safetensors", self.save(bits.view("V2")))
        path = self.folder / "in.safetensors"
        header = b'{"a":{"dtype":"BF16","shape":[4,3,5,6],"data_offsets":[0,720]}}'
        path.write_bytes(len(header).to_bytes(8, "little") + header + bits.tobytes())
        self.assert_done(path)

    def test_a_tensor_is_taken_for_one_if_its_name_says_so(self):
        path = self.save(self.values)
        nameless = path.rename(self.folder / "in.array")
        result = self.batch(nameless, "--preset", "none")
        self.assertIn("if it ends in .npy", result.stderr)
        for name in ("again.npy", "AGAIN.NPY"):
            path = nameless.rename(self.folder / name)
            self.assert_done(path)
            nameless = path

    def test_tensor_name_takes_one_of_several(self):
        arrays = {"pixel_values": self.values, "labels": np.arange(4.0), "other": self.values + 1}
        np.savez(self.folder / "in.npz", **arrays)
        np.savez_compressed(self.folder / "small.npz", **arrays)
        write_safetensors(self.folder / "in.safetensors", arrays)
        plain = self.save(self.values)
        self.assert_exit(DONE, self.batch(plain))
        wanted = np.load(self.out)
        stats = self.stats(plain)
        for name in ("in.npz", "small.npz", "in.safetensors"):
            with self.subTest(name=name):
                path = self.folder / name
                self.assert_refused_with("it holds 3 tensors (", path)
                said = run("stats", path).stderr
                self.assertIn("--tensor NAME", said)
                names = re.search(r"tensors \((.*)\)", said)[1].split(", ")
                self.assertEqual(set(names), set(arrays))
                self.assert_done(path, "--tensor", "pixel_values")
                np.testing.assert_array_equal(np.load(self.out), wanted)
                self.assertIn("pixel_values", manifest_of(self.out)["items"][0]["notes"][0])
                named = self.stats(path, "--tensor", "pixel_values")
                self.assertEqual(named["mean"], stats["mean"])
#Partials of two tensors are of two inputs.
                parts = []
                for part, tensor in ((1, "pixel_values"), (2, "other")):
                    out = self.folder / f"{name}.{part}.json"
                    flags = ("--shard", f"{part}/2", "--tensor", tensor, "-o", out)
                    self.assert_exit(DONE, run("stats", path, *flags))
                    parts.append(out)
                self.assertNotEqual(run("merge", *parts).returncode, DONE)
                result = self.batch(path, "--tensor", "pixels")
                self.assert_exit(USAGE, result)
                for tensor in arrays:
                    self.assertIn(tensor, result.stderr)

    def test_an_npz_of_one_array_needs_no_name(self):
        np.savez(self.folder / "in.npz", np.asfortranarray(self.values.astype(">f8")))
        self.assert_exit(DONE, self.batch(self.save(self.values)))
        wanted = np.load(self.out)
        self.assert_done(self.folder / "in.npz")
        np.testing.assert_array_equal(np.load(self.out), wanted)
        self.assert_done(self.folder / "in.npz", "--tensor", "arr_0")

    def test_a_tensor_name_with_pictures_is_refused(self):
        self.assert_exit(USAGE, run("stats", self.write_pictures(1), "--tensor", "x"))

    def test_where_channels_seem_to_come_last_it_asks(self):
        self.assert_done(self.save(self.values))
        wanted = np.load(self.out)
        path = self.save(np.moveaxis(self.values, 1, -1))
        said = self.assert_done(path)
        self.assertIn("input [4, 5, 6, 3] is taken as (N,C,H,W): 5 channels of 3 x 6", said)
        self.assertIn("it is --input-layout nhwc", run("stats", path).stderr)
        large = self.save(np.zeros((4, 8, 9, 3), np.float32), "large.npy")
        for result in (self.batch(large), run("stats", large)):
            self.assert_exit(USAGE, result)
            self.assertIn(
                "its shape [4, 8, 9, 3] may be nhwc or nchw: --input-layout says which", result.stderr
            )
        self.assert_done(path, "--input-layout", "nhwc")
        np.testing.assert_array_equal(np.load(self.out), wanted)
        self.assert_done(path, "--input-layout", "nchw")
        np.testing.assert_allclose(np.load(self.out).mean((0, 2, 3)), 0, atol=1e-6)

    def test_a_batch_of_one_where_a_picture_has_no_batch(self):
        path = self.save(self.values[0])
        flags = ("--method", "instance", "-o", self.out, "--force")
        result = run("normalize", path, *flags)
        self.assert_exit(DONE, result)
        self.assertIn("input [3, 5, 6] is taken as (N,C,L): 3 samples of 5 channels", result.stderr)
        self.assertIn("--input-layout chw", result.stderr)
        result = run("normalize", path, "--input-layout", "chw", *flags)
        self.assert_exit(DONE, result)
        self.assertEqual(result.stderr.count("\n"), 1)
        result = run("normalize", self.save(np.load(path)[None]), *flags)
        self.assert_exit(DONE, result)
        self.assertNotIn("taken as", result.stderr)

    def test_the_names_that_a_state_holds_are_listed(self):
        state = {f"bn1.{k}": np.ones(3, np.float32) for k in ("weight", "bias")}
        path = self.folder / "state.safetensors"
        write_safetensors(path, state)
        tensor = self.save(self.values)
        result = self.batch(tensor, "--affine", path)
        self.assert_exit(USAGE, result)
        self.assertIn('no tensor "weight", only: bn1.bias, bn1.weight', result.stderr)
        write_safetensors(path, {name.removeprefix("bn1."): v for name, v in state.items()})
        self.assert_exit(DONE, self.batch(tensor, "--affine", path))
        write_safetensors(path, {f"a{i:03}": np.ones(3, np.float32) for i in range(300)})
        said = self.batch(tensor, "--affine", path).stderr
        self.assertIn("a007, ...", said)
        self.assertNotIn("a008", said)


if __name__ == "__main__":
    unittest.main()
