"""TGA and QOI: the pixels are Pillow's, or those that were encoded; damage is refused."""

import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np
from decode_files import decode, pixels
from PIL import Image


def smooth(width, height, channels=4, seed=0):
    """Slopes, noise and flat places: what every kind of chunk and run is for."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [(x * (k + 1) + y * 3 + rng.integers(0, 3, x.shape)) % 256 for k in range(channels)]
    array = np.stack(planes, -1).astype(np.uint8)
    array[height // 3 : height // 2] = array[0, 0]
    array[-height // 4 :] = rng.integers(0, 256, array[-height // 4 :].shape)
    return array


def qoi(array):
    """A plain encoder, by the specification."""
    height, width, channels = array.shape
    out = bytearray(b"qoif" + struct.pack(">II", width, height) + bytes([channels, 0]))
    seen, last, run = [(0, 0, 0, 0)] * 64, (0, 0, 0, 255), 0
    flat = [(*map(int, p), 255)[:4] for p in array.reshape(-1, channels)]
    for i, pixel in enumerate(flat):
        if pixel == last:
            run += 1
            if run == 62 or i == len(flat) - 1:
                out.append(0xC0 | run - 1)
                run = 0
            continue
        if run:
            out.append(0xC0 | run - 1)
            run = 0
        place = (pixel[0] * 3 + pixel[1] * 5 + pixel[2] * 7 + pixel[3] * 11) % 64
        red, green, blue = ((pixel[k] - last[k] + 128) % 256 - 128 for k in range(3))
        if seen[place] == pixel:
            out.append(place)
        elif pixel[3] != last[3]:
            out += bytes([0xFF, *pixel])
        elif all(-3 < d < 2 for d in (red, green, blue)):
            out.append(0x40 | red + 2 << 4 | green + 2 << 2 | blue + 2)
        elif -33 < green < 32 and -9 < red - green < 8 and -9 < blue - green < 8:
            out += bytes([0x80 | green + 32, red - green + 8 << 4 | blue - green + 8])
        else:
            out += bytes([0xFE, *pixel[:3]])
        seen[place], last = pixel, pixel
    return bytes(out) + b"\0\0\0\0\0\0\0\1"


def tga(kind, depth, data, width=9, height=7, flags=0x20, map_at=0, palette=b"", map_depth=0, text=b""):
    entries = len(palette) * 8 // map_depth if map_depth else 0
    return struct.pack("<BBBHHBHHHHBB", len(text), bool(palette), kind, map_at, entries, map_depth,
                       0, 0, width, height, depth, flags) + text + palette + data  # fmt: skip


class TgaQoi(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.count = 0

    def path(self, data, kind="tga"):
        self.count += 1
        path = self.folder / f"{self.count}.{kind}"
        path.write_bytes(data)
        return str(path)

    def assert_refused(self, data, code, word, kind="tga"):
        answer = decode([self.path(data, kind)])[0]
        self.assertFalse(answer["ok"], answer)
        self.assertEqual(answer["code"], code, answer)
        self.assertIn(word, answer["message"])

    def test_qoi_gives_the_pixels_that_were_encoded(self):
        for width, height in ((1, 1), (61, 45), (3, 200), (200, 3), (130, 130)):
            for channels in (3, 4):
                array = smooth(width, height, channels)
                answer = decode([self.path(qoi(array), "qoi")], "--raw", "--alpha", "mask")[0]
                self.assertTrue(answer["ok"], answer)
                np.testing.assert_array_equal(pixels(answer), array)
        self.assertEqual(answer["probe"]["alpha"], True)

    def test_qoi_is_pillows_where_it_reads_any(self):
        Image.init()
        if "QOI" not in Image.OPEN:
            self.skipTest("SKIPPED: this Pillow reads no QOI; scripts/parity-today has one that does")
        path = self.path(qoi(smooth(61, 45)), "qoi")
        with Image.open(path) as image:
            want = np.array(image.convert("RGB"))
        np.testing.assert_array_equal(pixels(decode([path], "--raw")[0]), want)

    def test_qoi_that_is_cut_or_lies_is_refused(self):
        data = qoi(smooth(12, 9))
        for size in range(4, len(data) - 8):
            self.assert_refused(data[:size], "corrupt", "ends before", "qoi")
        self.assert_refused(b"qoif" + struct.pack(">II", 0, 5) + b"\3\0", "corrupt", "0 x 5", "qoi")
        self.assert_refused(b"qoif" + struct.pack(">II", 5, 5) + b"\5\0", "corrupt", "channels", "qoi")
        self.assert_refused(b"qoif" + struct.pack(">II", 1 << 31, 5) + b"\3\0", "too large", "limit", "qoi")

    def test_tga_is_pillows(self):
        whole = Image.fromarray(smooth(61, 45))
        for mode in ("L", "LA", "RGB", "RGBA", "P"):
            picture = whole.convert("RGB").quantize(60) if mode == "P" else whole.convert(mode)
            for compression in (None, "tga_rle"):
                for orientation in (-1, 1):
                    path = str(self.folder / f"{mode}{compression}{orientation}.tga")
                    picture.save(path, compression=compression, orientation=orientation)
                    with self.subTest(path=path):
                        self.assert_pillows(path)
                        answer = decode([path], "--raw", "--alpha", "mask")[0]
                        if mode in ("LA", "RGBA"):
                            with Image.open(path) as image:
                                want = np.array(image.convert("RGBA"))
                            np.testing.assert_array_equal(pixels(answer), want)

    def assert_pillows(self, path):
        for mode, channels in (("RGB", "rgb"), ("L", "gray")):
            with Image.open(path) as image:
                want = np.array(image.convert(mode)).reshape(image.height, image.width, -1)
            answer = decode([path], "--raw", "--channels", channels)[0]
            self.assertTrue(answer["ok"], answer)
            np.testing.assert_array_equal(pixels(answer), want)

    def test_tga_of_16_bits_with_palettes_a_text_and_the_other_direction_is_pillows(self):
        rng = np.random.default_rng(4)
        words = rng.integers(0, 65536, 63).astype("<u2").tobytes()
        palette = rng.integers(0, 256, 30).astype(np.uint8).tobytes()
        places = rng.integers(2, 12, 63).astype(np.uint8).tobytes()
        for data in (
            tga(2, 16, words, flags=0x21),
            tga(1, 8, places, map_at=2, palette=palette, map_depth=24, text=b"made by hand"),
            tga(2, 24, palette * 7, flags=0x30), tga(3, 8, places, flags=0x10),
        ):  # fmt: skip
            self.assert_pillows(self.path(data))

    def test_alpha_that_the_file_calls_none_is_opaque(self):
        area = bytes(494) + b"\0"
        data = tga(2, 32, smooth(9, 7).tobytes(), flags=0x28)
        footer = struct.pack("<II", len(data), 0) + b"TRUEVISION-XFILE.\0"
        answer = decode([self.path(data + area + footer)], "--raw", "--alpha", "mask")[0]
        self.assertEqual(pixels(answer)[..., 3].min(), 255)

    def test_tga_that_is_cut_or_lies_is_refused(self):
        path = self.folder / "x.tga"
        for compression in (None, "tga_rle"):
            Image.fromarray(smooth(12, 9)).save(path, compression=compression)
            data = path.read_bytes()
            end = len(data) - 26  # Pillow writes a footer
            for size in range(18, end):
                answer = decode([self.path(data[:size])])[0]
                self.assertEqual(answer.get("code"), "corrupt", answer)
        self.assert_refused(tga(10, 24, b"\xff" + bytes(3)), "corrupt", "go beyond it")
        self.assert_refused(tga(1, 8, b"\4" * 63, palette=bytes(9), map_depth=24), "corrupt", "palette")
        self.assert_refused(tga(2, 24, b"", 65535, 65535), "too large", "limit")

    def test_what_only_looks_a_little_so_is_none(self):
        for data in (
            b"\0\0\2\0\1\0\x10\x10\0\0\1\0\x20\0" + bytes(60),  # a cursor
            bytes(100), b"\0\1\0\0\0\x0c" + bytes(100), tga(2, 24, bytes(189), flags=0xC0),
            tga(2, 13, bytes(189)), tga(4, 24, bytes(189)),
        ):  # fmt: skip
            self.assertEqual(decode([self.path(data, "bin")])[0]["code"], "unsupported")


if __name__ == "__main__":
    unittest.main()
