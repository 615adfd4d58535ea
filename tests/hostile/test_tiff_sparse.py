"""Strips and tiles that a TIFF leaves out (offset 0, no bytes): nodata or 0, as GDAL reads them."""

import struct
import unittest

import numpy as np

import test_decode
from decode_files import decode, pixels
from test_tiff import laid_out, tiled


def sparse(dtype, samples=1, side=16, left_out=(1,), nodata=None, planar=1, photometric=1, more=()):
    """A tiled TIFF of 40 x 24 pixels, and its samples; tiles of a list are left out."""
    rng = np.random.default_rng(3)
    array = rng.integers(0, 100, (24, 40, samples)).astype(dtype)
    planes = [array[..., c : c + 1] for c in range(samples)] if planar == 2 else [array]
    value = 0 if nodata is None else float(nodata)
    blobs, sizes, expected = {}, [], array.copy()
    for c, plane in enumerate(planes):
        for y in range(0, 24, side):
            for x in range(0, 40, side):
                part = plane[y : y + side, x : x + side]
                tile = np.zeros((side, side, part.shape[2]), dtype)
                tile[: part.shape[0], : part.shape[1]] = part
                index = len(blobs)
                blobs[index + 10**6] = tile.tobytes()
                sizes.append(tile.nbytes)
                if index in left_out:
                    sizes[-1] = 0
                    where = slice(c, c + 1) if planar == 2 else slice(None)
                    kind = np.dtype(dtype)
                    if kind.kind in "iu":
                        least, most = np.iinfo(kind).min, np.iinfo(kind).max
                        value = int(np.clip(value, least, most))
                    expected[y : y + side, x : x + side, where] = value
    offsets = [0 if i in left_out else name for i, name in enumerate(blobs)]
    kind = {"u": 1, "i": 2, "f": 3}[np.dtype(dtype).kind]
    entries = [(256, 3, [40]), (257, 3, [24]), (258, 3, [array.itemsize * 8] * samples),
               (259, 3, [1]), (262, 3, [photometric]), (277, 3, [samples]), (284, 3, [planar]),
               (322, 3, [side]), (323, 3, [side]), (324, 4, offsets), (325, 4, sizes),
               (339, 3, [kind] * samples), *more]  # fmt: skip
    if nodata is not None:
        entries.append((42113, 7, list(f"{nodata}\0".encode())))
    return laid_out(entries, blobs), expected


def as_text(data):
    """laid_out has no type for text."""
    return data.replace(struct.pack("<HH", 42113, 7), struct.pack("<HH", 42113, 2))


class SparseTest(test_decode.DecodeTest):
    def assert_bands(self, data, expected, *flags):
        [answer] = decode([self.path("t.tif", as_text(data))], "--raw", "--channels", "native",
                          "--depth", "16", *flags)  # fmt: skip
        self.assertTrue(answer["ok"], answer)
        np.testing.assert_array_equal(pixels(answer), expected.astype(pixels(answer).dtype))

    def test_tiles_that_are_left_out_are_0(self):
        array = test_decode.scene(40, 24)
        [answer] = decode([self.path("t.tif", tiled(array))], "--raw")
        np.testing.assert_array_equal(pixels(answer), array)
        [answer] = decode([self.path("t.tif", tiled(array, sparse=True))], "--raw")
        array[16:, 32:] = 0
        np.testing.assert_array_equal(pixels(answer), array)

    def test_every_type_of_samples_has_its_nodata_there(self):
        for dtype, nodata in (("u1", 7), ("u1", 300), ("u1", -9999), ("u1", "nan"), ("u2", 65535),
                              ("i2", -9999), ("i1", -1), ("i1", 900), ("f4", -9999.5),
                              ("f4", "-inf"), ("f2", -2048), ("f4", None)):  # fmt: skip
            for samples, planar in ((1, 1), (2, 1), (5, 2)):
                data, expected = sparse(dtype, samples, left_out=(0, 4, 8), planar=planar,
                                        nodata=None if nodata == "nan" else nodata,
                                        more=[(338, 3, [0] * (samples - 1))] if samples > 1 else [])
                with self.subTest(dtype, nodata=nodata, samples=samples, planar=planar):
                    self.assert_bands(data, expected)

    def test_a_picture_without_any_tile_takes_as_long_as_its_pixels(self):
        data, expected = sparse("u1", 3, left_out=range(6), photometric=2)
        self.assert_bands(data, expected)
        self.assertEqual(expected.max(), 0)

    def test_strips_of_every_depth_and_a_long_one_may_be_left_out(self):
        for bits, samples, rows, height in ((1, 1, 4, 12), (2, 1, 4, 12), (4, 1, 4, 12),
                                            (12, 1, 4, 12), (8, 3, 4, 12), (8, 1, 4000, 4001)):  # fmt: skip
            width = 5000 if rows == 4000 else 21
            last = -(-width * bits * samples // 8) * (height - rows * (height // rows) or rows)
            strips = -(-height // rows)
            entries = [(256, 3, [width]), (257, 3, [height]), (258, 3, [bits] * samples),
                       (259, 3, [1]), (262, 3, [2 if samples == 3 else 1]), (277, 3, [samples]),
                       (278, 3, [rows]), (273, 4, [0] * (strips - 1) + ["last"]),
                       (279, 4, [0] * (strips - 1) + [last]),
                       (42113, 7, list(b"1\0"))]  # fmt: skip
            data = laid_out(entries, {"last": b"\xff" * last})
            [answer] = decode([self.path("t.tif", as_text(data))], "--raw", "--channels", "native",
                              "--depth", "16")  # fmt: skip
            with self.subTest(bits=bits, samples=samples, rows=rows):
                self.assertTrue(answer["ok"], answer)
                got = pixels(answer)
                one = 255 // (2**bits - 1) if bits < 8 else 1
                begin = rows * (strips - 1)
                np.testing.assert_array_equal(got[:begin], one)
                np.testing.assert_array_equal(got[begin:], 4095 if bits == 12 else 255)

    def test_sparse_ycbcr_is_unsupported_and_called_sparse(self):
        entries = [(256, 3, [8]), (257, 3, [8]), (258, 3, [8] * 3), (259, 3, [1]), (262, 3, [6]),
                   (277, 3, [3]), (278, 3, [4]), (273, 4, ["one", 0]), (279, 4, [48, 0]),
                   (530, 3, [2, 2])]  # fmt: skip
        self.assert_refused(laid_out(entries, {"one": bytes(48)}), "unsupported", "sparse")

    def test_tables_that_are_too_short_leave_nothing_out(self):
        data, _ = sparse("u1", 3, left_out=(0,), photometric=2)
        for tag in (324, 325):
            short = data.replace(struct.pack("<HHI", tag, 4, 6), struct.pack("<HHI", tag, 4, 5))
            self.assertNotEqual(short, data)
            self.assert_refused(short, "corrupt")

    def test_a_place_without_bytes_and_bytes_without_a_place_are_damage(self):
        for offset, size, compression in ((8, 0, 1), (8, 0, 5), (0, 96, 1), (0, 96, 5)):
            entries = [(256, 3, [8]), (257, 3, [8]), (258, 3, [8] * 3), (259, 3, [compression]),
                       (262, 3, [2]), (277, 3, [3]), (278, 3, [4]), (273, 4, [8, offset]),
                       (279, 4, [96, size])]  # fmt: skip
            self.assert_refused(laid_out(entries, {"rows": bytes(96)}), "corrupt")


if __name__ == "__main__":
    unittest.main()
