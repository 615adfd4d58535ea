"""BMP and netpbm files of every kind: the values are Pillow's, from its live reader where this
machine's has the newest rules, and from the rules written down here where it has not (Pillow 10.4
changed what palette indices past the end and run-length data mean)."""

import io
import random
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from decode_files import decode, pixels

MASKS_32 = {
    (0xFF0000, 0xFF00, 0xFF, 0): (2, 1, 0),
    (0xFF000000, 0xFF0000, 0xFF00, 0): (3, 2, 1),
    (0xFF000000, 0xFF00, 0xFF, 0): (3, 1, 0),
    (0xFF000000, 0xFF0000, 0xFF00, 0xFF): (3, 2, 1, 0),
    (0xFF, 0xFF00, 0xFF0000, 0xFF000000): (0, 1, 2, 3),
    (0xFF0000, 0xFF00, 0xFF, 0xFF000000): (2, 1, 0, 3),
    (0xFF000000, 0xFF00, 0xFF, 0xFF0000): (3, 1, 0, 2),
    (0, 0, 0, 0): (2, 1, 0, 3),
}
BITS = (1, 4, 8, 16, 24, 32)


def bmp(width, height, bits, data, header=40, compression=0, colors=0, palette=b"", masks=()):
    """A BMP of a header of 12 to 124 bytes; a negative height is top down."""
    masks = struct.pack(f"<{len(masks)}I", *masks)
    if header == 12:
        fields = struct.pack("<IHHHH", 12, width, height, 1, bits)
        tail = palette
    else:
        fields = struct.pack(
            "<IiiHHIIiiII", header, width, height, 1, bits, compression, len(data), 0, 0, colors, 0
        )
        inside = masks[: header - 40]
        tail = inside.ljust(header - 40, b"\0") + masks[len(inside) :] + palette
    offset = 14 + len(fields) + len(tail)
    start = b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset)
    return start + fields + tail + data


def entries(colors, size=4):
    """Palette entries of RGB colours."""
    return b"".join(bytes(color[::-1]) + bytes(size - 3) for color in colors)


def packed(indices, bits):
    """Rows of indices as a BMP stores them, the last row first."""
    rows = []
    for row in indices[::-1]:
        text = "".join(format(int(i), f"0{bits}b") for i in row)
        text += "0" * (-len(text) % 32)
        rows.append(int(text, 2).to_bytes(len(text) // 8, "big"))
    return b"".join(rows)


def runs_of(data, offset, width, height, four):
    """The indices that run-length data give, the file's first row first; None where they end early.

    Written after the rules that bmp_rle.h states, over a whole list of indices.
    """
    out, x, at = [], 0, offset
    total = width * height
    while len(out) < total:
        if at + 2 > len(data):
            break
        count, value = data[at], data[at + 1]
        at += 2
        if count:
            count = max(0, min(count, width - x))
            pair = (value >> 4, value & 15) if four else (value, value)
            out += [pair[i % 2] for i in range(count)]
            x += count
        elif value == 0:
            out += [0] * (-len(out) % width)
            x = 0
        elif value == 1:
            break
        elif value == 2:
            if at + 2 > len(data):
                break
            out += [0] * min(total - len(out), data[at] + data[at + 1] * width)
            at += 2
            x = len(out) % width
        else:
            count = min(total - len(out), value)
            size = (count + 1) // 2 if four else count
            read = data[at : at + size]
            at += size
            if four:
                read = [half for byte in read for half in (byte >> 4, byte & 15)][:count]
            out += read
            if len(read) < count:
                break
            x += value
            at += at % 2
    return np.array(out[:total]).reshape(height, width) if len(out) >= total else None


def random_runs(rng, four):
    """Codes of every kind, sound and not."""
    data = bytearray()
    for _ in range(rng.randint(1, 60)):
        kind = rng.random()
        if kind < 0.5:
            data += bytes([rng.randint(1, 24), rng.randrange(256)])
        elif kind < 0.62:
            data += b"\0\0"
        elif kind < 0.72:
            data += bytes([0, 2, rng.randint(0, 9), rng.randint(0, 1)])
        elif kind < 0.98:
            count = rng.randint(3, 20)
            size = (count + 1) // 2 if four else count
            data += bytes([0, count]) + rng.randbytes(size + size % 2)
        else:
            data += b"\0\1"
    return bytes(data)


class PictureFileTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.rng = np.random.default_rng(3)

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def read(self, files, *flags):
        """{name: answer} of {name: bytes}."""
        paths = [self.write(name, data) for name, data in files.items()]
        return dict(zip(files, decode(paths, "--raw", *flags)))

    def assert_pixels(self, files, expected, *flags):
        for name, answer in self.read(files, *flags).items():
            with self.subTest(name):
                self.assertTrue(answer["ok"], answer)
                np.testing.assert_array_equal(pixels(answer), expected[name])


class BmpTest(PictureFileTest):
    def test_every_depth_and_header_equals_pillow(self):
        files, expected = {}, {}
        for header in (12, 40, 52, 56, 64, 108, 124):
            for bits in BITS:
                for width, height in ((1, 1), (7, 5), (17, -3), (33, 8)):
                    if header == 12 and height < 0:
                        continue
                    colors = self.rng.integers(0, 256, (1 << bits if bits <= 8 else 0, 3))
                    palette = entries(colors.astype(np.uint8).tolist(), 3 if header == 12 else 4)
                    stride = (width * bits + 31) // 32 * 4
                    data = self.rng.bytes(stride * abs(height))
                    name = f"{header}-{bits}-{width}x{height}.bmp"
                    files[name] = bmp(width, height, bits, data, header, palette=palette)
                    # Pillow before 10 has no headers of 52 and 56 bytes.
                    known = header if header not in (52, 56) else 40
                    same = bmp(width, height, bits, data, known, palette=palette)
                    with Image.open(io.BytesIO(same)) as image:
                        expected[name] = np.array(image.convert("RGB"))
        self.assertGreater(len(files), 100)
        self.assert_pixels(files, expected)

    def test_bit_fields_give_the_bytes_that_their_masks_name(self):
        files, expected = {}, {}
        data = self.rng.integers(0, 256, (5, 7, 4)).astype(np.uint8)
        for number, (masks, order) in enumerate(MASKS_32.items()):
            for header in (40, 56, 124):
                if header == 40 and masks[3] != 0:
                    continue
                used = masks[:3] if header == 40 else masks
                name = f"{number}-{header}.bmp"
                files[name] = bmp(7, -5, 32, data.tobytes(), header, 3, masks=used)
                alpha = len(order) == 4
                pixel = data[..., list(order)].astype(int)
                if alpha:  # over white, as Pillow composes
                    t = pixel[..., :3] * pixel[..., 3:] + 255 * (255 - pixel[..., 3:])
                    pixel = (t + 128 + ((t + 128) >> 8)) >> 8
                expected[name] = pixel.astype(np.uint8)
        self.assert_pixels(files, expected, "--alpha", "ffffff")

    def test_masks_that_pillow_does_not_read_are_unsupported(self):
        masks = (0xFF0000, 0xFF00, 0xFF00, 0)
        answer = self.read({"a.bmp": bmp(2, 2, 32, bytes(16), 40, 3, masks=masks)})["a.bmp"]
        self.assertEqual(answer["code"], "unsupported", answer)

    def test_an_index_past_the_palette_is_black(self):
        colors = self.rng.integers(1, 256, (256, 3)).astype(np.uint8)
        files, expected = {}, {}
        for bits, size in ((4, 5), (8, 30)):
            indices = self.rng.integers(0, 1 << bits, (9, 16))
            known = np.zeros((256, 3), np.uint8)
            known[:size] = colors[:size]
            name = f"{bits}.bmp"
            palette = entries(known[:size].tolist())
            data = packed(indices, bits)
            files[name] = bmp(16, 9, bits, data, colors=size, palette=palette)
            expected[name] = known[indices]
        self.assert_pixels(files, expected)

    def test_run_length_data_give_the_indices_of_their_rules(self):
        rng = random.Random(9)
        colors = self.rng.integers(0, 256, (256, 3)).astype(np.uint8)
        files, expected = {}, {}
        for number in range(600):
            four = number % 2 == 1
            width, height = rng.randint(1, 23), rng.randint(1, 6)
            data = random_runs(rng, four)
            size = 16 if four else 256
            down = rng.random() < 0.3
            file = bmp(width, -height if down else height, 4 if four else 8, data,
                       compression=2 if four else 1, palette=entries(colors[:size].tolist()))  # fmt: skip
            indices = runs_of(file, len(file) - len(data), width, height, four)
            files[f"{number}.bmp"] = file
            if indices is not None:
                expected[f"{number}.bmp"] = colors[indices if down else indices[::-1]]
        self.assertGreater(len(expected), 200)
        self.assertGreater(len(files) - len(expected), 50)
        for name, answer in self.read(files).items():
            with self.subTest(name):
                self.assertEqual(answer["ok"], name in expected, answer)
                if answer["ok"]:
                    np.testing.assert_array_equal(pixels(answer), expected[name])
                else:
                    self.assertEqual(answer["code"], "corrupt")

    def test_runs_over_many_blocks_of_rows_come_in_order(self):
        width, height = 1000, 700
        data = b"".join(
            bytes([250, y * 7 % 256]) * 4 + b"\0\0" for y in range(height)
        )
        colors = self.rng.integers(0, 256, (256, 3)).astype(np.uint8)
        file = bmp(width, height, 8, data, compression=1, palette=entries(colors.tolist()))
        rows = (np.arange(height)[::-1] * 7) % 256
        expected = np.repeat(colors[rows][:, None], width, 1)
        self.assert_pixels({"big.bmp": file}, {"big.bmp": expected})

    def test_a_large_picture_of_a_few_codes_is_damage(self):
        file = bmp(13370, 13370, 8, b"\0\1", compression=1, palette=bytes(range(256)) * 4)
        self.assertEqual(self.read({"a.bmp": file})["a.bmp"]["code"], "corrupt")

    def test_a_cut_bmp_is_refused_or_has_lost_nothing(self):
        for bits in BITS:
            stride = (17 * bits + 31) // 32 * 4
            colors = self.rng.integers(0, 256, (1 << bits if bits <= 8 else 0, 3))
            whole = bmp(17, 5, bits, self.rng.bytes(stride * 5),
                        palette=entries(colors.astype(np.uint8).tolist()))  # fmt: skip
            places = {*range(16, 70), *range(70, len(whole), max(1, len(whole) // 40))}
            cuts = {f"{n}.bmp": whole[:n] for n in sorted(places) if n < len(whole)}
            for name, answer in self.read(cuts).items():
                with self.subTest(bits=bits, cut=name):
                    self.assertEqual(answer.get("code"), "corrupt", answer)


class PnmTest(PictureFileTest):
    def test_binary_files_of_every_kind_equal_pillow(self):
        files, expected = {}, {}
        for kind, samples in (("P5", 1), ("P6", 3)):
            for maxval in (1, 15, 200, 255, 256, 1000, 4095, 65535):
                for width, height in ((1, 1), (7, 5), (33, 3)):
                    values = self.rng.integers(0, maxval + 1, (height, width, samples))
                    dtype = ">u1" if maxval < 256 else ">u2"
                    name = f"{kind}-{maxval}-{width}.pnm"
                    head = f"{kind}\n# c\n{width} {height}\n{maxval}\n".encode()
                    files[name] = head + values.astype(dtype).tobytes()
                    wide = samples == 1 and maxval > 255
                    scaled = np.rint(values / maxval * (65535 if wide else 255)).astype(int)
                    scaled = scaled >> 8 if wide else scaled
                    expected[name] = np.repeat(scaled, 3 // samples, 2).astype(np.uint8)
                    if not wide:
                        with Image.open(io.BytesIO(files[name])) as image:
                            np.testing.assert_array_equal(
                                np.array(image.convert("RGB")), expected[name]
                            )
        for width in (1, 8, 9, 17):
            bits = self.rng.integers(0, 2, (4, width))
            rows = b"".join(np.packbits(row.astype(np.uint8)).tobytes() for row in bits)
            files[f"P4-{width}.pnm"] = f"P4 {width} 4\n".encode() + rows
            expected[f"P4-{width}.pnm"] = np.repeat((1 - bits)[..., None] * 255, 3, 2)
        self.assert_pixels(files, expected)

    def test_comments_among_plain_samples_join_what_they_part(self):
        files = {"a.pnm": b"P2\n2 2\n255\n1#c\n2 3\n#x\n 4 5", "b.pnm": b"P1\n3 2\n1 #\n01\n0\n11"}
        expected = {}
        for name, data in files.items():
            with Image.open(io.BytesIO(data)) as image:
                expected[name] = np.array(image.convert("RGB"))
        self.assert_pixels(files, expected)

    def test_a_pam_has_the_channels_of_its_depth(self):
        files, expected = {}, {}
        for depth in (1, 2, 3, 4):
            for maxval in (255, 65535):
                values = self.rng.integers(0, maxval + 1, (5, 7, depth))
                head = f"P7\nWIDTH 7\nHEIGHT 5\n# c\nDEPTH {depth}\nMAXVAL {maxval}\n"
                head += "TUPLTYPE ANY THING\nENDHDR\n"
                name = f"{depth}-{maxval}.pam"
                dtype = ">u1" if maxval < 256 else ">u2"
                files[name] = head.encode() + values.astype(dtype).tobytes()
                colors = values[..., : 3 if depth > 2 else 1]
                if maxval > 255 and depth <= 2:
                    colors = colors >> 8
                elif maxval > 255:
                    colors = np.rint(colors / 65535 * 255).astype(int)
                expected[name] = np.repeat(colors, 3 // colors.shape[2], 2).astype(np.uint8)
        self.assert_pixels(files, expected)

    def test_a_pfm_gives_its_floats_as_bands_top_row_first(self):
        for kind, bands in (("Pf", 1), ("PF", 3)):
            for scale, order in (("-1.0", "<"), ("1.0", ">")):
                values = self.rng.normal(0, 1e3, (4, 6, bands)).astype(np.float32)
                head = f"{kind}\n6 4\n{scale}\n".encode()
                data = head + values[::-1].astype(order + "f4").tobytes()
                answer = self.read({"a.pfm": data}, "--channels", "native")["a.pfm"]
                self.assertTrue(answer["ok"], answer)
                np.testing.assert_array_equal(pixels(answer), values)
                refused = self.read({"a.pfm": data})["a.pfm"]
                self.assertEqual(refused["code"], "unsupported")

    def test_a_cut_file_is_corrupt(self):
        for head in (b"P5\n3 4\n255\n", b"P6\n2 2\n255\n", b"P5 3 2 65535\n", b"P4 90 1\n"):
            whole = head + bytes(12)
            for n in range(3, len(whole)):
                answer = self.read({"a.pnm": whole[:n]})["a.pnm"]
                self.assertEqual(answer.get("code"), "corrupt", (head, n))


if __name__ == "__main__":
    unittest.main()
