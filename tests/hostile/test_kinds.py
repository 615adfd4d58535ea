"""Sound pictures of kinds that are not read are unsupported by name; damage is never taken for one."""

import io
import os
import struct
import tempfile
import unittest
import zlib

import numpy as np
from PIL import Image

from decode_files import decode

SOF = {0: 0xC0, 1: 0xC1, 3: 0xC3, 5: 0xC5}


def scene(width=61, height=45):
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 100 * np.sin(x / (5 + c)) * np.cos(y / (9 + c)) for c in range(3)]
    return Image.fromarray(np.stack(planes, -1).astype(np.uint8))


def encoded(kind, **options):
    out = io.BytesIO()
    scene().save(out, kind, **options)
    return bytearray(out.getvalue())


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + bytes(body)


def frame_of(jpeg):
    """Where the frame header of a baseline or progressive JPEG begins."""
    return next(at for at in (jpeg.find(b"\xff\xc0"), jpeg.find(b"\xff\xc2")) if at >= 0)


def with_frame(marker, precision=8, height=None, tail=None, dnl=None):
    """A JPEG whose headers say another process than its data."""
    jpeg = encoded("JPEG")
    at = frame_of(jpeg)
    jpeg[at + 1] = marker
    jpeg[at + 4] = precision
    if height is not None:
        jpeg[at + 5 : at + 7] = struct.pack(">H", height)
    if tail is not None:
        scan = jpeg.find(b"\xff\xda")
        end = scan + 2 + struct.unpack_from(">H", jpeg, scan + 2)[0]
        jpeg[end - 3 : end] = bytes(tail)
    if dnl is not None:
        jpeg[-2:-2] = segment(0xDC, struct.pack(">H", dnl))
    return jpeg


def hierarchical():
    jpeg = encoded("JPEG")
    at = frame_of(jpeg)
    length = struct.unpack_from(">H", jpeg, at + 2)[0]
    jpeg[at:at] = segment(0xDE, jpeg[at + 4 : at + 2 + length])
    return jpeg


def chunk(kind, data, checksum=0):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(
        ">I", zlib.crc32(kind + data) ^ checksum
    )


def png_with(extra, at=8):
    png = encoded("PNG")
    png[at:at] = extra
    return png


class Kinds(unittest.TestCase):
    def judge(self, files):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for number, data in enumerate(files):
                paths.append(os.path.join(folder, str(number)))
                with open(paths[-1], "wb") as file:
                    file.write(data)
            plain, turbo = decode(paths), decode(paths, "--turbo")
        for answers in zip(plain, turbo):
            self.assertEqual(*({k: a.get(k) for k in ("ok", "code", "message")} for a in answers))
        return plain

    def test_a_sound_kind_that_is_not_read_is_unsupported_by_its_name(self):
        kinds = {
            "JPEG-LS": with_frame(0xF7, tail=(0, 2, 0)),
            "lossless JPEG": with_frame(SOF[3], tail=(1, 0, 0)),
            "hierarchical JPEG": hierarchical(),
            "12 bits": with_frame(SOF[1], precision=12),
            "DNL": with_frame(SOF[0], height=0, dnl=45),
            "CgBI": png_with(chunk(b"CgBI", b"\x50\x00\x20\x06")),
            "AbCd chunk": png_with(chunk(b"AbCd", b"x"), 33),
        }
        for (words, data), answer in zip(kinds.items(), self.judge(kinds.values())):
            with self.subTest(words):
                self.assertEqual(answer.get("code"), "unsupported", answer)
                self.assertIn(words, answer["message"])

    def test_a_height_that_dnl_gives_anew_is_unsupported(self):
        [answer] = self.judge([with_frame(SOF[0], height=90, dnl=45)])
        self.assertEqual(answer.get("code"), "unsupported", answer)
        self.assertIn("DNL", answer["message"])

    def test_a_damaged_marker_makes_no_kind(self):
        damaged = {
            "JPEG-LS marker, sequential scan": with_frame(0xF7),
            "lossless marker, sequential scan": with_frame(SOF[3]),
            "a frame of a hierarchy without one": with_frame(SOF[5]),
            "no such precision": with_frame(SOF[0], precision=77),
            "no height anywhere": with_frame(SOF[0], height=0),
            "DNL of no height": with_frame(SOF[0], height=0, dnl=0),
            "the marker of a reserved process": with_frame(0xC8),
            "CgBI whose checksum does not hold": png_with(chunk(b"CgBI", b"\x50\0 \6", 1)),
            "a chunk whose checksum does not hold": png_with(chunk(b"AbCd", b"x", 1), 33),
            "a chunk without a name": png_with(chunk(b"A\0\1d", b"x"), 33),
        }
        for (words, data), answer in zip(damaged.items(), self.judge(damaged.values())):
            with self.subTest(words):
                self.assertEqual(answer.get("code"), "corrupt", answer)


if __name__ == "__main__":
    unittest.main()
