"""imnorm inspect: every kind of file, told by numpy and Pillow what it must say."""

import json
import os
import pty
import resource
import subprocess
import unittest

import numpy as np
from PIL import Image, ImageCms

from imnorm_test import (DONE, NOT_DONE, SOME_FAILED, USAGE, ImnormTest, binary, encode, jpeg,
                         pictures_of_all_kinds, pixels, run)


class Inspect(ImnormTest):
    def inspect(self, *arguments, code=DONE):
        result = run("inspect", *arguments)
        self.assert_exit(code, result)
        return json.loads(result.stdout)["files"]

    def save(self, name, array):
        np.save(self.folder / name, array)
        return self.folder / name

    def assert_channels(self, tensor, planes):
        """`planes`: the values of each channel."""
        self.assertEqual(len(tensor["channels"]), len(planes))
        for found, values in zip(tensor["channels"], planes):
            finite = values[np.isfinite(values.astype(np.float64))].astype(np.float64)
            self.assertEqual(found["values"], values.size)
            self.assertEqual(found["nan"], np.isnan(values.astype(np.float64)).sum())
            self.assertEqual(found["infinite"], np.isinf(values.astype(np.float64)).sum())
            self.assertAlmostEqual(found["mean"], finite.mean(), delta=1e-12 * abs(finite).max())
            self.assertAlmostEqual(found["std"], finite.std(), delta=1e-9 * finite.std())
            self.assertEqual((found["min"], found["max"]), (finite.min(), finite.max()))

    def test_pictures_are_told_by_their_headers(self):
        folder = self.write_all(pictures_of_all_kinds(71, 53))
        names = sorted(path.name for path in folder.iterdir())
        for name, told in zip(names, self.inspect(*(folder / name for name in names))):
            self.assertEqual((told["kind"], told["width"], told["height"]), ("picture", 71, 53))
            passes = ("progressive.jpg", "palette.gif")  # Pillow interlaces GIF
            self.assertEqual(told["progressive"], name in passes, name)
            self.assertEqual(told["orientation"], 8 if name == "rotated.jpg" else 1, name)
            self.assertEqual(told["bytes"], (folder / name).stat().st_size)

    def test_a_colour_profile_is_told_in_all_formats_that_have_one(self):
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        picture = Image.fromarray(pixels(40, 30))
        for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
            path = self.write(f"with.{kind}", encode(picture, kind, icc_profile=profile))
            bare = self.write(f"without.{kind}", encode(picture, kind))
            self.assertEqual([f["profile"] for f in self.inspect(path, bare)], [True, False], kind)

    def test_a_tensor_has_its_values_a_channel_and_those_that_are_none_counted(self):
        array = np.random.default_rng(1).normal(0, 3, (4, 3, 20, 30)).astype(np.float32)
        array[1, 2, 3, 4], array[0, 0, 0, 0], array[0, 0, 0, 1] = np.nan, np.inf, -np.inf
        (file,) = self.inspect(self.save("x.npy", array))
        (tensor,) = file["tensors"]
        self.assertEqual((file["kind"], tensor["dtype"], tensor["layout"]), ("npy", "float32", "nchw"))
        self.assertEqual(tensor["shape"], [4, 3, 20, 30])
        self.assert_channels(tensor, [array[:, c].ravel() for c in range(3)])

    def test_every_type_order_and_layout_has_the_same_values(self):
        whole = np.arange(2 * 5 * 7 * 3).reshape(2, 5, 7, 3) % 100
        types = ["f4", "f8", "f2", "u1", "i1", "u2", "i2", "i4", "i8", ">f4", ">i2"]
        for kind in types:
            array = whole.astype(kind)
            for name, stored in (("c", array), ("f", np.asfortranarray(array))):
                (file,) = self.inspect(self.save(f"{name}.npy", stored))
                self.assertEqual(file["tensors"][0]["layout"], "nhwc")
                self.assert_channels(file["tensors"][0], [array[..., c].ravel() for c in range(3)])
        (file,) = self.inspect(self.save("bool.npy", whole % 2 == 0))
        self.assert_channels(file["tensors"][0], [(whole[..., c] % 2 == 0) * 1 for c in range(3)])

    def test_axes_without_channels_are_one(self):
        for shape in ((11,), (5, 6, 7), (2, 65, 5, 5), (2, 3, 4, 5, 6)):
            array = np.random.default_rng(2).normal(size=shape)
            (file,) = self.inspect(self.save("x.npy", array))
            (tensor,) = file["tensors"]
            self.assertEqual([c["channel"] for c in tensor["channels"]], ["all"])
            self.assert_channels(tensor, [array.ravel()])
        (file,) = self.inspect(self.save("empty.npy", np.zeros((0, 3, 4, 4), np.float32)))
        self.assertEqual([c["mean"] for c in file["tensors"][0]["channels"]], [None] * 3)

    def test_all_tensors_of_an_archive_are_told_also_those_of_types_that_are_not_read(self):
        a, b = np.ones((2, 3, 4, 4), np.float32), np.arange(6)
        np.savez(self.folder / "x.npz", a=a, b=b, words=np.array(["x", "yy"]))
        (file,) = self.inspect(self.folder / "x.npz")
        told = {tensor["name"]: tensor for tensor in file["tensors"]}
        self.assertEqual(set(told), {"a", "b", "words"})
        self.assert_channels(told["a"], [a[:, c].ravel() for c in range(3)])
        self.assert_channels(told["b"], [b])
        self.assertIn("not_read", told["words"])

    def test_the_plan_is_that_of_the_manifest_or_of_the_metadata(self):
        pictures = self.write_pictures(3)
        options = ["--resize", "32x24", "--mean", "0.5", "--std", "0.25"]
        for name in ("x.npy", "x.npz", "x.safetensors", "x.raw", "x.tar"):
            out = self.normalize(pictures, *options, out=name)
            raw = ["--shape", "3,3,24,32", "--dtype", "float32"] if name == "x.raw" else []
            (file,) = self.inspect(out, *raw)
            self.assertEqual(file["plan"]["resize"]["width"], 32, name)
            samples = next(t for t in file["tensors"] if t.get("name", "") in ("", "data", "images"))
            self.assertEqual(samples["shape"], [3, 3, 24, 32], name)
            if name == "x.npy":
                expected = samples["channels"]
            self.assertEqual(samples["channels"], expected, name)
        (self.folder / "x.safetensors.manifest.json").unlink()
        (file,) = self.inspect(self.folder / "x.safetensors")
        self.assertEqual(file["plan"]["resize"]["width"], 32)

    def test_a_manifest_of_another_file_gives_no_plan(self):
        out = self.normalize(self.write_pictures(1), "--resize", "8x8", "--method", "none")
        np.save(out, np.zeros((9, 3, 8, 8), np.float32))
        (file,) = self.inspect(out)
        self.assertNotIn("plan", file)
        self.assertIn("manifest_of_another_file", file)

    def test_the_layout_is_the_plans(self):
        out = self.normalize(self.write_pictures(2), "--resize", "1x3", "--method", "none",
                             "--layout", "nhwc")
        (file,) = self.inspect(out)
        array = np.load(out)
        self.assertEqual(file["tensors"][0]["layout"], "nhwc")
        self.assert_channels(file["tensors"][0], [array[..., c].ravel() for c in range(3)])

    def test_statistics_manifests_and_plans_are_told(self):
        pictures = self.write_pictures(3)
        self.assert_exit(DONE, run("stats", pictures, "-o", self.folder / "s.json"))
        out = self.normalize(pictures, "--preset", "imagenet")
        plan = self.write("plan.json", run("presets", "clip").stdout.encode())
        stats, manifest, told = self.inspect(self.folder / "s.json", f"{out}.manifest.json", plan)
        numbers = json.loads((self.folder / "s.json").read_text())
        self.assertEqual((stats["kind"], stats["mean"]), ("stats", numbers["mean"]))
        self.assertEqual((manifest["kind"], manifest["rows"]), ("manifest", 3))
        self.assertNotIn("items", manifest)
        self.assertEqual((told["kind"], told["plan"]["resize"]["filter"]), ("plan", "bicubic"))

    def test_raw_needs_a_shape_that_fits(self):
        path = self.write("x.raw", np.arange(24, dtype=np.uint16).tobytes())
        (file,) = self.inspect(path, "--shape", "2,3,2,2", "--dtype", "uint16")
        self.assertEqual([c["min"] for c in file["tensors"][0]["channels"]], [0, 4, 8])
        wrong = run("inspect", path, "--shape", "2,3,2,3", "--dtype", "uint16")
        self.assert_exit(NOT_DONE, wrong)
        self.assertIn("takes 72 bytes, the file has 48", wrong.stderr)
        for options in (["--shape", "2"], ["--dtype", "uint8"], ["--shape", "2,x", "--dtype", "u8"],
                        ["--shape", "0", "--dtype", "uint8"], ["--shape", "2", "--dtype", "uint9"]):
            self.assert_exit(USAGE, run("inspect", path, *options))

    def test_what_is_not_known_is_listed_and_the_rest_is_told(self):
        good = self.write("a.jpg", jpeg())
        text = self.write("b.txt", b"hello, this is text")
        cut = self.write("c.npy", (self.save("full.npy", np.ones(100))).read_bytes()[:-8])
        result = run("inspect", good, text, cut)
        self.assert_exit(SOME_FAILED, result)
        self.assertEqual(len(json.loads(result.stdout)["files"]), 1)
        self.assertIn(f"{text}: unsupported: no picture, tensor", result.stderr)
        self.assertIn("truncated", result.stderr)
        self.assert_exit(NOT_DONE, run("inspect", text))
        missing = run("inspect", good, self.folder / "none.npy")
        self.assert_exit(USAGE, missing)
        self.assertEqual(missing.stdout, "")

    def test_a_terminal_gets_a_table_that_fits(self):
        out = self.normalize(self.write_pictures(3), "--preset", "imagenet")
        master, slave = pty.openpty()
        done = subprocess.run([binary(), "inspect", os.fspath(out)], stdout=slave, check=True,
                              stderr=subprocess.PIPE, timeout=60)
        os.close(slave)
        text = os.read(master, 65536).decode()
        os.close(master)
        self.assertEqual(done.stderr, b"")
        self.assertIn("float32 [3, 3, 224, 224] nchw", text)
        self.assertIn("plan: preset imagenet", text)
        lines = text.replace("\r", "").splitlines()
        self.assertTrue(all(len(line) <= 80 for line in lines[1:]), text)

    def test_a_large_tensor_is_read_in_bounded_memory(self):
        path = self.folder / "large.npy"
        shape = (64, 3, 600, 600)
        with path.open("wb") as file:  # a mapped array would count as this process's own memory
            header = {"descr": "<f4", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            for _ in range(64):
                file.write(np.ones(shape[1:], np.float32).tobytes())
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        (file,) = self.inspect(path)
        self.assertEqual(file["tensors"][0]["channels"][2]["mean"], 1)
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before
        self.assertLess(used, 64 << 10, "KiB, of a file of 264 MiB")


if __name__ == "__main__":
    unittest.main()
