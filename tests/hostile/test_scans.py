"""JPEGs of several scans that end, with an end marker, before their last one."""

import io
import os
import struct
import tempfile
import unittest

import numpy as np
from PIL import Image

from decode_files import decode, pillow, pixels

NOTE = "ends before its last scan"
END = b"\xff\xd9"


def scene(mode, width=67, height=45):
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 100 * np.sin(x / (3 + c)) * np.cos(y / (4 + c)) for c in range(3)]
    return Image.fromarray(np.stack(planes, -1).astype(np.uint8)).convert(mode)


def encoded(picture, **options):
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


def scans_of(jpeg):
    """Where each scan begins: at the tables that stand before its header."""
    places, at, begun = [], 2, None
    while jpeg[at : at + 2] != END:
        marker, length = jpeg[at + 1], struct.unpack_from(">H", jpeg, at + 2)[0]
        if marker in (0xC4, 0xDA) and begun is None:
            begun = at
        if marker == 0xDA:
            places.append(begun)
            begun = None
        at += 2 + length
        if marker == 0xDA:
            while jpeg[at] != 0xFF or jpeg[at + 1] == 0 or 0xD0 <= jpeg[at + 1] <= 0xD7:
                at += 1
    return places


def sequential(components, scans):
    """A sequential JPEG of several components that has one scan for each of some of them."""
    grey = encoded(scene("L", 64, 40))
    frame = grey.find(b"\xff\xc0")
    scan = grey.find(b"\xff\xda")
    length = struct.unpack_from(">H", grey, frame + 2)[0]
    names = range(1, components + 1)
    header = grey[frame + 4 : frame + 9] + bytes([components])
    header += b"".join(bytes([name, 0x11, 0]) for name in names)
    out = grey[:frame] + b"\xff\xc0" + struct.pack(">H", len(header) + 2) + header
    out += grey[frame + 2 + length : scan]
    for name in names[:scans]:
        out += grey[scan : scan + 5] + bytes([name]) + grey[scan + 6 : -2]
    return out + END


class Scans(unittest.TestCase):
    def judge(self, *files):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for number, data in enumerate(files):
                paths.append(os.path.join(folder, f"{number}.jpg"))
                with open(paths[-1], "wb") as file:
                    file.write(data)
            answers = decode(paths, "--raw")
            for path, answer in zip(paths, answers):
                if answer["ok"]:
                    np.testing.assert_array_equal(pixels(answer), pillow(path))
        return answers

    def notes(self, answer):
        return [note for note in answer["notes"] if NOTE in note]

    def test_a_progressive_file_without_its_later_scans_has_a_note_and_a_whole_one_has_none(self):
        for mode in ("L", "RGB", "CMYK"):
            for quality in (40, 95):
                whole = encoded(scene(mode), progressive=True, quality=quality)
                places = scans_of(whole)
                self.assertGreater(len(places), 5)
                cuts = [whole[:place] + END for place in places[1:]]
                for count, answer in enumerate(self.judge(*cuts), 1):
                    with self.subTest(mode=mode, quality=quality, scans=count):
                        self.assertTrue(answer["ok"], answer)
                        self.assertEqual(len(self.notes(answer)), 1, answer)
                [answer] = self.judge(whole)
                self.assertEqual(self.notes(answer), [])

    def test_a_component_without_any_scan_is_damage(self):
        for components in (3, 4):
            answers = self.judge(*(sequential(components, n + 1) for n in range(components)))
            for answer in answers[:-1]:
                self.assertEqual(answer.get("code"), "corrupt", answer)
                self.assertIn(f"of {components}", answer["message"])
            self.assertTrue(answers[-1]["ok"], answers[-1])
            self.assertEqual(answers[-1]["notes"], [])


if __name__ == "__main__":
    unittest.main()
