"""ICO: the pixels are those of Pillow's largest picture, with its alpha; damage is refused."""

import io
import struct
import unittest

import numpy as np
from PIL import Image

import test_decode
from decode_files import decode, pixels


def bits_of(rows, width):
    """Rows of 0 and 1, the bottom one first, each padded to four bytes."""
    padded = np.zeros((len(rows), -(-width // 32) * 32), np.uint8)
    padded[:, :width] = rows
    return np.packbits(padded[::-1], axis=1).tobytes()


def bitmap(width, height, bits, seed=1, mask=True, top_down=False, header=40):
    """The bitmap of an icon: header of both halves, palette, colours, mask."""
    rng = np.random.default_rng(seed)
    colors = rng.integers(0, 256, (2**bits, 4)).astype(np.uint8) if bits <= 8 else np.zeros((0, 4), "u1")
    if bits <= 8:
        samples = rng.integers(0, 2**bits, (height, width), np.uint8)
        unpacked = np.unpackbits(samples[..., None], axis=2)[..., 8 - bits :].reshape(height, -1)
        data = bits_of(unpacked, width * bits)
    else:
        row = -(-width * bits // 32) * 4
        rows = np.zeros((height, row), np.uint8)
        rows[:, : width * bits // 8] = rng.integers(0, 256, (height, width * bits // 8))
        data = rows.tobytes()
    high = -2 * height if top_down else 2 * height
    if header == 12:
        head, palette = struct.pack("<IHHHH", 12, width, 2 * height, 1, bits), colors[:, :3].tobytes()
    else:
        head = struct.pack("<IiiHHIIiiII", 40, width, high, 1, bits, 0, 0, 0, 0, 0, 0)
        palette = colors.tobytes()
    transparent = bits_of(rng.integers(0, 2, (height, width)), width) if mask else b""
    return head + palette + data + transparent


def png(width, height, mode="RGBA", seed=1):
    out = io.BytesIO()
    array = test_decode.scene(width, height, 4, seed)
    Image.fromarray(array).convert(mode).save(out, "PNG")
    return out.getvalue()


def ico(*pictures):
    """(width, height, bits, colours, data) each."""
    at = 6 + 16 * len(pictures)
    entries, body = b"", b""
    for width, height, bits, colors, data in pictures:
        entries += struct.pack("<BBBBHHII", width % 256, height % 256, colors, 0, 1, bits, len(data),
                               at + len(body))  # fmt: skip
        body += data
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + body


class IcoTest(test_decode.DecodeTest):
    def files(self):
        one = lambda w, h, bits, data: ico((w, h, bits, 0, data))
        files = {f"{bits}.ico": one(33, 21, bits, bitmap(33, 21, bits)) for bits in (1, 4, 8, 16, 24, 32)}
        files |= {
            "no_mask.ico": one(32, 32, 32, bitmap(32, 32, 32, mask=False)),
            "top_down.ico": one(17, 9, 24, bitmap(17, 9, 24, top_down=True)),
            "core.ico": one(17, 9, 8, bitmap(17, 9, 8, header=12)),
            "png.ico": one(64, 48, 32, png(64, 48)),
            "png_rgb.ico": one(64, 48, 32, png(64, 48, "RGB")),
            "png_large.ico": one(0, 0, 32, png(300, 256)),
            "said_0.ico": ico((16, 16, 0, 16, bitmap(16, 16, 4))),
            "32_of_mask.ico": ico((16, 16, 24, 0, bitmap(16, 16, 32))),
            "several.ico": ico((16, 16, 32, 0, bitmap(16, 16, 32, 2)), (48, 48, 8, 0, bitmap(48, 48, 8, 3)),
                               (48, 48, 32, 0, bitmap(48, 48, 32, 4)), (48, 48, 4, 16, bitmap(48, 48, 4, 5)),
                               (32, 32, 4, 16, bitmap(32, 32, 4, 6))),
            "same_depth.ico": ico((16, 16, 0, 0, bitmap(16, 16, 8, 2)), (16, 16, 0, 255, bitmap(16, 16, 8, 3)),
                                  (16, 16, 8, 0, bitmap(16, 16, 8, 4))),
        }  # fmt: skip
        for options in ({}, {"bitmap_format": "bmp"}):
            out = io.BytesIO()
            Image.fromarray(test_decode.scene(100, 80, 4)).save(out, "ICO", **options)
            files[f"pillow{len(options)}.ico"] = out.getvalue()
        return files

    def test_pixels_and_alpha_are_pillows(self):
        # Of pictures of one size Debian 12's Pillow (9.4) takes the one of most bits.
        largest = {"several.ico": ico((48, 48, 4, 16, bitmap(48, 48, 4, 5))),
                   "same_depth.ico": ico((16, 16, 8, 0, bitmap(16, 16, 8, 3)))}  # fmt: skip
        for name, data in self.files().items():
            path = self.path(name, data)
            with Image.open(io.BytesIO(largest.get(name, data))) as image:
                stored = image.convert("RGBA")
            for channels, mode, expected in (
                ("rgb", "mask", np.array(stored)), ("rgb", "drop", np.array(stored)[..., :3]),
                ("gray", "drop", np.array(stored.convert("RGB").convert("L"))[..., None]),
            ):  # fmt: skip
                [answer] = decode([path], "--raw", "--alpha", mode, "--channels", channels)
                with self.subTest(name, channels=channels, alpha=mode):
                    self.assertTrue(answer["ok"], answer)
                    got = pixels(answer)
                    if name == "png_rgb.ico" and mode == "mask":
                        expected = expected[..., :3]
                    np.testing.assert_array_equal(got, expected)
            [answer] = decode([path], "--raw", "--alpha", "0000ff")
            ground = Image.new("RGBA", stored.size, (0, 0, 255, 255))
            ground.alpha_composite(stored)
            with self.subTest(name, alpha="blue"):
                np.testing.assert_array_equal(pixels(answer), np.array(ground.convert("RGB")))

    def test_a_window_is_the_part_of_the_whole(self):
        path = self.path("w.ico", self.files()["32.ico"])
        [whole] = decode([path], "--raw", "--alpha", "mask")
        [part] = decode([path], "--raw", "--alpha", "mask", "--window", "3", "4", "20", "9")
        np.testing.assert_array_equal(pixels(part), pixels(whole)[4:13, 3:23])

    def test_what_is_cut_off_is_refused_or_whole(self):
        for name, data in self.files().items():
            [whole] = decode([self.path(name, data)], "--raw", "--alpha", "mask")
            # A file of several may lose others than the largest.
            cuts = range(22, len(data) - 1, max(1, len(data) // 60))
            for answer in decode([self.path(f"{cut}.ico", data[:cut]) for cut in cuts], "--raw",
                                 "--alpha", "mask"):  # fmt: skip
                with self.subTest(name, cut=answer["file"]):
                    if answer["ok"]:
                        np.testing.assert_array_equal(pixels(answer), pixels(whole))
                    else:
                        self.assertIn(answer["code"], ("corrupt", "unsupported"))

    def test_hostile_lists_and_headers_are_refused(self):
        good = bitmap(16, 16, 24)
        entry = lambda size, at: struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 24, size, at)
        head = struct.pack("<HHH", 0, 1, 1)
        for data, code, words in (
            (struct.pack("<HHH", 0, 1, 0xFFFF) + entry(9, 22) + good, "corrupt", "list"),
            (head + entry(len(good), 0xFFFFFFFF) + good, "corrupt", "not in the file"),
            (head + entry(3, 22) + good, "corrupt", "smaller than its mask"),
            (head + entry(0xFFFFFFFF, 22) + good, "corrupt", "mask"),
            (head + entry(len(good), 22) + good[:20], "corrupt", "header"),
            (head + entry(99, 22) + struct.pack("<Iii", 40, 2**31 - 1, 2**31 - 2) + good[12:], "too large", ""),
            (head + entry(99, 22) + struct.pack("<Iii", 40, 16, -(2**31)) + good[12:], "", ""),
            (head + entry(99, 22) + struct.pack("<Iii", 40, 0, 0) + good[12:], "corrupt", "pixels"),
            (head + entry(99, 22) + struct.pack("<I", 99) + good[4:], "unsupported", "header of 99 bytes"),
            (ico((16, 16, 32, 0, good)), "unsupported", "list says 32 bits"),
        ):  # fmt: skip
            with self.subTest(words):
                [answer] = decode([self.path("h.ico", data)])
                self.assertFalse(answer["ok"], answer)
                self.assertIn(words, answer["message"])
                if code:
                    self.assertEqual(answer["code"], code, answer)

    def test_flipped_bits_end_in_a_picture_or_in_a_reason(self):
        rng = np.random.default_rng(6)
        for name, data in self.files().items():
            changed = []
            for i in range(40):
                mutant = bytearray(data)
                for at in rng.integers(4, min(len(data), 120), 2):
                    mutant[at] ^= 1 << rng.integers(0, 8)
                changed.append(self.path(f"{i}.ico", bytes(mutant)))
            for answer in decode(changed, "--max-pixels", "1000000"):
                with self.subTest(name, file=answer["file"]):
                    self.assertTrue(answer["ok"] or answer["message"], answer)


if __name__ == "__main__":
    unittest.main()
