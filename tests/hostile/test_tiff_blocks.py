"""Strips and tiles of TIFFs: what a codec takes for good and is not, and what is sound and not read."""

import io
import struct
import unittest
import zlib

import numpy as np

import test_decode
from decode_files import decode, pixels
from test_decode import picture, tiff, tiff_of
from test_tiff import laid_out


def bits_turned(data):
    """The bits of each byte the other way round, as FillOrder 2 has them."""
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)


def blocks(width, height, samples, photometric, compression, data, more=(), tile=None):
    """A TIFF of 8 bits whose strips (of one size) or square tiles are given as they are stored."""
    names = {f"block {i}": block for i, block in enumerate(data)}
    sizes = [len(block) for block in data]
    entries = [(256, 3, [width]), (257, 3, [height]), (258, 3, [8] * samples),
               (259, 3, [compression]), (262, 3, [photometric]), (277, 3, [samples])]  # fmt: skip
    if tile:
        entries += [(322, 3, [tile]), (323, 3, [tile]), (324, 4, list(names)), (325, 4, sizes)]
    else:
        rows = -(-height // len(data))
        entries += [(278, 3, [rows]), (273, 4, list(names)), (279, 4, sizes)]
    return laid_out(entries + list(more), names)


def ycbcr(planes, across, down):
    """Subsampled YCbCr as it is stored: blocks of luma, each with its Cb and Cr behind it."""
    luma, cb, cr = planes
    height, width = luma.shape
    padded = np.pad(luma, ((0, -height % down), (0, -width % across)), "edge")
    out = bytearray()
    for y in range(0, height, down):
        for x in range(0, width, across):
            out += padded[y : y + down, x : x + across].tobytes() + bytes([cb[y, x], cr[y, x]])
    return bytes(out)


class BlocksTest(test_decode.DecodeTest):
    def assert_pixels(self, data, expected, within=0):
        [answer] = decode([self.path("t.tif", data)], "--raw")
        self.assertTrue(answer["ok"], answer)
        difference = np.abs(pixels(answer).astype(float) - expected)
        self.assertLessEqual(difference.max(), within)

    def test_deflate_with_its_bits_turned_is_sound_and_its_checksum_is_asked(self):
        array = test_decode.scene(21, 13)
        stream = zlib.compress(array.tobytes())
        turned = blocks(21, 13, 3, 2, 8, [bits_turned(stream)], [(266, 3, [2])])
        self.assert_pixels(turned, array)
        wrong = bits_turned(stream[:-4] + b"abcd")
        self.assert_refused(blocks(21, 13, 3, 2, 8, [wrong], [(266, 3, [2])]), "corrupt")

    def test_subsampled_ycbcr_has_its_colours_or_is_unsupported(self):
        rng = np.random.default_rng(11)
        read = 0
        for width, height in ((32, 24), (37, 23), (33, 9), (2, 5), (1, 1)):
            planes = rng.integers(64, 192, (3, height, width)).astype(np.uint8)
            for across in (1, 2, 4):
                for down in (1, 2, 4):
                    y, x = np.indices((height, width))
                    luma, cb, cr = planes.astype(float)
                    cb = cb[y - y % down, x - x % across] - 128
                    cr = cr[y - y % down, x - x % across] - 128
                    colors = [luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr,
                              luma + 1.772 * cb]  # fmt: skip
                    expected = np.clip(np.stack(colors, -1), 0, 255)
                    stored = zlib.compress(ycbcr(planes, across, down))
                    data = blocks(width, height, 3, 6, 8, [stored], [(530, 3, [across, down])])
                    with self.subTest(width=width, height=height, across=across, down=down):
                        if down == 4:
                            self.assert_refused(data, "unsupported", f"subsampled {across} x 4")
                        else:
                            self.assert_pixels(data, expected, within=1.01)
                            read += 1
        self.assertEqual(read, 30)

    def test_other_ycbcr_that_is_not_read_is_unsupported(self):
        words = tiff_of(np.zeros((4, 6, 3), np.uint16), 6, more=[(530, 3, [1, 1])])
        self.assert_refused(words, "unsupported", "16-bit")
        four = tiff_of(np.zeros((4, 6, 4), np.uint8), 6, extra=[2], more=[(530, 3, [1, 1])])
        self.assert_refused(four, "unsupported", "4 x 8-bit")
        planes = tiff_of(np.zeros((4, 6, 3), np.uint8), 6, planar=2, more=[(530, 3, [2, 2])])
        self.assert_refused(planes, "unsupported", "in planes")

    def jpeg(self, mode, width, height):
        buffer = io.BytesIO()
        picture(mode, width, height).save(buffer, "JPEG", subsampling=0)
        return buffer.getvalue()

    def test_a_jpeg_smaller_than_its_strip_or_tile_is_damage(self):
        for size in ((20, 23), (37, 10), (36, 23), (37, 22)):
            for mode, samples, photometric in (("RGB", 3, 6), ("L", 1, 1)):
                more = [(530, 3, [1, 1])] if photometric == 6 else []
                data = blocks(37, 23, samples, photometric, 7, [self.jpeg(mode, *size)], more)
                with self.subTest(size=size, mode=mode):
                    self.assert_refused(data, "corrupt", f"{size[0]} x {size[1]}")
        strips = [self.jpeg("L", 37, 8), self.jpeg("L", 37, 8), self.jpeg("L", 37, 6)]
        self.assert_refused(blocks(37, 23, 1, 1, 7, strips), "corrupt", "strip 2")
        strips[2] = self.jpeg("L", 37, 7)
        [answer] = decode([self.path("t.tif", blocks(37, 23, 1, 1, 7, strips))], "--raw")
        self.assertTrue(answer["ok"], answer)
        tiles = [self.jpeg("L", 16, 16)] * 6
        for last in ((4, 7), (5, 6)):
            tiles[5] = self.jpeg("L", *last)
            self.assert_refused(blocks(37, 23, 1, 1, 7, tiles, tile=16), "corrupt", "tile 5")
        planes = [self.jpeg("L", 12, 8), self.jpeg("L", 12, 8), self.jpeg("L", 12, 5)]
        data = blocks(12, 24, 3, 2, 7, planes, [(284, 3, [2])])
        data = data.replace(struct.pack("<HHIHH", 257, 3, 1, 24, 0),
                            struct.pack("<HHIHH", 257, 3, 1, 8, 0))  # fmt: skip
        self.assert_refused(data, "corrupt", "strip 2")

    def test_fax_rows_that_do_not_fit_are_damage(self):
        for name in ("group3", "group4"):
            buffer = io.BytesIO()
            picture("1", 64, 64).save(buffer, "TIFF", compression=name)
            whole = buffer.getvalue()
            [answer] = decode([self.path("w.tif", whole)], "--raw")
            refused = 0
            for at in range(8, 300, 3):
                data = bytearray(whole)
                data[at] ^= 0x10
                [damaged] = decode([self.path("d.tif", bytes(data))], "--raw")
                refused += not damaged["ok"]
            with self.subTest(name):
                self.assertTrue(answer["ok"])
                self.assertGreater(refused, 70)

    def fax(self, strip, order=1):
        """Group 4 of 6 x 6: three rows with a black pixel, one with two, then what `strip` ends by."""
        entries = [(256, 3, [6]), (257, 3, [6]), (258, 3, [1]), (259, 3, [4]), (262, 3, [0]),
                   (266, 3, [order]), (277, 3, [1]), (278, 3, [6]), (279, 4, [len(strip)]),
                   (273, 4, ["strip"])]  # fmt: skip
        return laid_out(sorted(entries), {"strip": strip})

    def test_a_fax_that_ends_by_its_mark_before_its_last_row_is_white_below(self):
        rows = "0000010000010111111101011"  # codes of four rows
        mark = "000000000001" * 2
        def packed(bits):
            bits = bits.ljust(-(-len(bits) // 8) * 8, "0")
            return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        expected = np.full((6, 6), 255)
        expected[[0, 1, 2, 3, 3], [3, 3, 3, 2, 3]] = 0
        for strip, order in ((packed(rows + mark), 1), (packed(rows + mark) + bytes(3), 1),
                             (bits_turned(packed(rows + mark)), 2)):  # fmt: skip
            [answer] = decode([self.path("f.tif", self.fax(strip, order))], "--raw")
            self.assertTrue(answer["ok"], answer)
            np.testing.assert_array_equal(pixels(answer)[:, :, 0], expected)
        for bits in (rows, rows + mark[:12], rows + mark + "1", rows + "000000000001" + rows + mark,
                     rows + "0" + mark, rows[:-1]):  # fmt: skip
            self.assert_refused(self.fax(packed(bits)), "corrupt")

    def test_samples_of_several_kinds_and_rare_predictors_are_unsupported(self):
        array = np.zeros((5, 7, 3), np.uint8)
        for tag, values in ((258, [5, 6, 5]), (258, [8, 8, 16]), (339, [1, 1, 2])):
            data = tiff_of(array, 2, more=[(339, 3, [1] * 3)])
            old = struct.pack("<HHH", *([8] * 3 if tag == 258 else [1] * 3))
            data = data.replace(old, struct.pack("<HHH", *values))
            self.assert_refused(data, "unsupported", "not all of one type")
        stream = [zlib.compress(bytes(200))]
        for predictor in (3, 7, 34892):
            data = blocks(9, 9, 1, 1, 8, stream, [(317, 3, [predictor])])
            self.assert_refused(data, "unsupported", f"predictor {predictor}")

    def test_strips_beyond_memory_are_too_large_and_not_corrupt(self):
        sides = [(256, 4, [12000]), (257, 4, [13000]), (278, 4, [13000])]
        rest = [(258, 3, [16] * 4), (259, 3, [8]), (262, 3, [2]), (277, 3, [4]), (338, 3, [2])]
        self.assert_refused(tiff(sides + rest, bytes(16)), "too large", "1 GiB")
        sides = [(256, 4, [40000]), (257, 4, [40000]), (278, 4, [40000])]
        self.assert_refused(tiff(sides + rest, bytes(16)), "too large", "more than the limit")


if __name__ == "__main__":
    unittest.main()
