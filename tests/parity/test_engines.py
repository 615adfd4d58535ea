#!/usr/bin/python3
"""--like opencv, keras, hf and hf-fast give the numbers of those libraries."""

import os
import unittest

import cv2
import numpy as np
import torch
from PIL import Image
from torchvision.transforms import InterpolationMode, functional

from imnorm_test import USAGE, ImnormTest, encode, jpeg, png, rows_of, run
from opencv_reference import INTERPOLATIONS, LIVE, blob, keras
from torchvision_reference import first_difference, load_rgb

SHAPES = [(320, 240), (240, 320), (100, 75), (64, 64), (1, 90), (90, 1), (501, 333), (31, 640)]


class Engines(ImnormTest):
    def write_shapes(self):
        for i, (width, height) in enumerate(SHAPES):
            self.write(f"pictures/{i}.png", png(width, height, i))
            self.write(f"pictures/{i}.jpg", jpeg(width, height, i, quality=90))
        exif = Image.Exif()
        exif[0x0112] = 6
        self.write("pictures/turned.jpg", jpeg(120, 80, 3, exif=exif.tobytes()))
        return self.folder / "pictures"

    def assert_rows(self, out, reference):
        tensor, paths = np.load(out), rows_of(out)
        self.assertGreaterEqual(len(tensor), len(SHAPES))
        for ours, path in zip(tensor, map(os.fsdecode, paths)):
            with self.subTest(picture=os.path.basename(path)):
                self.assertIsNone(first_difference(np.array(ours), reference(path)))

    def test_opencv_is_cv2_imread_resize_and_blob_from_image(self):
        folder = self.write_shapes()
        for name in INTERPOLATIONS:
            for size in ((224, 224), (97, 61), (300, 300)):
                to = (
                    "--resize", f"{size[0]}x{size[1]}", "--filter", name, "--like", "opencv", *LIVE,
                )  # fmt: skip
                caffe = self.normalize(
                    folder, *to, "--channels", "bgr", "--mean", "104,117,123", "--std", "1,1,1",
                    "--scale", "1", "--force",
                )  # fmt: skip
                self.assert_rows(
                    caffe, lambda p: blob(p, size, name, (104, 117, 123), 1.0, False)
                )
                mobilenet = self.normalize(
                    folder, *to, "--mean", "127.5,127.5,127.5", "--std", "127.5,127.5,127.5",
                    "--scale", "1", "--force",
                )  # fmt: skip
                self.assert_rows(
                    mobilenet, lambda p: blob(p, size, name, (127.5,) * 3, 1 / 127.5, True)
                )

    def test_opencvs_darknet_blob_is_the_pixels_over_255(self):
        folder = self.write_shapes()
        out = self.normalize(
            folder, "--like", "opencv", *LIVE, "--resize", "160x160", "--mean", "0,0,0",
            "--std", "1,1,1",
        )  # fmt: skip
        self.assert_rows(out, lambda p: blob(p, (160, 160), "bilinear", (0, 0, 0), 1 / 255, True))

    def test_opencvs_releases_multiply_in_float32_or_in_float64(self):
        folder = self.write_shapes()
        flags = (
            "--like", "opencv", "--resize", "64x48", "--mean", "0.485,0.456,0.406",
            "--std", "0.226,0.226,0.226", "--force",
        )  # fmt: skip
        pixels = np.load(
            self.normalize(
                folder, *flags[:4], "--method", "none", "--dtype", "uint8", "--force"
            )
        ).astype(np.float32)
        mean = np.array([0.485, 0.456, 0.406]) * 255
        centred = pixels - mean.astype(np.float32)[:, None, None]
        factor = 1.0 / 255 / 0.226
        single = centred * np.float32(factor)
        double = (centred.astype(np.float64) * factor).astype(np.float32)
        self.assertGreater((single != double).sum(), 1000)
        for words, expected in (
            ((), single), (("--opencv", "5.0"), single), (("--opencv", "4.10"), double),
        ):  # fmt: skip
            made = np.load(self.normalize(folder, *flags, *words))
            self.assertEqual(made.tobytes(), expected.tobytes(), words)
        for words, told in (
            (("--like", "opencv", "--opencv", "4.6"), "unknown --opencv"),
            (("--like", "torch", "--opencv", "4.10"), "goes with --like opencv"),
        ):
            out = self.folder / "x.npy"
            result = run("normalize", folder, *flags[2:], *words, "-o", out)
            self.assertEqual(result.returncode, USAGE)
            self.assertIn(told, result.stderr)

    def test_opencvs_pixels_are_cv2s_bytes(self):
        folder = self.write_shapes()
        for name in INTERPOLATIONS:
            out = self.normalize(
                folder, "--like", "opencv", "--resize", "113x87", "--filter", name, "--channels",
                "bgr", "--method", "none", "--dtype", "uint8", "--force",
            )  # fmt: skip
            for ours, path in zip(np.load(out), map(os.fsdecode, rows_of(out))):
                theirs = cv2.resize(
                    cv2.imread(path), (113, 87), interpolation=INTERPOLATIONS[name]
                )
                self.assertEqual(
                    ours.tobytes(), theirs.transpose(2, 0, 1).tobytes(), f"{name} {path}"
                )

    def test_opencv_turns_pictures_by_default_and_not_where_told(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        path = self.write("turned.jpg", jpeg(64, 40, 3, exif=exif.tobytes()))
        flags = ("--like", "opencv", "--method", "none", "--dtype", "uint8", "--force")
        self.assertEqual(np.load(self.normalize(path, *flags)).shape, (1, 3, 64, 40))
        ignored = np.load(self.normalize(path, *flags, "--exif", "ignore"))
        self.assertEqual(ignored.shape, (1, 3, 40, 64))

    def test_kerass_modes_are_preprocess_inputs(self):
        folder = self.write_shapes()
        for mode in ("caffe", "tf"):
            out = self.normalize(folder, "--preset", mode, out=f"{mode}.npy")
            self.assert_rows(out, lambda p: keras(p, mode))
        out = self.normalize(
            folder, "--like", "keras", "--resize", "224x224", "--filter", "nearest", "--mean",
            "0.485,0.456,0.406", "--std", "0.229,0.224,0.225",
        )  # fmt: skip
        self.assert_rows(out, lambda p: keras(p, "torch"))

    def test_crops_start_where_each_engine_starts_them(self):
        starts = {
            "torchvision": [16, 17, 18, 18, 18, 19],
            "timm": [16, 17, 18, 18, 18, 19],
            "torchvision-v2": [16, 17, 18, 18, 18, 19],
            "torch": [16, 17, 18, 18, 18, 19],
            "hf-fast": [16, 17, 17, 18, 18, 19],
            "hf": [16, 17, 17, 18, 18, 19],
        }
        for engine, expected in starts.items():
            for height, start in zip(range(257, 263), expected):
                for upright in (True, False):
                    ramp = np.tile((np.arange(height) % 256).astype(np.uint8), (230, 1))
                    ramp = ramp.T if upright else ramp
                    path = self.write(
                        "ramp.png", encode(Image.fromarray(np.ascontiguousarray(ramp)), "PNG")
                    )
                    out = self.normalize(
                        path, "--like", engine, "--crop", "224", "--method", "none", "--dtype",
                        "uint8", "--force",
                    )  # fmt: skip
                    row = np.load(out)[0, 0]
                    self.assertEqual((row if upright else row.T)[0, 0], start, f"{engine} {height}")

    def test_hf_pads_a_small_picture_with_the_larger_half_first(self):
        for side in range(1, 9):
            path = self.write("white.png", encode(Image.new("RGB", (side, side), "white"), "PNG"))
            for engine, larger_first in (("hf", 1), ("torchvision", 0), ("hf-fast", 0)):
                out = self.normalize(
                    path, "--like", engine, "--crop", "10", "--method", "none", "--dtype", "uint8",
                    "--force",
                )  # fmt: skip
                row = np.load(out)[0, 0]
                start = int(np.argmax(row.max(0) > 0))
                self.assertEqual(start, (10 - side + larger_first) // 2)
                self.assertEqual(int((row > 0).sum()), side * side)

    def test_hf_fasts_values_are_the_fused_arithmetics(self):
        ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
        path = self.write("ramp.png", encode(Image.fromarray(np.dstack([ramp] * 3)), "PNG"))
        x = torch.from_numpy(ramp).to(torch.float32)
        for mean, std in (
            ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]),
            ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
            ([0.5] * 3, [0.5] * 3),
        ):
            out = self.normalize(
                path, "--like", "hf-fast", "--mean", ",".join(map(str, mean)), "--std",
                ",".join(map(str, std)), "--force",
            )  # fmt: skip
            factor = 1 / 255
            theirs = functional.normalize(
                x.expand(3, 16, 16),
                torch.tensor(mean) * (1.0 / factor),
                torch.tensor(std) * (1.0 / factor),
            )
            self.assertIsNone(first_difference(np.load(out)[0], theirs.numpy()))

    def test_v2s_values_are_the_pixels_times_a_rounded_255th(self):
        ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
        path = self.write("ramp.png", encode(Image.fromarray(np.dstack([ramp] * 3)), "PNG"))
        x = torch.from_numpy(ramp).to(torch.float32).expand(3, 16, 16).mul(1.0 / 255)
        theirs = functional.normalize(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]).numpy()
        for engine, equal in (("torch", True), ("torchvision-v2", True), ("torchvision", False)):
            out = self.normalize(
                path, "--like", engine, "--mean", "0.485,0.456,0.406", "--std",
                "0.229,0.224,0.225", "--force",
            )  # fmt: skip
            self.assertEqual(first_difference(np.load(out)[0], theirs) is None, equal, engine)

    def test_v2_on_pictures_resizes_as_pillow_and_on_tensors_as_torch(self):
        path = self.write("one.png", png(320, 240, 5))
        rows = {}
        for engine in ("torchvision", "torchvision-v2", "torch", "hf-fast"):
            out = self.normalize(
                path, "--like", engine, "--resize", "97x61", "--filter", "bicubic", "--method",
                "none", "--dtype", "uint8", "--force",
            )  # fmt: skip
            rows[engine] = np.load(out)
        self.assertTrue(np.array_equal(rows["torchvision"], rows["torchvision-v2"]))
        self.assertTrue(np.array_equal(rows["torch"], rows["hf-fast"]))
        gap = np.abs(rows["torch"].astype(int) - rows["torchvision"])
        self.assertGreater(int(gap.max()), 0)
        self.assertLessEqual(int(gap.max()), 2)

    def test_torch_refuses_what_it_does_not_have(self):
        path = self.write("one.png", png())
        for flags, words in (
            (("--filter", "box"), "torch has no filter box"),
            (("--filter", "hamming"), "torch has no filter hamming"),
            (("--filter", "area"), "filter area is OpenCV's"),
            (("--depth", "16"), "torch's resize takes 8-bit samples"),
            (("--filter", "nearest", "--like", "hf-fast"), "nearest-exact in hf-fast"),
            (("--filter", "nearest-exact", "--like", "hf"), "filter nearest-exact is torch's"),
            (("--pillow", "12"), "not Pillow resizes here but torch"),
        ):
            like = () if "--like" in flags else ("--like", "torch")
            result = run(
                "normalize", path, *like, *flags, "--resize", "9x9", "--method", "none", "-o",
                self.folder / "no.npy",
            )  # fmt: skip
            self.assert_exit(USAGE, result)
            self.assertIn(words, result.stderr)

    def test_hf_fasts_resize_is_within_one_level_of_torchs(self):
        # Axis by axis: before 2.1 torch keeps float between the passes, where Pillow (and torch
        # since) rounds and clips to 8 bits, so that bicubic's overshoot ends several levels apart.
        folder = self.folder / "pictures"
        for i, (width, height) in enumerate([(320, 240), (240, 320), (100, 75), (64, 64)]):
            self.write(f"pictures/{i}.png", png(width, height, i))
        for name, mode in (
            ("bilinear", InterpolationMode.BILINEAR),
            ("bicubic", InterpolationMode.BICUBIC),
        ):
            out = self.normalize(
                folder, "--like", "hf-fast", "--resize", "97x61", "--filter", name, "--method",
                "none", "--dtype", "uint8", "--force",
            )  # fmt: skip
            equal, total = 0, 0
            for ours, path in zip(np.load(out), map(os.fsdecode, rows_of(out))):
                picture = torch.from_numpy(np.asarray(load_rgb(path)).transpose(2, 0, 1).copy())
                for size in ([picture.shape[1], 97], [61, 97]):
                    picture = functional.resize(picture, size, mode, antialias=True)
                gap = np.abs(ours.astype(int) - picture.numpy())
                self.assertLessEqual(int(gap.max()), 1, f"{name} {path}")
                equal, total = equal + int((gap == 0).sum()), total + gap.size
            self.assertGreater(equal / total, 0.5)

    def test_every_engine_is_named_by_the_printed_plan(self):
        path = self.write("one.png", png())
        for engine in (
            "torchvision", "torchvision-v2", "torch", "hf", "hf-fast", "timm", "opencv", "keras",
        ):  # fmt: skip
            result = run(
                "normalize", path, "--like", engine, "--preset", "imagenet", "--print-plan"
            )
            self.assert_exit(0, result)
            self.assertIn(f'"like": "{engine}"', result.stdout)


if __name__ == "__main__":
    unittest.main()
