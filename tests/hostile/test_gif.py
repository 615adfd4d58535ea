#!/usr/bin/python3
"""GIFs: the first frame is Pillow's, or the file is refused."""

import os
import struct
import tempfile
import unittest

import numpy as np
from PIL import Image

from decode_files import decode, pixels

PALETTE = np.random.default_rng(5).integers(0, 256, (256, 3)).astype(np.uint8)


def codes(indices, bits, clear_every=None, end=True):
    """LZW codes of `indices`, as a plain encoder writes them; a full table is kept, or cleared."""
    clear = 1 << bits
    table, size, out = {}, bits + 1, []

    def reset():
        nonlocal table, size
        out.append((clear, size))
        table = {(i,): i for i in range(clear)}
        size = bits + 1
        return clear + 2

    free = reset()
    string = ()
    for count, index in enumerate(indices):
        if string + (index,) in table:
            string += (index,)
            continue
        out.append((table[string], size))
        if free < 4096:
            table[string + (index,)] = free
            size += free == 1 << size and size < 12
            free += 1
        if clear_every and count % clear_every == 0:
            free = reset()
        string = (index,)
    out.append((table[string], size))
    # The decoder makes an entry of the last code, too.
    out += [(clear + 1, size + (free == 1 << size and size < 12))] if end else []
    return out


def packed(out):
    """Codes as a chain of sub-blocks."""
    number, at = 0, 0
    for code, size in out:
        number |= code << at
        at += size
    data = number.to_bytes((at + 7) // 8, "little")
    blocks = [data[i : i + 255] for i in range(0, len(data), 255)]
    return b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"


def control(transparent=None, dispose=0):
    flags = dispose << 2 | (transparent is not None)
    return b"!\xf9\4" + bytes([flags, 5, 0, transparent or 0, 0])


def frame(indices, x=0, y=0, bits=8, palette=None, interlaced=False, data=None):
    """An image descriptor and its data; `indices` is [height][width]."""
    height, width = indices.shape
    order = list(range(height))
    if interlaced:
        order = [y for a, s in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(a, height, s)]
    flags = 64 * interlaced + (0 if palette is None else 128 | len(palette).bit_length() - 2)
    local = b"" if palette is None else palette.tobytes()
    if data is None:
        data = packed(codes([int(i) for y in order for i in indices[y]], bits))
    return b"," + struct.pack("<4HB", x, y, width, height, flags) + local + bytes([bits]) + data


def gif(width, height, *parts, palette=PALETTE, background=0, end=b";"):
    flags = 0 if palette is None else 128 | len(palette).bit_length() - 2
    head = b"GIF89a" + struct.pack("<2H3B", width, height, flags, background, 0)
    return head + (b"" if palette is None else palette.tobytes()) + b"".join(parts) + end


def smooth(width, height, levels=256, seed=3):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    wave = np.sin(x / 9) * np.cos(y / 7) * 0.45 + 0.5
    return np.clip(wave * levels + rng.normal(0, 1, wave.shape), 0, levels - 1).astype(np.uint8)


class Gif(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.written = 0

    def path(self, data):
        self.written += 1
        path = os.path.join(self.folder.name, f"{self.written}.gif")
        with open(path, "wb") as out:
            out.write(data)
        return path

    def assert_pillows(self, data):
        path = self.path(data)
        with Image.open(path) as image:
            rgb = np.array(image.convert("RGB"))
        with Image.open(path) as image:
            gray = np.array(image.convert("L"))[..., None]
        with Image.open(path) as image:
            rgba = np.array(image.convert("RGBA"))
        answer = decode([path], "--raw")[0]
        self.assertTrue(answer["ok"], answer)
        np.testing.assert_array_equal(pixels(answer), rgb)
        answer = decode([path], "--raw", "--channels", "gray")[0]
        np.testing.assert_array_equal(pixels(answer), gray)
        answer = decode([path], "--raw", "--alpha", "mask")[0]
        self.assertEqual(answer["probe"]["alpha"], answer["channels"] == 4)
        if answer["channels"] == 4:
            np.testing.assert_array_equal(pixels(answer), rgba)
        else:
            self.assertEqual(rgba[..., 3].min(), 255)
        back = Image.new("RGBA", (rgba.shape[1], rgba.shape[0]), (10, 200, 30, 255))
        back.alpha_composite(Image.fromarray(rgba))
        answer = decode([path], "--raw", "--alpha", "0ac81e")[0]
        np.testing.assert_array_equal(pixels(answer), np.array(back.convert("RGB")))
        return answer

    def assert_refused(self, data, code, message=""):
        answer = decode([self.path(data)])[0]
        self.assertFalse(answer["ok"], answer)
        self.assertEqual(answer["code"], code, answer)
        self.assertIn(message, answer["message"])

    def test_sizes_and_depths_are_pillows(self):
        for width, height in ((1, 1), (1, 40), (40, 1), (97, 61), (300, 200)):
            for bits in (2, 3, 5, 8):
                with self.subTest(size=(width, height), bits=bits):
                    indices = smooth(width, height, 1 << bits)
                    self.assert_pillows(gif(width, height, frame(indices, bits=bits)))

    def test_what_pillow_writes_is_read(self):
        rgb = Image.fromarray(PALETTE[smooth(120, 90)])
        for options in ({}, {"interlace": 0}, {"interlace": 1}, {"transparency": 9}):
            for colors in (2, 16, 200):
                with self.subTest(options=options, colors=colors):
                    path = os.path.join(self.folder.name, "pillow.gif")
                    rgb.quantize(colors).save(path, **options)
                    with open(path, "rb") as data:
                        self.assert_pillows(data.read())

    def test_interlaced_rows_find_their_places(self):
        for height in range(1, 20):
            self.assert_pillows(gif(7, height, frame(smooth(7, height), interlaced=True)))

    def test_a_full_table_is_kept_until_it_is_cleared(self):
        noise = np.random.default_rng(1).integers(0, 256, (90, 90)).astype(np.uint8)
        self.assertGreater(len(codes([int(i) for i in noise.ravel()], 8)), 5000)
        self.assert_pillows(gif(90, 90, frame(noise)))
        data = packed(codes([int(i) for i in noise.ravel()], 8, clear_every=300))
        self.assert_pillows(gif(90, 90, frame(noise, data=data)))

    def test_a_string_that_the_next_code_just_makes(self):
        flat = np.zeros((64, 64), np.uint8)
        self.assert_pillows(gif(64, 64, frame(flat, bits=2), palette=PALETTE[:4]))
        self.assert_pillows(gif(300, 300, frame(np.full((300, 300), 3, np.uint8), bits=2)))

    def test_palettes(self):
        indices = smooth(31, 17, 16)
        local = PALETTE[::-1][:16].copy()
        ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, 1)
        for name, data in {
            "a local one": gif(31, 17, frame(indices, palette=local, bits=4)),
            "only a local one": gif(31, 17, frame(indices, palette=local, bits=4), palette=None),
            "none": gif(31, 17, frame(indices, bits=4), palette=None),
            "a ramp": gif(31, 17, frame(indices, bits=4), palette=ramp),
            "a local ramp": gif(31, 17, frame(indices, palette=ramp[:16], bits=4), palette=None),
            "greys": gif(31, 17, frame(indices, bits=4), palette=ramp[::-1].copy()),
        }.items():
            with self.subTest(name):
                self.assert_pillows(data)

    def test_a_local_ramp_beside_a_palette_is_refused_since_pillow_takes_the_other_one(self):
        ramp = np.repeat(np.arange(16, dtype=np.uint8)[:, None], 3, 1)
        data = gif(31, 17, frame(smooth(31, 17, 16), palette=ramp, bits=4))
        self.assert_refused(data, "unsupported", "in different ways")

    def test_an_index_beyond_the_palette_is_black(self):
        indices = smooth(31, 17, 16)
        answer = decode([self.path(gif(31, 17, frame(indices, bits=4), palette=PALETTE[:8]))], "--raw")[0]
        expected = np.where(indices[..., None] < 8, PALETTE[indices], 0)
        np.testing.assert_array_equal(pixels(answer), expected)

    def test_a_frame_anywhere_on_the_canvas(self):
        indices = smooth(20, 10)
        for x, y in ((0, 0), (5, 3), (25, 25), (40, 2), (2, 40)):
            for transparent in (None, 0, 7, 255):
                with self.subTest(place=(x, y), transparent=transparent):
                    self.assert_pillows(
                        gif(45, 35, control(transparent), frame(indices, x, y), background=9)
                    )

    def test_transparency_is_alpha_and_dropping_it_is_said(self):
        indices = smooth(20, 10, 8)
        for palette in (PALETTE, None):
            data = gif(20, 10, control(3), frame(indices), palette=palette)
            self.assertEqual(decode([self.path(data)])[0]["notes"], ["alpha is dropped"])
            self.assert_pillows(data)

    def test_the_first_frame_of_several_is_read_and_that_is_said(self):
        first, second = smooth(20, 10), smooth(20, 10, seed=8)
        data = gif(
            20, 10, b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0", control(), frame(first),
            control(4), frame(second), b"!\xfe\3abc\0", frame(second),
        )  # fmt: skip
        answer = self.assert_pillows(data)
        self.assertEqual(answer["notes"], ["an animated GIF: its first frame is read"])
        self.assertEqual(answer["probe"]["frames"], 3)

    def test_indices_of_the_palette_are_given_where_masks_ask_for_them(self):
        # As a mask: zero does not count, whatever its colour.
        indices = smooth(9, 9, 4)
        data = gif(9, 9, frame(indices, bits=2), palette=PALETTE[:4])
        self.assert_pillows(data)

    def test_bytes_that_are_no_block_are_passed_over(self):
        self.assert_pillows(gif(20, 10, b"\0\0\1", frame(smooth(20, 10)), end=b""))

    def test_what_is_cut_off_is_refused(self):
        # A chain of one sub-block.
        data = gif(12, 9, frame(smooth(12, 9, 4), bits=2), palette=PALETTE[:4], end=b"")
        whole = decode([self.path(data)])[0]
        self.assertTrue(whole["ok"], whole)
        for size in range(6, len(data) - 2):
            self.assert_refused(data[:size], "corrupt")

    def test_broken_codes_are_refused(self):
        few = smooth(20, 10)
        for name, data in {
            "no such string yet": [(256, 9), (5, 9), (300, 9)],
            "a string first": [(256, 9), (258, 9)],
            "the end too early": [(256, 9), (5, 9), (257, 9)],
            "nothing": [],
        }.items():
            with self.subTest(name):
                self.assert_refused(
                    gif(20, 10, frame(few, data=packed(data))), "corrupt", "LZW codes"
                )
        for bits in (0, 9, 12, 255):
            data = gif(20, 10, frame(few)[:10] + bytes([bits]) + b"\1\0\0")
            self.assert_refused(data, "corrupt")

    def test_frames_of_no_pixels_and_files_of_no_frame_are_refused(self):
        empty = b"," + struct.pack("<4HB", 0, 0, 0, 5, 0) + b"\2\1\0\0"
        self.assert_refused(gif(20, 10, empty), "corrupt")
        self.assert_refused(gif(20, 10, b"!\xfe\3abc\0"), "corrupt")
        self.assert_refused(b"GIF89a", "corrupt")

    def test_a_canvas_over_the_limit_is_refused_before_anything_is_allocated(self):
        huge = b"," + struct.pack("<4HB", 65535, 65535, 65535, 65535, 0) + b"\2\1\0\0"
        self.assert_refused(gif(1, 1, huge), "too large")

    def test_damage_is_refused_or_gives_a_picture_of_the_size_that_the_header_says(self):
        rng = np.random.default_rng(2)
        data = gif(40, 30, control(3), frame(smooth(40, 30, 16), bits=4, interlaced=True))
        paths = []
        for _ in range(400):
            damaged = bytearray(data)
            for at in rng.integers(6, len(data), 3):
                damaged[at] = rng.integers(0, 256)
            paths.append(self.path(bytes(damaged)))
        answers = decode(paths, "--max-pixels", "2000000")
        good = [answer for answer in answers if answer["ok"]]
        self.assertGreater(len(good), 20)
        self.assertGreater(len(answers) - len(good), 20)
        for answer in good:
            with Image.open(answer["file"]) as image:
                self.assertEqual(list(image.size), answer["size"])

    def test_a_stop_ends_a_picture_of_either_order(self):
        for interlaced in (False, True):
            path = self.path(gif(64, 64, frame(smooth(64, 64), interlaced=interlaced)))
            answer = decode([path], "--stop-after", "0")[0]
            self.assertEqual(answer["code"], "cancelled")
            self.assertEqual(answer["rows"], 0)


if __name__ == "__main__":
    unittest.main()
