"""Odd, rare and damaged pictures: the decoder's pixels are Pillow's, or the file is refused."""

import io
import os
import struct
import tempfile
import unittest
import warnings
import zlib

import numpy as np
from PIL import Image, ImageOps

import decode_files
from decode_files import decode, pillow, pixels

warnings.simplefilter("ignore")

FLOOD = 1_000_000


def scene(width, height, channels=3, seed=7):
    """Smooth colours with some noise, so that every codec has something to do."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        127 + 100 * np.sin(x / (7 + 3 * c) + c) * np.cos(y / (9 + 2 * c)) for c in range(channels)
    ]
    noisy = np.stack(planes, -1) + rng.normal(0, 6, (height, width, channels))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def picture(mode, width=61, height=47):
    """A Pillow picture of a mode, with every alpha value and every index in it."""
    rgb = Image.fromarray(scene(width, height))
    if mode in ("RGBA", "LA"):
        alpha = Image.fromarray(scene(width, height, 1, 9)[..., 0])
        out = rgb.convert("RGB" if mode == "RGBA" else "L")
        out.putalpha(alpha)
        return out
    if mode == "P":
        return rgb.quantize(200)
    return rgb.convert(mode)


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color, rows, before=b"", after=b"", interlace=0):
    """A PNG of raw rows (without their filter bytes), with chunks before and after its pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + before
        + png_chunk(b"IDAT", data)
        + after
        + png_chunk(b"IEND", b"")
    )


def bmp(width, height, bits, data, compression=0, colors=0, palette=b"", masks=b"", header=40):
    fields = struct.pack(
        "<IiiHHIIiiII", header, width, height, 1, bits, compression, len(data), 0, 0, colors, 0
    )
    if header > 40:
        tail = masks + bytes(header - 40 - len(masks)) + palette
    else:
        tail = masks + palette
    offset = 14 + 40 + len(tail)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + fields + tail + data


def tiff(entries, data, order="<"):
    """A TIFF of one strip: entries are (tag, type, values); the strip's tags are added."""
    sizes = {1: ("B", 1), 3: ("H", 2), 4: ("I", 4)}
    entries = sorted(entries + [(273, 4, [8]), (279, 4, [len(data)])])
    directory = 8 + len(data) + len(data) % 2
    extra_at = directory + 2 + 12 * len(entries) + 4
    body, extra = b"", b""
    for tag, kind, values in entries:
        code, size = sizes[kind]
        packed = struct.pack(order + code * len(values), *values)
        if len(packed) > 4:
            body += struct.pack(order + "HHII", tag, kind, len(values), extra_at + len(extra))
            extra += packed
        else:
            body += struct.pack(order + "HHI", tag, kind, len(values)) + packed.ljust(4, b"\0")
    magic = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, directory)
    return (
        magic + data.ljust(directory - 8, b"\0") + struct.pack(order + "H", len(entries)) + body
        + struct.pack(order + "I", 0) + extra
    )


def tiff_of(array, photometric, bits=None, order="<", extra=(), planar=1, more=()):
    height, width, samples = array.shape
    dtype = array.dtype.newbyteorder(order)
    if planar == 2:
        data = b"".join(array[..., c].astype(dtype).tobytes() for c in range(samples))
    else:
        data = array.astype(dtype).tobytes()
    entries = [
        (256, 3, [width]), (257, 3, [height]), (258, 3, [bits or array.itemsize * 8] * samples),
        (259, 3, [1]), (262, 3, [photometric]), (277, 3, [samples]), (278, 3, [height]),
        (284, 3, [planar]), *more,
    ]  # fmt: skip
    if extra:
        entries.append((338, 3, list(extra)))
    built = tiff(entries, data, order)
    if planar == 1:
        return built
    size = len(data) // samples  # one strip a plane, one behind the other
    return planar_strips(built, order, [8 + i * size for i in range(samples)], size)


def planar_strips(built, order, offsets, size):
    """Rewrites a TIFF's strip tags to several strips of one size."""
    directory = struct.unpack_from(order + "I", built, 4)[0]
    count = struct.unpack_from(order + "H", built, directory)[0]
    out = bytearray(built)
    for i in range(count):
        at = directory + 2 + 12 * i
        tag = struct.unpack_from(order + "H", built, at)[0]
        if tag in (273, 279):
            values = offsets if tag == 273 else [size] * len(offsets)
            place = len(out)
            out += struct.pack(order + "I" * len(values), *values)
            struct.pack_into(order + "HHII", out, at, tag, 4, len(values), place)
    return bytes(out)


def animated_webp(still, width, height, x=0, y=0):
    """An animation of one lossless frame at (x, y) on a canvas."""
    chunk = lambda kind, data: kind + struct.pack("<I", len(data)) + data + bytes(len(data) & 1)
    u24 = lambda value: struct.pack("<I", value)[:3]
    bits = struct.unpack_from("<I", still, 21)[0]  # behind VP8L, its length and signature
    size = u24(bits & 0x3FFF) + u24(bits >> 14 & 0x3FFF)
    body = (
        b"WEBP"
        + chunk(b"VP8X", bytes([0x02, 0, 0, 0]) + u24(width - 1) + u24(height - 1))
        + chunk(b"ANIM", bytes(6))
        + chunk(b"ANMF", u24(x // 2) + u24(y // 2) + size + u24(40) + bytes(1) + still[12:])
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_of_scans(side, count):
    """A valid progressive grey JPEG: a DC scan and any number of AC scans that change nothing."""
    blocks = (side // 8) ** 2

    def segment(marker, body):
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    def packed(bits):
        bits += "1" * (-len(bits) % 8)
        return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)).replace(
            b"\xff", b"\xff\0"
        )

    # Codes "0": ends of band over 2^14 to 2^15 - 1 blocks each.
    pieces = -(-blocks // 32767)
    sizes = [blocks * (i + 1) // pieces - blocks * i // pieces for i in range(pieces)]
    runs = "".join("0" + format(size - 16384, "014b") for size in sizes)
    scan = lambda first, last: segment(0xDA, bytes([1, 1, 0, first, last, 0]))
    return (
        b"\xff\xd8" + segment(0xDB, b"\0" + b"\1" * 64)
        + segment(0xC2, struct.pack(">BHHBBBB", 8, side, side, 1, 1, 0x11, 0))
        + segment(0xC4, b"\0" + b"\1" + bytes(15) + b"\0")
        + segment(0xC4, b"\x10" + b"\1" + bytes(15) + b"\xe0")
        + scan(0, 0) + packed("0" * blocks) + (scan(1, 63) + packed(runs)) * count + b"\xff\xd9"
    )  # fmt: skip


def with_exif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


class DecodeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name, data=None):
        path = os.path.join(self.folder.name, name)
        if data is not None:
            with open(path, "wb") as file:
                file.write(data)
        return path

    def saved(self, name, image, **options):
        path = self.path(name)
        image.save(path, **options)
        return path

    def assert_equal_to_pillow(self, paths, mode="RGB", flags=()):
        channels = {"RGB": "rgb", "L": "gray"}[mode]
        answers = decode(paths, "--raw", "--channels", channels, *flags)
        for path, answer in zip(paths, answers):
            with self.subTest(os.path.basename(path), mode=mode):
                self.assertTrue(answer["ok"], answer)
                np.testing.assert_array_equal(pixels(answer), pillow(path, mode))

    def assert_both(self, paths):
        self.assert_equal_to_pillow(paths, "RGB")
        self.assert_equal_to_pillow(paths, "L")

    def assert_refused(self, data, code, *words, name="file", flags=()):
        [answer] = decode([self.path(name, data)], *flags)
        self.assertFalse(answer["ok"], answer)
        self.assertEqual(answer["code"], code, answer)
        for word in words:
            self.assertIn(word, answer["message"])
        return answer


class PixelsTest(DecodeTest):
    """Clean files of every kind."""

    def test_every_kind_of_jpeg_equals_pillow(self):
        rgb, gray = picture("RGB"), picture("L")
        paths = [
            self.saved(f"{s}{q}{p}.jpg", rgb, subsampling=s, quality=q, progressive=p)
            for s in (0, 1, 2) for q in (30, 95) for p in (False, True)
        ]  # fmt: skip
        paths.append(self.saved("gray.jpg", gray))
        paths.append(self.saved("gray-progressive.jpg", gray, progressive=True))
        paths.append(self.saved("cmyk.jpg", picture("CMYK")))
        paths.append(self.saved("tiny.jpg", rgb.resize((1, 1))))
        for width, height in ((1, 40), (40, 1), (17, 9), (16, 16)):
            paths.append(self.saved(f"{width}x{height}.jpg", rgb.resize((width, height))))
        self.assert_both(paths)
        self.assert_equal_to_pillow(paths, flags=["--turbo"])

    def test_every_kind_of_png_equals_pillow(self):
        paths = [self.saved(f"{m}.png", picture(m)) for m in ("RGB", "RGBA", "L", "LA", "P", "1")]
        palette = picture("P")
        paths.append(self.saved("transparent.png", palette, transparency=3))
        paths.append(self.saved("alphas.png", palette, transparency=bytes(range(200))))
        paths.append(self.saved("key.png", picture("RGB"), transparency=(1, 2, 3)))
        for bits in (1, 2, 4):
            few = picture("RGB").quantize(1 << bits)
            paths.append(self.saved(f"P{bits}.png", few, bits=bits))
        self.assert_both(paths)

    def test_low_depths_16_bits_and_interlacing_equal_pillow(self):
        rng = np.random.default_rng(1)
        paths = []
        for depth in (1, 2, 4):
            rows = [rng.bytes((13 * depth + 7) // 8) for _ in range(9)]
            paths.append(self.path(f"g{depth}.png", png(13, 9, depth, 0, rows)))
        for color, channels in ((2, 3), (6, 4), (4, 2)):
            rows = [rng.bytes(13 * channels * 2) for _ in range(9)]
            paths.append(self.path(f"w{color}.png", png(13, 9, 16, color, rows)))
        self.assert_both(paths)
        # One pixel is one pass of interlacing.
        one = self.path("i.png", png(1, 1, 8, 2, [b"\1\2\3"], interlace=1))
        self.assert_both([one])

    def test_sixteen_bit_grey_keeps_its_high_byte_and_says_so(self):
        samples = np.arange(0, 65536, 37, dtype=np.uint16)[:1700].reshape(34, 50)
        files = [
            self.path("g.png", png(50, 34, 16, 0, [row.astype(">u2").tobytes() for row in samples])),
            self.path("g.tif", tiff_of(samples[..., None], 1)),
            self.path("g.pgm", b"P5\n50 34\n65535\n" + samples.astype(">u2").tobytes()),
        ]
        for answer in decode(files, "--raw", "--channels", "gray"):
            np.testing.assert_array_equal(pixels(answer)[..., 0], samples >> 8)
            self.assertTrue(any("16-bit" in note for note in answer["notes"]), answer["notes"])
        for answer in decode(files, "--raw", "--channels", "gray", "--depth", "16"):
            self.assertEqual(answer["type"], "u16")
            np.testing.assert_array_equal(pixels(answer)[..., 0], samples)
            self.assertEqual(answer["notes"], [])

    def test_depth_16_keeps_colour_samples_and_leaves_8_bit_pictures_alone(self):
        rng = np.random.default_rng(3)
        wide = rng.integers(0, 65536, (9, 13, 3)).astype(np.uint16)
        rows = [row.astype(">u2").tobytes() for row in wide]
        files = [
            self.path("w.png", png(13, 9, 16, 2, rows)),
            self.path("w.tif", tiff_of(wide, 2)),
            self.path("m.tif", tiff_of(wide, 2, order=">")),
            self.path("p.tif", tiff_of(wide, 2, planar=2)),
        ]
        for answer in decode(files, "--raw", "--depth", "16"):
            np.testing.assert_array_equal(pixels(answer), wide)
        [plain] = decode([self.saved("8.png", picture("RGB"))], "--depth", "16")
        self.assertEqual(plain["type"], "u8")

    def test_every_kind_of_webp_equals_pillow(self):
        paths = [
            self.saved("lossy.webp", picture("RGB")),
            self.saved("lossless.webp", picture("RGB"), lossless=True),
            self.saved("alpha.webp", picture("RGBA")),
            self.saved("alpha-lossless.webp", picture("RGBA"), lossless=True, exact=True),
        ]
        self.assert_both(paths)

    def test_every_kind_of_bmp_equals_pillow(self):
        rng = np.random.default_rng(2)
        paths = [self.saved(f"{m}.bmp", picture(m)) for m in ("RGB", "RGBA", "L", "P", "1")]
        palette = rng.bytes(1024)
        eight = rng.integers(0, 256, (9, 16)).astype(np.uint8).tobytes()
        four = rng.bytes(9 * 8)
        masks = lambda *m: struct.pack(f"<{len(m)}I", *m)
        cases = {
            "palette": bmp(16, 9, 8, eight, palette=palette),
            "down": bmp(16, -9, 8, eight, palette=palette),
            "four": bmp(16, 9, 4, four, palette=palette[:64]),
            "one": bmp(16, 9, 1, rng.bytes(36), palette=palette[:8]),
            "555": bmp(15, 9, 16, rng.bytes(9 * 32)),
            "565": bmp(15, 9, 16, rng.bytes(9 * 32), 3, masks=masks(0xF800, 0x7E0, 0x1F)),
            "24": bmp(15, 9, 24, rng.bytes(9 * 48)),
            "32": bmp(15, 9, 32, rng.bytes(9 * 60)),
            "bgrx": bmp(15, 9, 32, rng.bytes(9 * 60), 3, masks=masks(0xFF0000, 0xFF00, 0xFF)),
            "bgra": bmp(15, 9, 32, rng.bytes(9 * 60), 3, header=124,
                        masks=masks(0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
            "rgba": bmp(15, 9, 32, rng.bytes(9 * 60), 3, header=124,
                        masks=masks(0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
            "os2": b"BM" + struct.pack("<IHHIIHHHH", 0, 0, 0, 794, 12, 16, 9, 1, 8)
                   + palette[:768] + eight,
            "rle8": bmp(16, 2, 8, b"\x10\x07\0\0\0\5\1\2\3\4\5\0\x0b\6\0\1", 1, palette=palette),
            "rle4": bmp(8, 2, 4, b"\x08\x12\0\0\0\4\x12\x34\4\x56\0\1", 2, palette=palette[:64]),
        }  # fmt: skip
        paths += [self.path(f"{name}.bmp", data) for name, data in cases.items()]
        self.assert_both(paths)

    def test_every_kind_of_pnm_equals_pillow(self):
        cases = {
            "p1": b"P1\n3 2\n1 0 1\n0 1 0\n", "tight": b"P1 3 2\n101010\n",
            "p2": b"P2\n#c\n3 2\n255\n1 2 3\n4 5 255\n", "p2-200": b"P2\n3 2\n200\n1 2 3\n4 5 200\n",
            "p3": b"P3\n1 2\n255\n1 2 3\n4 5 6\n", "p3-15": b"P3\n1 2\n15\n1 2 3\n4 5 15\n",
            "p3-1000": b"P3\n1 2\n1000\n1 2 3\n4 500 1000\n", "p4": b"P4\n9 2\n\xaa\x80\x55\x00",
            "p5": b"P5\n3 2\n255\n\1\2\3\4\5\xff", "p5-15": b"P5\n3 2\n15\n\1\2\3\4\5\x0f",
            "p5-over": b"P5\n3 2\n15\n\1\2\3\4\5\xff", "p6": b"P6 #a\n1 2\n255\n\1\2\3\4\5\xff",
            "p6-15": b"P6\n1 2\n15\n\1\2\3\4\5\x0f", "p6-1000": b"P6\n1 1\n1000\n\1\xff\3\4\3\xe8",
            "p6-65535": b"P6\n1 1\n65535\n\1\xff\3\4\xff\xff",
        }  # fmt: skip
        self.assert_both([self.path(f"{name}.pnm", data) for name, data in cases.items()])

    def test_a_tag_behind_one_that_is_cut_off_is_not_seen_as_in_pillow(self):
        samples = np.random.default_rng(4).integers(0, 256, (9, 12, 4)).astype(np.uint8)
        resolution = (282, 4, [1, 2, 3])  # beyond the end, once it is cut
        whole = tiff_of(samples, 2, extra=[1], more=[resolution])
        paths = [self.path("whole.tif", whole)]
        entry = whole.index(struct.pack("<HHI", 282, 4, 3))
        cut = bytearray(whole)
        struct.pack_into("<I", cut, entry + 8, len(whole))
        paths.append(self.path("cut.tif", bytes(cut)))
        self.assert_both(paths)

    def test_every_kind_of_tiff_equals_pillow(self):
        paths = []
        for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "CMYK"):
            for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits"):
                name = f"{mode}-{compression}.tif"
                paths.append(self.saved(name, picture(mode), compression=compression))
        paths.append(self.saved("jpeg.tif", picture("RGB"), compression="jpeg"))
        paths.append(self.saved("g4.tif", picture("1"), compression="group4"))
        rng = np.random.default_rng(5)
        bytes4 = rng.integers(0, 256, (9, 13, 4)).astype(np.uint8)
        words4 = rng.integers(0, 65536, (9, 13, 4)).astype(np.uint16)
        bytes6 = rng.integers(0, 256, (9, 13, 6)).astype(np.uint8)
        cases = {
            "white-is-zero": tiff_of(bytes4[..., :1], 0),
            "straight": tiff_of(bytes4, 2, extra=[2]),
            "unspecified": tiff_of(bytes4, 2, extra=[0]),
            "missing": tiff_of(bytes4, 2),
            "premultiplied": tiff_of(bytes4, 2, extra=[1]),
            "corel": tiff_of(bytes4, 2, extra=[999]),
            "six": tiff_of(bytes6, 2, extra=[2, 0, 0]),
            "planar": tiff_of(bytes4[..., :3], 2, planar=2),
            "words": tiff_of(words4[..., :3], 2),
            "words-big": tiff_of(words4[..., :3], 2, order=">"),
            "words-alpha": tiff_of(words4, 2, extra=[2]),
            "words-premultiplied": tiff_of(words4, 2, extra=[1]),
            "inks": tiff_of(bytes4, 5),
            "wide-inks": tiff_of(words4, 5),
        }
        for bits in (1, 2, 4):
            packed = rng.integers(0, 256, (9, 13 * bits // 8 + 1, 1)).astype(np.uint8)
            for photometric in (0, 1):
                data = tiff_of(packed, photometric, bits=bits)
                at = struct.unpack_from("<I", data, 4)[0] + 2
                patched = bytearray(data)
                struct.pack_into("<H", patched, at + 8, 13)
                cases[f"g{bits}-{photometric}"] = bytes(patched)
        paths += [self.path(f"{name}.tif", data) for name, data in cases.items()]
        self.assert_both(paths)


class ExifTest(DecodeTest):
    """Orientation is reported always and applied when asked for."""

    def files(self):
        image = picture("RGB", 37, 21)
        for orientation in range(1, 9):
            exif = with_exif(orientation)
            for name in ("jpg", "png", "webp"):
                yield orientation, self.saved(f"{orientation}.{name}", image, exif=exif)

    def test_all_eight_orientations_equal_exif_transpose(self):
        files = list(self.files())
        answers = decode([path for _, path in files], "--exif", "--raw")
        for (orientation, path), answer in zip(files, answers):
            with self.subTest(os.path.basename(path)):
                self.assertEqual(answer["orientation"], orientation)
                self.assertEqual(answer["probe"]["size"], [37, 21])
                with Image.open(path) as image:
                    upright = np.array(ImageOps.exif_transpose(image).convert("RGB"))
                np.testing.assert_array_equal(pixels(answer), upright)

    def test_orientation_is_ignored_unless_asked_for(self):
        files = list(self.files())
        answers = decode([path for _, path in files], "--raw")
        for (orientation, path), answer in zip(files, answers):
            self.assertEqual(answer["orientation"], orientation)
            np.testing.assert_array_equal(pixels(answer), pillow(path))

    def test_a_tiff_is_always_upright_as_in_pillow(self):
        rng = np.random.default_rng(4)
        array = rng.integers(0, 256, (9, 13, 3)).astype(np.uint8)
        paths = [
            self.path(f"{o}.tif", tiff_of(array, 2, more=[(274, 3, [o])])) for o in range(1, 9)
        ]
        self.assert_equal_to_pillow(paths)
        for plain, applied in zip(decode(paths, "--raw"), decode(paths, "--raw", "--exif")):
            self.assertEqual(plain["raw"], applied["raw"])

    def test_a_window_of_a_turned_picture_is_that_part_of_it(self):
        for orientation, path in self.files():
            [whole] = decode([path], "--exif", "--raw")
            [part] = decode([path], "--exif", "--raw", "--window", "3", "5", "11", "7")
            np.testing.assert_array_equal(pixels(part), pixels(whole)[5:12, 3:14])

    def test_only_the_first_exif_block_of_a_jpeg_counts(self):
        first, second = (with_exif(o).tobytes() for o in (6, 3))
        app1 = lambda body: b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        with open(self.saved("plain.jpg", picture("RGB")), "rb") as file:
            data = file.read()
        path = self.path("two.jpg", data[:2] + app1(b"http://x\0") + app1(first) + app1(second)
                         + data[2:])  # fmt: skip
        [answer] = decode([path])
        self.assertEqual(answer["orientation"], 6)

    def test_nonsense_in_exif_leaves_the_picture_alone(self):
        for block in (b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0XX*\0\x08\0\0\0",
                      with_exif(9).tobytes(), with_exif(0).tobytes()):  # fmt: skip
            path = self.saved("x.jpg", picture("RGB"), exif=block)
            [answer] = decode([path], "--exif", "--raw")
            self.assertEqual(answer["orientation"], 1)
            np.testing.assert_array_equal(pixels(answer), pillow(path))


class AlphaTest(DecodeTest):
    def files(self):
        palette = picture("P")
        return [
            self.saved("rgba.png", picture("RGBA")),
            self.saved("la.png", picture("LA")),
            self.saved("palette.png", palette, transparency=bytes(range(200))),
            self.saved("one.png", palette, transparency=3),
            self.saved("rgba.webp", picture("RGBA"), lossless=True, exact=True),
            self.saved("rgba.tif", picture("RGBA")),
        ]

    def test_compositing_equals_alpha_composite_and_paste(self):
        for color in ((255, 255, 255), (0, 0, 0), (12, 200, 77)):
            files = self.files()
            answers = decode(files, "--raw", "--alpha", "%02x%02x%02x" % color)
            for path, answer in zip(files, answers):
                with Image.open(path) as image:
                    rgba = image.convert("RGBA")
                base = Image.new("RGBA", rgba.size, color + (255,))
                expected = np.array(Image.alpha_composite(base, rgba).convert("RGB"))
                pasted = Image.new("RGB", rgba.size, color)
                pasted.paste(rgba, mask=rgba.getchannel("A"))
                np.testing.assert_array_equal(expected, np.array(pasted))
                with self.subTest(os.path.basename(path), color=color):
                    np.testing.assert_array_equal(pixels(answer), expected)

    def test_masking_keeps_alpha_as_the_last_channel(self):
        files = self.files()
        for path, answer in zip(files, decode(files, "--raw", "--alpha", "mask")):
            np.testing.assert_array_equal(pixels(answer), pillow(path, "RGBA"), path)
        [opaque] = decode([self.saved("opaque.png", picture("RGB"))], "--alpha", "mask")
        self.assertEqual(opaque["channels"], 3)


class NativeTest(DecodeTest):
    """What statistics read: the file's own bands."""

    def test_bands_of_a_tiff_arrive_as_they_are(self):
        rng = np.random.default_rng(6)
        for dtype in (np.uint8, np.uint16):
            for planar in (1, 2):
                bands = rng.integers(0, np.iinfo(dtype).max, (9, 13, 7)).astype(dtype)
                path = self.path("b.tif", tiff_of(bands, 1, planar=planar, extra=[0] * 6))
                [answer] = decode([path], "--raw", "--channels", "native", "--depth", "16")
                np.testing.assert_array_equal(pixels(answer), bands)

    def test_floats_and_signed_samples_arrive_as_floats(self):
        floats = np.random.default_rng(8).normal(0, 1e6, (9, 13, 2)).astype(np.float32)
        signed = np.random.default_rng(8).integers(-32768, 32767, (9, 13, 2)).astype(np.int16)
        for array, kind in ((floats, 3), (signed, 2)):
            data = tiff_of(array, 1, extra=[0], more=[(339, 3, [kind] * 2)])
            [answer] = decode([self.path("f.tif", data)], "--raw", "--channels", "native")
            self.assertEqual(answer["type"], "f32")
            np.testing.assert_array_equal(pixels(answer), array.astype(np.float32))
            self.assert_refused(data, "unsupported", "`channels` native")

    def test_grey_pictures_stay_one_channel(self):
        files = [self.saved("g.jpg", picture("L")), self.saved("g.png", picture("L")),
                 self.saved("g.bmp", picture("L")), self.saved("g.tif", picture("L"))]  # fmt: skip
        for answer in decode(files, "--channels", "native"):
            self.assertEqual(answer["channels"], 1)


class DamageTest(DecodeTest):
    """Nothing damaged passes in silence, and nothing takes long."""

    def encoded(self, name, **options):
        image = options.pop("image", picture("RGB", 160, 120))
        with open(self.saved(name, image, **options), "rb") as file:
            return file.read()

    def test_files_that_are_no_pictures_say_what_they_are(self):
        self.assert_refused(b"", "corrupt", "empty")
        self.assert_refused(b"hello, world\n", "unsupported", "text")
        self.assert_refused(b"GIF89a" + bytes(40), "corrupt", "ends before")
        self.assert_refused(b"\0\0\0\x20ftypavif" + bytes(40), "corrupt", "ends before")
        self.assert_refused(b"\0\0\0\x20ftypheic" + bytes(40), "corrupt", "ends before")
        self.assert_refused(b"8BPS" + bytes(40), "unsupported", "Photoshop")
        self.assert_refused(b"P7\nWIDTH 1\n", "corrupt", "header")
        self.assert_refused(b"\0\0\0\x0cjP  \r\n\x87\n", "corrupt", "ends before")
        [answer] = decode([self.path("short.jxl", b"\xff\x0a")])  # whose header is right: zeros follow
        if "there is no module" not in answer["message"]:
            self.assert_refused(b"\xff\x0a", "corrupt", "ends before")
        self.assert_refused(bytes(range(128, 256)), "unsupported", "not an image")

    def test_a_file_cut_anywhere_is_corrupt(self):
        files = {
            "a.jpg": self.encoded("a.jpg"),
            "p.jpg": self.encoded("p.jpg", progressive=True),
            "a.png": self.encoded("a.png"),
            "a.webp": self.encoded("a.webp"),
            "l.webp": self.encoded("l.webp", lossless=True),
            "a.bmp": self.encoded("a.bmp"),
            "a.ppm": self.encoded("a.ppm"),
            "a.tif": self.encoded("a.tif"),
            "lzw.tif": self.encoded("lzw.tif", compression="tiff_lzw"),
        }
        for name, data in files.items():
            for keep in (0.2, 0.5, 0.9):
                with self.subTest(name, keep=keep):
                    self.assert_refused(data[: int(len(data) * keep)], "corrupt")
        self.assert_refused(files["a.jpg"][:-2], "corrupt", name="no-end.jpg")

    def test_garbled_compressed_data_is_corrupt(self):
        for name, options in (("a.png", {}), ("d.tif", {"compression": "tiff_adobe_deflate"})):
            data = self.encoded(name, **options)
            for at in range(400, len(data) - 1200, 900):
                garbled = bytes(byte ^ 0x5A for byte in data[at : at + 30])
                with self.subTest(name, at=at):
                    self.assert_refused(data[:at] + garbled + data[at + 30 :], "corrupt")

    def test_garbled_data_without_checksums_gives_pillows_verdict(self):
        data = self.encoded("lzw.tif", compression="tiff_lzw")
        for at in range(400, len(data) - 1200, 9000):
            garbled = bytes(byte ^ 0x5A for byte in data[at : at + 30])
            path = self.path("g.tif", data[:at] + garbled + data[at + 30 :])
            [answer] = decode([path], "--raw")
            try:
                expected = pillow(path)
            except OSError:
                self.assertFalse(answer["ok"], answer)
            else:
                np.testing.assert_array_equal(pixels(answer), expected)

    def test_a_broken_checksum_is_corrupt_in_any_chunk(self):
        rows = [bytes(12)] * 4
        text = png_chunk(b"tEXt", b"key\0value")
        good = png(4, 4, 8, 2, rows, before=text)
        self.assertTrue(decode([self.path("good.png", good)])[0]["ok"])
        for kind in (b"IHDR", b"tEXt", b"IDAT", b"IEND"):
            at = good.index(kind)
            length = struct.unpack_from(">I", good, at - 4)[0]
            bad = bytearray(good)
            bad[at + 4 + length] ^= 1
            with self.subTest(kind):
                self.assert_refused(bytes(bad), "corrupt")

    def test_a_png_cut_anywhere_in_its_last_chunk_is_corrupt(self):
        good = png(4, 4, 8, 2, [bytes(12)] * 4)
        for cut in range(1, 13):
            with self.subTest(cut):
                self.assert_refused(good[:-cut], "corrupt")

    def test_sizes_over_the_limit_are_refused_from_the_header(self):
        big = 60000
        header = struct.pack(">IIBBBBB", big, big, 8, 2, 0, 0, 0)
        files = {
            "png": b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"x"),
            "ppm": b"P6\n%d %d\n255\n" % (big, big),
            "bmp": bmp(big, big, 24, b""),
            "tif": tiff([(256, 4, [big]), (257, 4, [big]), (258, 3, [8] * 3), (262, 3, [2]),
                         (277, 3, [3]), (278, 4, [1])], bytes(16)),
        }  # fmt: skip
        for name, data in files.items():
            with self.subTest(name):
                self.assert_refused(data, "too large", "`max_pixels`", name=f"big.{name}")
        jpeg = self.encoded("b.jpg", image=Image.new("RGB", (300, 200)))
        self.assert_refused(jpeg, "too large", flags=["--max-pixels", "59999"])
        self.assertTrue(decode([self.path("b.jpg")], "--max-pixels", "60000")[0]["ok"])

    def test_floods_of_markers_chunks_and_scans_take_no_quadratic_work(self):
        # Work that grows with their square would take a quarter of an hour: `decode` waits no
        # such time.
        jpeg = self.encoded("f.jpg")
        text = png_chunk(b"tEXt", b"k\0v")
        files = [
            self.path("app1.jpg", jpeg[:2] + b"\xff\xe1\0\2" * FLOOD + jpeg[2:]),
            self.path("comments.jpg", jpeg[:2] + b"\xff\xfe\0\4hi" * FLOOD + jpeg[2:]),
            self.path("text.png", png(4, 4, 8, 2, [bytes(12)] * 4, before=text * FLOOD)),
            self.path("late.png", png(4, 4, 8, 2, [bytes(12)] * 4, after=text * FLOOD)),
            self.path("scans.jpg", jpeg_of_scans(2048, 20000)),
        ]
        self.assertEqual([answer["ok"] for answer in decode(files)], [True] * 4 + [False])
        [few, many] = decode([self.path("few.jpg", jpeg_of_scans(2048, 90)), files[-1]])
        self.assertTrue(few["ok"], few)
        self.assertIn("scans", many["message"])

    def test_an_animated_webp_gives_its_first_frame_as_pillow_and_a_note(self):
        rng = np.random.default_rng(5)
        for mode in ("RGB", "RGBA"):
            for lossless in (False, True):
                shape = (19, 31, len(mode))
                frames = [
                    Image.fromarray(rng.integers(0, 256, shape).astype(np.uint8), mode)
                    for _ in range(3)
                ]
                path = self.path("a.webp")
                frames[0].save(path, save_all=True, append_images=frames[1:], lossless=lossless)
                [answer] = decode([path], "--raw")
                np.testing.assert_array_equal(pixels(answer), pillow(path))
                self.assertTrue(any("first frame" in note for note in answer["notes"]))

    def test_the_first_frame_of_a_webp_lies_where_it_says_on_an_empty_canvas(self):
        still = io.BytesIO()
        picture("RGB", 12, 10).save(still, "WEBP", lossless=True)
        frame = animated_webp(still.getvalue(), 20, 15, x=6, y=4)
        path = self.path("placed.webp", frame)
        [answer] = decode([path], "--raw")
        np.testing.assert_array_equal(pixels(answer), pillow(path))
        for place in ({"x": 10, "y": 0}, {"x": 0, "y": 6}):  # beyond the canvas
            self.assert_refused(animated_webp(still.getvalue(), 20, 15, **place), "corrupt")
        self.assert_refused(frame[:-9], "corrupt", "ends")
        told_too_small = frame.replace(struct.pack("<I", 11)[:3], struct.pack("<I", 10)[:3], 1)
        self.assert_refused(told_too_small, "corrupt")

    def test_an_animated_png_gives_its_default_image_and_a_note(self):
        frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
        path = self.path("a.png")
        frames[0].save(path, save_all=True, append_images=frames[1:])
        [answer] = decode([path], "--raw")
        np.testing.assert_array_equal(pixels(answer), np.array(frames[0]))
        self.assertTrue(any("animated" in note for note in answer["notes"]))

    def test_a_palette_that_readers_take_differently_is_refused(self):
        gray = b"".join(bytes([i, i, i, 0]) for i in range(16))
        data = bmp(16, 2, 4, bytes(16), palette=gray)
        self.assert_refused(data, "unsupported", "palette")

    def test_a_plain_file_without_spaces_and_runs_that_end_early_are_corrupt(self):
        # decode() fails on any output to stderr.
        self.assert_refused(b"P2\n4 4\n255\n" + b"1" * 40, "corrupt")
        rle = bmp(16, 2, 8, b"\x10\x07\0\0", 1, palette=bytes(1024))
        self.assert_refused(rle, "corrupt")

    def test_plain_samples_beyond_the_largest_value_are_corrupt(self):
        self.assert_refused(b"P2\n2 1\n200\n1 201\n", "corrupt", "200")


if __name__ == "__main__":
    unittest.main()
