"""Strips and tiles of TIFFs that are JPEG 2000, JPEG XL and PNG: their samples as they are, or a reason."""

import io
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

import test_decode
from decode_files import decode, pixels
from test_tiff import laid_out

TILE = 32


def png(array):
    """Pillow writes no 16-bit colours."""
    height, width, samples = array.shape
    color = {1: 0, 2: 4, 3: 2, 4: 6}[samples]
    rows = [row.astype(array.dtype.newbyteorder(">")).tobytes() for row in array]
    return test_decode.png(width, height, array.itemsize * 8, color, rows)


def jpeg2000(array):
    out = io.BytesIO()
    if array.dtype == np.uint16:
        if array.shape[2] > 1:
            return None
        Image.fromarray(array[..., 0]).save(out, "JPEG2000", no_jp2=True)
    else:
        picture = Image.fromarray(array[..., 0] if array.shape[2] == 1 else array)
        picture.save(out, "JPEG2000", no_jp2=True)
    return out.getvalue()


def jpegxl(array):
    if not shutil.which("cjxl"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "a.png").write_bytes(png(array))
        subprocess.run(["cjxl", at / "a.png", at / "a.jxl", "-d", "0", "-e", "3"], check=True,
                       capture_output=True)  # fmt: skip
        return (at / "a.jxl").read_bytes()


KINDS = {34933: png, 34712: jpeg2000, 33005: jpeg2000, 50002: jpegxl, 52546: jpegxl}


def made(array, compression, encode, tile=TILE, rows=None, planar=1, more=(), edit=None):
    """A TIFF of such tiles, or of strips; None where nothing here writes them."""
    height, width, samples = array.shape
    planes = [array[..., c : c + 1] for c in range(samples)] if planar == 2 else [array]
    blocks = []
    for plane in planes:
        for y in range(0, height, rows or tile):
            for x in range(0, width, width if rows else tile):
                part = plane[y : y + (rows or tile), x : x + (width if rows else tile)]
                if not rows:
                    spare = [(0, tile - part.shape[0]), (0, tile - part.shape[1]), (0, 0)]
                    part = np.pad(part, spare, "edge")
                blocks.append(encode(np.ascontiguousarray(part)))
    if None in blocks:
        return None
    if edit:
        edit(blocks)
    names = {f"block {i}": block for i, block in enumerate(blocks)}
    sizes = [len(block) for block in blocks]
    entries = [(256, 3, [width]), (257, 3, [height]), (258, 3, [array.itemsize * 8] * samples),
               (259, 3, [compression]), (262, 3, [2 if samples > 2 else 1]), (277, 3, [samples]),
               (284, 3, [planar])]  # fmt: skip
    if samples in (2, 4):
        entries.append((338, 3, [2]))
    if rows:
        entries += [(278, 3, [rows]), (273, 4, list(names)), (279, 4, sizes)]
    else:
        entries += [(322, 3, [tile]), (323, 3, [tile]), (324, 4, list(names)), (325, 4, sizes)]
    return laid_out(entries + list(more), names)


class ForeignTest(test_decode.DecodeTest):
    def assert_samples(self, data, expected, *flags):
        [answer] = decode([self.path("t.tif", data)], "--raw", "--channels", "native", "--depth",
                          "16", "--alpha", "mask", *flags)  # fmt: skip
        if "there is no module" in answer.get("message", ""):
            self.skipTest(f"SKIPPED: {answer['message']}")
        self.assertTrue(answer["ok"], answer)
        np.testing.assert_array_equal(pixels(answer), expected)

    def test_samples_are_those_that_were_written(self):
        tried = {}
        for compression, encode in KINDS.items():
            for samples in (1, 3, 4):
                for dtype in (np.uint8, np.uint16):
                    array = test_decode.scene(61, 45, samples).astype(dtype)
                    if dtype == np.uint16:
                        array = array * 257 + 3
                    for layout in ({}, {"rows": 45}, {"rows": 16}, {"planar": 2}):
                        data = made(array, compression, encode, **layout)
                        if data is None or (samples == 4 and dtype == np.uint16):
                            continue
                        tried[compression] = tried.get(compression, 0) + 1
                        with self.subTest(compression, samples=samples, dtype=dtype, **layout):
                            self.assert_samples(data, array)
        for compression in (34933, 34712):
            self.assertGreater(tried[compression], 15, tried)

    def test_blocks_may_be_left_out(self):
        array = test_decode.scene(61, 45, 3)
        data = made(array, 34933, png)
        at = data.index(struct.pack("<HHI", 324, 4, 4)) + 8
        places = struct.unpack_from("<I", data, at)[0]
        sizes = struct.unpack_from("<I", data, data.index(struct.pack("<HHI", 325, 4, 4)) + 8)[0]
        out = bytearray(data)
        out[places + 4 : places + 8] = out[sizes + 4 : sizes + 8] = bytes(4)
        array[:TILE, TILE:] = 0
        self.assert_samples(bytes(out), array)

    def test_a_block_of_another_kind_size_or_depth_is_refused_by_its_number(self):
        array = test_decode.scene(61, 45, 3)
        small = png(array[:8, :8])
        large = png(np.zeros((33, 33, 3), np.uint8))
        flood = test_decode.png(60000, 60000, 8, 2, [])
        gray, wide = png(array[:32, :32, :1]), png(array[:32, :32].astype(np.uint16))
        palette = io.BytesIO()
        Image.new("P", (32, 32)).save(palette, "PNG")
        for code, block, words in (
            ("corrupt", b"", "tile 1"), ("corrupt", jpeg2000(array[:32, :32]), "it is no PNG"),
            ("corrupt", small, "8 x 8 pixels"), ("corrupt", large, "33 x 33 pixels"),
            ("corrupt", flood, "60000 x 60000"), ("unsupported", gray, "1 x 8-bit"),
            ("unsupported", wide, "3 x 16-bit"), ("unsupported", palette.getvalue(), "palette"),
            ("corrupt", png(array[:32, :32])[:-300], "tile 1"),
        ):  # fmt: skip
            def put(blocks, block=block):
                blocks[1] = block

            with self.subTest(words):
                self.assert_refused(made(array, 34933, png, edit=put), code, words)

    def test_what_is_cut_or_flipped_in_a_block_is_a_picture_or_a_reason(self):
        rng = np.random.default_rng(11)
        array = test_decode.scene(40, 33, 3)
        for compression, encode in ((34933, png), (34712, jpeg2000), (50002, jpegxl)):
            whole = made(array, compression, encode)
            if whole is None:
                continue
            files = []
            for i in range(120):
                data = bytearray(whole)
                for at in rng.integers(8, len(data), 1 + i % 3):
                    data[at] ^= 1 << rng.integers(0, 8)
                files.append(self.path(f"{compression}-{i}.tif", bytes(data)))
            files += [self.path(f"{compression}-cut{n}.tif", whole[:n])
                      for n in range(100, len(whole), 97)]  # fmt: skip
            answers = decode(files)
            self.assertTrue(any(not answer["ok"] for answer in answers))
            for answer in answers:
                with self.subTest(answer["file"]):
                    self.assertTrue(answer["ok"] or answer["message"], answer)
                    if not answer["ok"]:
                        self.assertIn(answer["code"], ("corrupt", "unsupported", "too large"))

    def test_kinds_of_samples_that_are_not_read_are_named(self):
        array = test_decode.scene(40, 33, 3)
        for more in ([(339, 3, [2] * 3)], [(339, 3, [3] * 3)]):
            with self.subTest(more):
                self.assert_refused(made(array, 34933, png, more=more), "unsupported", "",
                                    flags=["--channels", "native"])  # fmt: skip


if __name__ == "__main__":
    unittest.main()
