#!/usr/bin/python3
"""--resize letterbox:WxH is Ultralytics' LetterBox: gain, pads, sizes and pixels."""

import math
import os
import unittest

import cv2
import numpy as np
from PIL import Image

from imnorm_test import ImnormTest, encode, manifest_of, path_of, pixels, rows_of, run
from opencv_reference import letterbox_rule, letterboxed

SHAPES = 1000
TARGETS = [(64, 64), (63, 64), (96, 32), (33, 97), (40, 56), (128, 31), (17, 19), (80, 45), (7, 71)]


class Letterbox(ImnormTest):
    def test_gains_pads_and_sizes_of_9000_shapes_follow_the_rule(self):
        rng = np.random.default_rng(21)
        shapes = set()
        while len(shapes) < SHAPES:  # of every ratio, small enough to read 9,000 times
            width, height = (int(math.exp(v)) for v in rng.uniform(0, math.log(900), 2))
            if width * height <= 60000:
                shapes.add((width, height))
        for width, height in shapes:
            self.write(f"shapes/{width}x{height}.png", encode(Image.new("1", (width, height)), "PNG"))
        compared = 0
        for to_width, to_height in TARGETS:
            # A thin side that would vanish is refused, as cv2 refuses it.
            for item in self.items_of(to_width, to_height):
                name = os.path.basename(path_of(item)).decode()
                width, height = map(int, name[:-4].split("x"))
                gain, size, pads = letterbox_rule(width, height, to_width, to_height)
                compared += 1
                if "letterbox" not in item:
                    self.assertIn("error", item)
                    self.assertIn(0, size, name)
                    continue
                box = item["letterbox"]
                self.assertEqual(box["gain"], gain, name)
                ours = tuple(box[f"pad_{side}"] for side in ("left", "top", "right", "bottom"))
                self.assertEqual(ours, pads, f"{name} -> {to_width}x{to_height}")
                resized = to_width - ours[0] - ours[2], to_height - ours[1] - ours[3]
                self.assertEqual(resized, size, name)
        self.assertEqual(compared, SHAPES * len(TARGETS))

    def items_of(self, width, height):
        out = self.folder / "out.npy"
        result = run(
            "normalize", self.folder / "shapes", "--resize", f"letterbox:{width}x{height}",
            "--method", "none", "--dtype", "uint8", "-o", out, "--force", "-q",
        )  # fmt: skip
        self.assertIn(result.returncode, (0, 1), result.stderr[-2000:])
        return manifest_of(out)["items"]

    def write_pictures(self):
        rng = np.random.default_rng(22)
        shapes = [(64, 64), (128, 64), (1, 50), (50, 1), (30, 31), (320, 320)]
        shapes += [tuple(int(n) for n in rng.integers(20, 500, 2)) for _ in range(40)]
        for i, (width, height) in enumerate(shapes):
            self.write(
                f"pictures/{i:02}.png", encode(Image.fromarray(pixels(width, height, i)), "PNG")
            )
        return self.folder / "pictures", len(shapes)

    def test_pixels_are_cv2s_resize_and_border(self):
        folder, count = self.write_pictures()
        for width, height in ((320, 320), (160, 96), (97, 131)):
            out = self.normalize(
                folder, "--resize", f"letterbox:{width}x{height}", "--method", "none", "--dtype",
                "uint8", "--force", "-q",
            )  # fmt: skip
            tensor = np.load(out)
            self.assertEqual(tensor.shape, (count, 3, height, width))
            for ours, path in zip(tensor, map(os.fsdecode, rows_of(out))):
                picture = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
                theirs = letterboxed(picture, width, height).transpose(2, 0, 1)
                self.assertEqual(ours.tobytes(), theirs.tobytes(), f"{path} {width}x{height}")

    def test_the_fill_is_the_colour_asked_for(self):
        folder, _ = self.write_pictures()
        out = self.normalize(
            folder, "--resize", "letterbox:90x70", "--fill", "#102030", "--method", "none",
            "--dtype", "uint8", "-q",
        )  # fmt: skip
        for ours, path in zip(np.load(out), map(os.fsdecode, rows_of(out))):
            picture = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
            theirs = letterboxed(picture, 90, 70, (16, 32, 48)).transpose(2, 0, 1)
            self.assertEqual(ours.tobytes(), theirs.tobytes(), path)

    def test_yolo_640_is_the_letterbox_over_255(self):
        folder, _ = self.write_pictures()
        out = self.normalize(folder, "--preset", "yolo-640", "-q")
        for ours, path in zip(np.load(out, mmap_mode="r"), map(os.fsdecode, rows_of(out))):
            picture = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
            theirs = letterboxed(picture, 640, 640).transpose(2, 0, 1)
            theirs = theirs.astype(np.float32) / np.float32(255)
            self.assertEqual(np.array(ours).tobytes(), theirs.tobytes(), path)


if __name__ == "__main__":
    unittest.main()
