"""Damaged, cut and rare TIFFs: the pixels of the whole file, or a refusal in true words."""

import io
import struct
import unittest

import numpy as np

import test_decode
from decode_files import decode, pixels
from imnorm_test import run
from test_decode import picture, tiff, tiff_of


def laid_out(entries, blobs, first=False, order="<"):
    """A TIFF of entries (tag, type, values) and named blobs; the name of a blob as a value is its
    offset. The directory stands first or last; a long value stands last of all."""
    sizes = {1: ("B", 1), 3: ("H", 2), 4: ("I", 4), 7: ("B", 1)}
    entries = sorted(entries, key=lambda entry: entry[0])
    directory_size = 2 + 12 * len(entries) + 4
    at = 8 + (directory_size if first else 0)
    places, data = {}, b""
    for name, blob in blobs.items():
        blob += b"\0" * (len(blob) % 2)
        places[name] = at + len(data)
        data += blob
    directory = 8 if first else at + len(data)
    extra_at = at + len(data) + (0 if first else directory_size)
    body, extra = b"", b""
    for tag, kind, values in entries:
        values = [places.get(value, value) for value in values]
        code, size = sizes[kind]
        packed = struct.pack(order + code * len(values), *values)
        body += struct.pack(order + "HHI", tag, kind, len(values))
        if size * len(values) > 4:
            body += struct.pack(order + "I", extra_at + len(extra))
            extra += packed + b"\0" * (len(packed) % 2)
        else:
            body += packed.ljust(4, b"\0")
    table = struct.pack(order + "H", len(entries)) + body + bytes(4)
    magic = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, directory)
    return magic + (table + data if first else data + table) + extra


def segments(jpeg):
    """The segments of a JPEG by marker, and what follows the header of its scan."""
    found, at = {}, 2
    while True:
        marker, length = jpeg[at + 1], struct.unpack_from(">H", jpeg, at + 2)[0]
        found.setdefault(marker, []).append(jpeg[at + 4 : at + 2 + length])
        at += 2 + length
        if marker == 0xDA:
            return found, jpeg[at:-2]


def old_jpeg(with_tables, first=False):
    """Compression 6: a whole JPEG inside, or its tables beside its entropy-coded data."""
    buffer = io.BytesIO()
    image = picture("RGB", 64, 48)
    image.save(buffer, "JPEG", subsampling=0, optimize=False, quality=85)
    jpeg = buffer.getvalue()
    found, data = segments(jpeg)
    entries = [(256, 3, [64]), (257, 3, [48]), (258, 3, [8] * 3), (259, 3, [6]), (262, 3, [6]),
               (277, 3, [3]), (278, 3, [48]), (284, 3, [1]), (512, 3, [1]),
               (530, 3, [1, 1])]  # fmt: skip
    if not with_tables:
        entries += [(273, 4, ["jpeg"]), (279, 4, [len(jpeg)]), (513, 4, ["jpeg"]),
                    (514, 4, [len(jpeg)])]  # fmt: skip
        return laid_out(entries, {"jpeg": jpeg}, first)
    quantisation = b"".join(found[0xDB])
    huffman = b"".join(found[0xC4])
    tables, at = {}, 0
    while at < len(huffman):
        size = 17 + sum(huffman[at + 1 : at + 17])
        tables[huffman[at]] = huffman[at + 1 : at + size]
        at += size
    blobs = {"data": data, "q0": quantisation[1:65], "q1": quantisation[66:130],
             "dc0": tables[0], "dc1": tables[1], "ac0": tables[16], "ac1": tables[17]}  # fmt: skip
    entries += [(273, 4, ["data"]), (279, 4, [len(data)]), (519, 4, ["q0", "q1", "q1"]),
                (520, 4, ["dc0", "dc1", "dc1"]), (521, 4, ["ac0", "ac1", "ac1"])]  # fmt: skip
    return laid_out(entries, blobs, first)


def tiled(array, side=16, sparse=False):
    """A tiled RGB TIFF; `sparse` leaves the last tile out by offset 0 and size 0."""
    height, width, _ = array.shape
    blobs, sizes = {}, []
    for y in range(0, height, side):
        for x in range(0, width, side):
            tile = np.zeros((side, side, 3), np.uint8)
            part = array[y : y + side, x : x + side]
            tile[: part.shape[0], : part.shape[1]] = part
            blobs[f"{y}-{x}"] = tile.tobytes()
            sizes.append(side * side * 3)
    offsets = list(blobs)
    if sparse:
        offsets[-1] = sizes[-1] = 0
    entries = [(256, 3, [width]), (257, 3, [height]), (258, 3, [8] * 3), (259, 3, [1]),
               (262, 3, [2]), (277, 3, [3]), (322, 3, [side]), (323, 3, [side]),
               (324, 4, offsets), (325, 4, sizes)]  # fmt: skip
    return laid_out(entries, blobs)


class CutTest(test_decode.DecodeTest):
    def kinds(self):
        kinds = {}
        for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "CMYK"):
            for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg",
                                "group3", "group4", "tiff_ccitt"):  # fmt: skip
                fax = compression in ("group3", "group4", "tiff_ccitt")
                if fax != (mode == "1") and (fax or compression is None):
                    continue
                buffer = io.BytesIO()
                try:
                    picture(mode).save(buffer, "TIFF", compression=compression)
                except (OSError, KeyError, RuntimeError):
                    continue  # libtiff has no such pair
                kinds[f"{mode}-{compression}"] = buffer.getvalue()
        rng = np.random.default_rng(5)
        bytes4 = rng.integers(0, 256, (19, 23, 4)).astype(np.uint8)
        words4 = rng.integers(0, 65536, (19, 23, 4)).astype(np.uint16)
        kinds |= {
            "white-is-zero": tiff_of(bytes4[..., :1], 0),
            "straight": tiff_of(bytes4, 2, extra=[2]),
            "premultiplied": tiff_of(bytes4, 2, extra=[1]),
            "planar": tiff_of(bytes4[..., :3], 2, planar=2),
            "words": tiff_of(words4[..., :3], 2),
            "words-gray": tiff_of(words4[..., :1], 1),
            "words-big": tiff_of(words4[..., :3], 2, order=">"),
            "inks": tiff_of(bytes4, 5),
            "bands": tiff_of(np.repeat(words4, 2, 2), 1, extra=[0] * 7),
            "bands-planar": tiff_of(bytes4, 1, planar=2, extra=[0] * 3),
            "floats": tiff_of(bytes4.astype(np.float32), 1, extra=[0] * 3,
                              more=[(339, 3, [3] * 4)]),
            "signed": tiff_of(words4.astype(np.int16), 1, extra=[0] * 3,
                              more=[(339, 3, [2] * 4)]),
            "tiled": tiled(bytes4[..., :3]),
            "old-jpeg": old_jpeg(False),
            "old-jpeg-first": old_jpeg(False, True),
            "old-jpeg-tables": old_jpeg(True),
            "old-jpeg-tables-first": old_jpeg(True, True),
        }  # fmt: skip
        return kinds

    def test_a_tiff_cut_anywhere_is_refused_or_has_the_pixels_of_the_whole(self):
        for name, data in self.kinds().items():
            places = {len(data) * (i + 1) // 26 for i in range(25)}
            places |= {len(data) - n for n in (1, 2, 3, 5, 9, 17, 33, 65, 129, 257, 513, 1025)}
            cuts = sorted(place for place in places if place > 0)
            paths = [self.path(f"{name}.tif", data)]
            paths += [self.path(f"{name}-{cut}.tif", data[:cut]) for cut in cuts]
            for channels in ("rgb", "native"):
                whole, *answers = decode(paths, "--raw", "--channels", channels, "--depth", "16")
                if channels == "native":
                    self.assertTrue(whole["ok"], (name, whole))
                elif not whole["ok"]:
                    self.assertEqual(whole["code"], "unsupported", (name, whole))
                for cut, answer in zip(cuts, answers):
                    with self.subTest(name, cut=cut, size=len(data), channels=channels):
                        if answer["ok"]:
                            self.assertTrue(whole["ok"])
                            np.testing.assert_array_equal(pixels(answer), pixels(whole))
                        elif whole["ok"]:
                            self.assertEqual(answer["code"], "corrupt", answer)

    def test_a_tag_that_pixels_need_and_that_lies_past_the_end_is_named(self):
        buffer = io.BytesIO()
        picture("P").save(buffer, "TIFF", compression="tiff_lzw")
        data = buffer.getvalue()
        self.assert_refused(data[:-700], "corrupt", "palette")


def compressed_as(code, bits=8):
    """A sound TIFF but for its compression, which is another one."""
    data = bytearray(tiff_of(np.zeros((9, 13, 3), np.uint8), 2))
    directory = struct.unpack_from("<I", data, 4)[0]
    for at in range(directory + 2, len(data) - 12, 12):
        if struct.unpack_from("<H", data, at)[0] == 259:
            struct.pack_into("<H", data, at + 8, code)
            return bytes(data)
    raise AssertionError


class WordsTest(test_decode.DecodeTest):
    def test_counts_and_sides_that_no_file_holds_take_no_time(self):
        def hostile(big, compression, side, tag, kind, count):
            width = 8 if big else 4
            entries = {256: (4, 1, side), 257: (4, 1, side), 258: (3, 1, 8), 259: (3, 1, compression),
                       262: (3, 1, 1), 277: (3, 1, 1), 322: (4, 1, 1), 323: (4, 1, 1),
                       324: (4, 1, 8), 325: (4, 1, 8)}  # fmt: skip
            entries[tag] = (kind, count, 8)
            head = b"II" + (struct.pack("<HHHQ", 43, 8, 0, 16) if big else struct.pack("<HI", 42, 8))
            words = "<HHQQ" if big else "<HHII"
            table = b"".join(struct.pack(words, t, *entry) for t, entry in sorted(entries.items()))
            return head + struct.pack("<Q" if big else "<H", len(entries)) + table + bytes(width)

        files = [
            self.path(f"{big}-{compression}-{side}-{tag}-{kind}.tif",
                      hostile(big, compression, side, tag, kind, 2**62 if big else 2**32 - 1))
            for big in (False, True)
            for compression, side in ((1, 8), (7, 8), (7, 2**31 - 1), (7, 2**32 - 1))
            for tag in (258, 273, 277, 324, 325, 338, 339, 347)
            for kind in (0, 1, 3, 4, 5, 13, 14, 16, 18, 19, 0x4603)
        ]  # fmt: skip
        self.assertFalse([a for a in decode(files) if a["ok"]])  # which ends by itself

    def test_a_codec_that_is_not_read_is_named_and_the_file_is_not_called_corrupt(self):
        for code, name in ((33003, "JPEG 2000"), (34934, "JPEG XR"), (34676, "LogLuv"),
                           (54321, "54321")):  # fmt: skip
            for channels in ("rgb", "native"):
                with self.subTest(code=code, channels=channels):
                    self.assert_refused(compressed_as(code), "unsupported", name,
                                        flags=["--channels", channels])  # fmt: skip

    def test_a_lossless_jpeg_in_a_tiff_is_unsupported_by_name(self):
        frame = b"\xff\xc3" + struct.pack(">HBHHB", 11, 8, 8, 8, 1) + b"\1\x11\0"
        scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0\1\0\0" + bytes(8)
        data = tiff([(256, 3, [8]), (257, 3, [8]), (258, 3, [8]), (259, 3, [7]), (262, 3, [1]),
                     (277, 3, [1]), (278, 3, [8])], b"\xff\xd8" + frame + scan + b"\xff\xd9")
        self.assert_refused(data, "unsupported", "lossless JPEG")

    def test_samples_that_no_option_reads_are_named_and_no_option_is_recommended(self):
        for dtype, kind, words in (("u8", 1, "64-bit unsigned"), ("i8", 2, "64-bit signed"),
                                   ("c8", 6, "complex")):  # fmt: skip
            array = np.ones((5, 7, 1), dtype)
            data = tiff_of(array, 1, more=[(339, 3, [kind])])
            for channels in ("rgb", "native"):
                with self.subTest(dtype, channels=channels):
                    answer = self.assert_refused(data, "unsupported", words,
                                                 flags=["--channels", channels])  # fmt: skip
                    self.assertNotIn("--channels", answer["message"])
        packed = tiff_of(np.ones((5, 6, 1), np.uint8), 1, bits=7)
        self.assert_refused(packed, "unsupported", "7-bit")
        readable = tiff_of(np.ones((5, 7, 1), np.float32), 1, more=[(339, 3, [3])])
        self.assert_refused(readable, "unsupported", "`channels` native takes bands")


class CameraRawTest(test_decode.DecodeTest):
    def raw(self, first=(), below=(), mark=b""):
        """A thumbnail, and a directory that only a SubIFD names."""
        entries = lambda more: [(256, 3, [4]), (257, 3, [3]), (258, 3, [8] * 3), (259, 3, [1]),
                                (262, 3, [2]), (277, 3, [3]), (278, 3, [3]), (273, 4, ["rows"]),
                                (279, 4, [36]), *more]  # fmt: skip
        inner = [(256, 3, [4]), (257, 3, [3]), *below]
        table = struct.pack("<H", len(inner)) + b"".join(
            struct.pack("<HHIHH", tag, kind, 1, values[0], 0) for tag, kind, values in inner
        )
        return laid_out(entries(first), {"mark": mark + bytes(8), "rows": bytes(36),
                                         "below": table + bytes(4)})  # fmt: skip

    def test_camera_raw_is_refused_by_name_and_its_thumbnail_is_no_picture(self):
        below = (330, 4, ["below"])
        cases = {
            "DNG": self.raw([(50706, 1, [1, 4, 0, 0])]),
            "CR2": self.raw(mark=b"CR\2\0"),
            "NEF": self.raw([(254, 4, [1]), below, (271, 7, list(b"NIKON X\0"))]),
            "ARW": self.raw([below, (271, 7, list(b"SONY\0"))], [(262, 3, [32803])]),
            "thumbnail": self.raw([(254, 4, [1]), below]),
            "RW2": b"IIU\0" + bytes(60), "ORF": b"IIRO" + bytes(60),
            "RAF": b"FUJIFILMCCD-RAW 0201" + bytes(60), "CR3": b"\0\0\0\x18ftypcrx " + bytes(60),
        }  # fmt: skip
        for name, data in cases.items():
            with self.subTest(name):
                self.assert_refused(data, "unsupported", "camera raw", name)

    def test_a_tiff_with_pyramid_levels_below_it_is_a_picture(self):
        data = self.raw([(330, 4, ["below"])], [(254, 3, [1]), (262, 3, [2])])
        [answer] = decode([self.path("pyramid.tif", data)])
        self.assertTrue(answer["ok"], answer)

    def test_a_plain_tiff_under_the_name_of_a_raw_file_is_not_measured(self):
        path = self.saved("a.NEF", picture("RGB"), format="TIFF")
        done = run("stats", path)
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("camera raw (NEF)", done.stderr)


if __name__ == "__main__":
    unittest.main()
