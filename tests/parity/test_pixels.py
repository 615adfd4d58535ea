#!/usr/bin/python3
"""What happens to a picture before its geometry is Pillow's: EXIF, alpha, palettes, CMYK, grey."""

import io
import os
import unittest

import numpy as np
from PIL import Image

from imnorm_test import (
    SOME_FAILED,
    ImnormTest,
    encode,
    failures_of,
    jpeg,
    pictures_of_all_kinds,
    pixels,
    png,
    rows_of,
)
from pillow_reference import composited, open_rgb, planes

GROUNDS = {"white": (255, 255, 255), "black": (0, 0, 0), "#1e90ff": (30, 144, 255)}


def with_orientation(picture, kind, orientation, big_endian=False):
    exif = Image.Exif()
    exif.endian = ">" if big_endian else "<"
    exif[0x0112] = orientation
    return encode(picture, kind, exif=exif.tobytes())


class PixelParity(ImnormTest):
    def rows(self, folder, *flags, **options):
        """Path -> the uint8 planes that imnorm writes of it, one run a picture."""
        found = {}
        for path in sorted(os.listdir(folder)):
            out = self.normalize(
                folder / path, "--method", "none", "--dtype", "uint8", "--force", "-q", *flags,
                **options,
            )  # fmt: skip
            found[folder / path] = np.load(out)[0]
        return found

    def assert_rows(self, rows, reference):
        for path, row in rows.items():
            with self.subTest(picture=path.name):
                theirs = reference(path)
                self.assertEqual(row.shape, theirs.shape)
                self.assertEqual(row.tobytes(), theirs.tobytes())

    def write_turned(self):
        picture = Image.fromarray(pixels(67, 45, 9))
        files = {}
        for orientation in range(10):  # 0 and 9 are no orientations
            for kind in ("JPEG", "PNG", "WEBP"):
                data = with_orientation(picture, kind, orientation, orientation % 2 == 1)
                files[f"{orientation}.{kind.lower()}"] = data
        return self.write_all(files)

    def test_exif_applied_is_pillows_exif_transpose(self):
        folder = self.write_turned()
        rows = self.rows(folder, "--exif", "apply")
        self.assertGreaterEqual(len({row.shape for row in rows.values()}), 2)
        self.assert_rows(rows, lambda path: planes(open_rgb(path, exif=True)))

    def test_exif_ignored_is_pillows_open(self):
        folder = self.write_turned()
        for flags in (("--exif", "ignore"), (), ("--like", "hf"), ("--exif", "auto")):
            self.assert_rows(self.rows(folder, *flags), lambda path: planes(open_rgb(path)))

    def test_exif_is_applied_before_the_resize(self):
        folder = self.write_turned()
        rows = self.rows(folder, "--exif", "apply", "--resize", "31x50", "--filter", "bicubic")
        self.assert_rows(
            rows,
            lambda path: planes(
                open_rgb(path, exif=True).resize((31, 50), Image.Resampling.BICUBIC)
            ),
        )

    def write_transparent(self):
        rgba = pixels(61, 43, 3, 4)
        rgba[:8, :, 3], rgba[8:16, :, 3] = 0, 255
        grey_alpha = Image.fromarray(rgba[..., 2:], "LA")
        palette = Image.fromarray(rgba[..., :3]).quantize(40)
        holes = bytes([0, 128, 255, 7] + [255] * 36)
        grey = Image.fromarray(rgba[..., 0])
        return self.write_all(
            {
                "rgba.png": encode(Image.fromarray(rgba), "PNG"),
                "grey_alpha.png": encode(grey_alpha, "PNG"),
                "palette_one.png": encode(palette, "PNG", transparency=3),
                "palette_many.png": encode(palette, "PNG", transparency=holes),
                "grey_key.png": encode(grey, "PNG", transparency=int(rgba[30, 30, 0])),
                "rgb_key.png": encode(
                    Image.fromarray(rgba[..., :3]),
                    "PNG",
                    transparency=tuple(int(v) for v in rgba[30, 30, :3]),
                ),
                "alpha.webp": encode(Image.fromarray(rgba), "WEBP", lossless=True, exact=True),
                "opaque.png": png(33, 21, 5),
                "opaque.jpg": jpeg(33, 21, 5),
            }
        )

    def test_alpha_is_dropped_as_convert_rgb_does(self):
        folder = self.write_transparent()
        for flags in ((), ("--alpha", "drop")):
            self.assert_rows(self.rows(folder, *flags), lambda path: planes(open_rgb(path)))

    def test_alpha_on_a_ground_is_pillows_alpha_composite(self):
        folder = self.write_transparent()
        for word, colour in GROUNDS.items():
            rows = self.rows(folder, "--alpha", word)
            self.assert_rows(
                rows, lambda path, colour=colour: planes(composited(path, colour + (255,)))
            )

    def test_a_transparent_palette_dropped_and_composited_differ(self):
        folder = self.write_transparent()
        dropped, laid = self.rows(folder), self.rows(folder, "--alpha", "#1e90ff")
        for name in ("palette_one.png", "palette_many.png", "rgba.png", "rgb_key.png"):
            self.assertFalse(np.array_equal(dropped[folder / name], laid[folder / name]), name)

    def test_bilevel_palettes_and_inks_become_rgb_as_in_pillow(self):
        samples = pixels(75, 50, 6)
        cmyk = Image.fromarray(pixels(75, 50, 7, 4), "CMYK")
        rgb, grey = Image.fromarray(samples), Image.fromarray(samples[..., 0])
        files = {
            "bilevel.png": encode(grey.convert("1"), "PNG"),
            "bilevel.bmp": encode(grey.convert("1"), "BMP"),
            "bilevel.pbm": encode(grey.convert("1"), "PPM"),
            "palette_2.png": encode(rgb.quantize(2), "PNG", bits=1),
            "palette_4.png": encode(rgb.quantize(4), "PNG", bits=2),
            "palette_16.png": encode(rgb.quantize(16), "PNG", bits=4),
            "palette_256.png": encode(rgb.quantize(256), "PNG"),
            "palette.bmp": encode(rgb.quantize(200), "BMP"),
        }
        for quality in (20, 75, 98):
            files[f"cmyk_{quality}.jpg"] = encode(cmyk, "JPEG", quality=quality)
        folder = self.write_all(files)
        self.assert_rows(self.rows(folder), lambda path: planes(open_rgb(path)))

    def test_every_cyan_and_black_becomes_pillows_red(self):
        inks = np.zeros((256, 256, 4), np.uint8)
        inks[..., 0], inks[..., 3] = np.mgrid[0:256, 0:256]
        picture = Image.fromarray(inks, "CMYK")
        path = self.write("inks/all.jpg", encode(picture, "JPEG", quality=100, subsampling=0))
        self.assert_rows(self.rows(path.parent), lambda path: planes(open_rgb(path)))

    def test_grey_is_pillows_l_and_bgr_its_planes_reversed(self):
        folder = self.write_all(pictures_of_all_kinds())
        for word in ("gray", "grey"):
            self.assert_rows(
                self.rows(folder, "--channels", word),
                lambda path: planes(open_rgb(path).convert("L")),
            )
        self.assert_rows(
            self.rows(folder, "--channels", "bgr"), lambda path: planes(open_rgb(path))[::-1]
        )

    def test_grey_of_every_colour_on_a_lattice_is_pillows(self):
        steps = np.array([0, 1, 2, 3, 31, 64, 99, 127, 128, 129, 200, 253, 254, 255], np.uint8)
        lattice = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(-1, 14, 3)
        path = self.write("lattice/all.png", encode(Image.fromarray(lattice), "PNG"))
        self.assert_rows(
            self.rows(path.parent, "--channels", "gray"),
            lambda path: planes(open_rgb(path).convert("L")),
        )

    def test_none_as_uint8_holds_the_bytes_of_the_picture(self):
        folder = self.write_all({f"{i}.jpg": jpeg(50, 40, i) for i in range(4)})
        self.write("pictures/9_broken.jpg", jpeg(50, 40)[:600])
        out = self.normalize(
            folder, "--method", "none", "--dtype", "uint8", code=SOME_FAILED, out="bytes.npy"
        )
        self.assertEqual(set(failures_of(out)), {"9_broken.jpg"})
        tensor = np.load(out)
        self.assertEqual(tensor.dtype, np.uint8)
        for row, path in zip(tensor, rows_of(out)):
            with open(path, "rb") as file:
                picture = Image.open(io.BytesIO(file.read())).convert("RGB")
            self.assertEqual(row.tobytes(), planes(picture).tobytes())


if __name__ == "__main__":
    unittest.main()
