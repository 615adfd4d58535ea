"""Decoders ask between bands of rows whether the run is to end, in large pictures of every kind."""

import os
import struct
import tempfile
import unittest
import zlib

import numpy as np
from PIL import Image, TiffImagePlugin

from decode_files import decode

BAND = 32  # more rows than any decoder delivers between two questions


def scene(width, height):
    y, x = np.ogrid[0:height, 0:width]
    planes = [(x * (c + 1) // 7 + y * (3 - c) // 5) % 256 for c in range(3)]
    return Image.fromarray(np.stack(planes, -1).astype(np.uint8))


def interlaced_png(rgb):
    """A PNG of 8-bit RGB in the seven passes of Adam7."""
    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
              (1, 0, 2, 1)]  # fmt: skip
    rows = b"".join(
        b"\0" + row.tobytes() for y, x, down, right in passes for row in rgb[y::down, x::right]
    )
    header = struct.pack(">IIBBBBB", rgb.shape[1], rgb.shape[0], 8, 2, 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


class Stop(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def saved(self, name, picture, **options):
        path = os.path.join(self.folder, name)
        picture.save(path, **options)
        return path

    def in_one_strip(self, name, picture, **options):
        size, TiffImagePlugin.STRIP_SIZE = TiffImagePlugin.STRIP_SIZE, 1 << 30
        try:
            return self.saved(name, picture, **options)
        finally:
            TiffImagePlugin.STRIP_SIZE = size

    def all_kinds(self):
        picture = scene(300, 400)
        rotated = Image.Exif()
        rotated[0x0112] = 6
        interlaced = os.path.join(self.folder, "interlaced.png")
        with open(interlaced, "wb") as file:
            file.write(interlaced_png(np.asarray(picture)))
        return [
            interlaced,
            self.saved("a.jpg", picture),
            self.saved("progressive.jpg", picture, progressive=True),
            self.saved("cmyk.jpg", picture.convert("CMYK")),
            self.saved("rotated.jpg", picture, exif=rotated),
            self.saved("a.png", picture),
            self.saved("a.webp", picture),
            self.saved("lossless.webp", picture, lossless=True),
            self.saved("a.tif", picture),
            self.saved("jpeg.tif", picture, compression="jpeg"),
            self.in_one_strip("strip.tif", picture, compression="tiff_lzw"),
            self.saved("a.bmp", picture),
            self.saved("palette.bmp", picture.quantize(60)),
            self.saved("a.ppm", picture),
            self.saved("a.pbm", picture.convert("1")),
        ]

    def test_a_stop_ends_a_picture_of_any_kind_within_a_band_and_is_no_damage(self):
        paths = self.all_kinds()
        for rows in (0, 1, 100):
            for flags in ((), ("--turbo",), ("--channels", "gray")):
                answers = decode(paths, "--exif", "--stop-after", str(rows), *flags)
                for path, answer in zip(paths, answers):
                    with self.subTest(os.path.basename(path), rows=rows, flags=flags):
                        self.assertEqual(answer.get("code"), "cancelled", answer)
                        self.assertLess(answer["rows"], rows + BAND if rows else 1)
        for answer in decode(paths, "--exif", "--stop-after", "100000"):
            self.assertTrue(answer["ok"], answer)

    def test_pictures_read_in_pieces_are_those_read_whole_and_a_cut_one_is_damaged(self):
        large = scene(4300, 4100)
        strip = scene(2500, 2400)
        paths = [
            self.saved("lossless.webp", large, lossless=True, quality=0, method=0),
            self.saved("lossy.webp", large, quality=40, method=0),
            self.in_one_strip("raw.tif", strip),
            self.in_one_strip("lzw.tif", strip, compression="tiff_lzw"),
            self.in_one_strip("deflate.tif", strip, compression="tiff_deflate"),
        ]
        for path, answer in zip(paths, decode(paths)):
            with self.subTest(os.path.basename(path)):
                self.assertTrue(answer["ok"], answer)
                with Image.open(path) as image:
                    samples = np.asarray(image.convert("RGB")).astype(np.uint64)
                self.assertEqual(answer["sum"], samples.sum((0, 1)).tolist())
                self.assertEqual(answer["sumsq"], (samples**2).sum((0, 1)).tolist())
            with open(path, "rb") as file:
                data = file.read()
            for cut in (len(data) - 3, len(data) * 2 // 3):
                with open(path, "wb") as file:
                    file.write(data[:cut])
                [answer] = decode([path])
                with self.subTest(os.path.basename(path), cut=cut):
                    self.assertEqual(answer.get("code"), "corrupt", answer)


if __name__ == "__main__":
    unittest.main()
