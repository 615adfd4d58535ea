#!/usr/bin/python3
"""imnorm's resize is Pillow's, byte for byte: filters, sizes, windows, depth."""

import unittest

import cv2
import numpy as np
from PIL import Image
from torchvision.transforms import functional

from imnorm_test import NOT_DONE, USAGE, ImnormTest, encode, manifest_of, pixels, run
from pillow_reference import FILTERS, LIVE, planes, resized, resized_16

# Upright, lying, thin, one pixel, primes, powers of two.
SOURCES = [
    (1, 1), (1, 40), (40, 1), (2, 3), (3, 2), (5, 97), (97, 5), (16, 16), (31, 64), (64, 31),
    (53, 71), (71, 53), (100, 100), (101, 77), (128, 96), (149, 210), (210, 149), (256, 33),
    (33, 256), (199, 211), (320, 240), (37, 37),
]  # fmt: skip
# Up, down, one axis kept, one-pixel sides, large steps.
TARGETS = [
    (1, 1), (1, 17), (17, 1), (7, 5), (16, 16), (37, 53), (53, 37), (64, 64), (71, 20), (97, 101),
    (128, 33), (150, 211), (256, 240),
]  # fmt: skip


class PillowParity(ImnormTest):
    def write_sources(self, mode):
        for i, (width, height) in enumerate(SOURCES):
            samples = pixels(width, height, i, 3)
            picture = Image.fromarray(samples if mode == "RGB" else samples[..., 0])
            self.write(f"{mode}/{i:02}.png", encode(picture, "PNG"))
        paths = sorted((self.folder / mode).iterdir())
        return self.folder / mode, [Image.open(path) for path in paths]

    def bytes_of(self, folder, *flags):
        out = self.normalize(
            folder, "--method", "none", "--dtype", "uint8", "--force", "-q", *LIVE, *flags
        )
        return np.load(out)

    def assert_every_pair_equals_pillow(self, mode, channels):
        folder, sources = self.write_sources(mode)
        pairs = 0
        for width, height in TARGETS:
            for name in FILTERS:
                ours = self.bytes_of(
                    folder, "--resize", f"{width}x{height}", "--filter", name, *channels
                )
                self.assertEqual(len(ours), len(sources))
                for row, picture in zip(ours, sources):
                    theirs = planes(resized(picture, width, height, name))
                    self.assertEqual(
                        row.tobytes(),
                        theirs.tobytes(),
                        f"{name} {mode} {picture.size} -> {width}x{height}",
                    )
            pairs += len(sources)
        self.assertGreaterEqual(pairs, 200)

    def test_every_filter_and_size_pair_of_rgb_equals_pillows_bytes(self):
        self.assert_every_pair_equals_pillow("RGB", ())

    def test_every_filter_and_size_pair_of_grey_equals_pillows_bytes(self):
        self.assert_every_pair_equals_pillow("L", ("--channels", "gray"))

    def test_a_pass_that_keeps_its_size_is_skipped_as_in_pillow(self):
        picture = Image.fromarray(pixels(83, 61, 3))
        path = self.write("one.png", encode(picture, "PNG"))
        for size in ((83, 61), (83, 20), (83, 130), (30, 61), (200, 61)):
            for name in FILTERS:
                ours = self.bytes_of(path, "--resize", f"{size[0]}x{size[1]}", "--filter", name)
                self.assertEqual(ours[0].tobytes(), planes(resized(picture, *size, name)).tobytes())

    def test_a_window_of_the_resize_is_the_crop_of_the_whole(self):
        folder, sources = self.write_sources("RGB")
        for resize, crop in ((53, 37), (64, 64), (90, 31), (23, 22)):
            for name in FILTERS:
                ours = self.bytes_of(
                    folder, "--resize", f"{resize}x{resize + 7}", "--crop", f"{crop}",
                    "--filter", name,
                )  # fmt: skip
                for row, picture in zip(ours, sources):
                    whole = resized(picture, resize, resize + 7, name)
                    theirs = planes(functional.center_crop(whole, [crop, crop]))
                    self.assertEqual(row.tobytes(), theirs.tobytes(), f"{name} {picture.size}")

    def test_the_order_of_the_passes_is_pillow_13s_unless_an_older_one_is_asked_for(self):
        path = self.write("tall.png", encode(Image.fromarray(pixels(90, 200, 5)), "PNG"))
        for geometry in (
            ("--resize", "61x57"), ("--resize", "61x57", "--crop", "40x33"),
            ("--resize", "long:57"), ("--resize", "letterbox:57x57", "--like", "torchvision"),
        ):  # fmt: skip
            for depth in ("8", "16"):
                written = {}
                for flags in ((), ("--pillow", "13"), ("--pillow", "11")):
                    out = self.normalize(
                        path, "--method", "none", "--depth", depth, "--filter", "bicubic",
                        *geometry, *flags, "--force", "-q",
                    )  # fmt: skip
                    plan = manifest_of(out)["plan"]["resize"]
                    self.assertEqual(plan["pillow"], 11 if "11" in flags else 13)
                    written[flags] = out.read_bytes()
                self.assertEqual(written[()], written["--pillow", "13"])
                self.assertNotEqual(written[()], written["--pillow", "11"], geometry)

    def test_pillow_is_refused_where_it_has_no_say(self):
        path = self.write("one.png", encode(Image.fromarray(pixels(9, 9, 5)), "PNG"))
        for flags, words in (
            (("--pillow", "10"), "--pillow 10: it takes 11 (and before), 12 or 13"),
            (("--pillow", "14"), "--pillow 14"),
            (("--pillow", "11", "--like", "opencv"), "not Pillow resizes here but opencv"),
            (("--pillow", "11", "--preset", "yolo-640"), "not Pillow resizes here but opencv"),
        ):
            result = run("normalize", path, "--method", "none", *flags, "-o", self.folder / "o.npy")
            self.assert_exit(USAGE, result)
            self.assertIn(words, result.stderr)

    def test_16_bit_grey_resizes_as_pillows_integer_mode(self):
        rng = np.random.default_rng(11)
        for width, height in ((1, 1), (40, 33), (97, 61), (128, 30)):
            samples = rng.integers(0, 65536, (height, width)).astype(np.uint16)
            path = self.write(f"{width}.png", encode(Image.fromarray(samples), "PNG"))
            for to in ((17, 23), (61, 97), (1, 1), (width, 50), (200, height)):
                for name in FILTERS:
                    out = self.normalize(
                        path, "--depth", "16", "--channels", "gray", "--method", "none",
                        "--resize", f"{to[0]}x{to[1]}", "--filter", name, "--pillow", "11",
                        "--force", "-q",
                    )  # fmt: skip
                    theirs = resized_16(samples, *to, name)
                    self.assertTrue(
                        np.array_equal(np.load(out)[0, 0], theirs.astype(np.float32)),
                        f"{name} {width}x{height} -> {to}",
                    )

    def test_16_bit_colour_resizes_a_channel_at_a_time_by_the_same_rule(self):
        samples = np.random.default_rng(12).integers(0, 65536, (40, 30, 3)).astype(np.uint16)
        path = self.folder / "colour.png"
        cv2.imwrite(str(path), samples[..., ::-1])
        for name in FILTERS:
            out = self.normalize(
                path, "--depth", "16", "--method", "none", "--resize", "17x55", "--filter", name,
                "--pillow", "11", "--force", "-q",
            )  # fmt: skip
            for c, ours in enumerate(np.load(out)[0]):
                theirs = resized_16(samples[..., c], 17, 55, name)
                self.assertTrue(np.array_equal(ours, theirs.astype(np.float32)), name)

    def test_float_pictures_are_refused_with_the_reason(self):
        samples = np.random.default_rng(13).random((20, 30), dtype=np.float32)
        path = self.write("float.tif", encode(Image.fromarray(samples), "TIFF"))
        result = run(
            "normalize", path, "--method", "none", "--resize", "10x10", "-o", self.folder / "o.npy"
        )
        self.assert_exit(NOT_DONE, result)
        self.assertIn("32-bit samples", result.stderr)

    def test_16_bit_samples_are_scaled_by_65535(self):
        samples = np.arange(65536, dtype=np.uint16).reshape(256, 256)
        path = self.write("ramp.png", encode(Image.fromarray(samples), "PNG"))
        out = self.normalize(path, "--depth", "16", "--channels", "gray", "--preset", "none")
        theirs = samples.astype(np.float32) / np.float32(65535)
        self.assertEqual(np.load(out)[0, 0].tobytes(), theirs.tobytes())


if __name__ == "__main__":
    unittest.main()
