"""Damaged, cut and hostile files of the formats that modules read: an error with a reason."""

import shutil
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np
from decode_files import decode
from format_files import MAKERS
from imnorm_test import run

KINDS = {
    "jpeg2000": ("rgb.jp2", "lossy.jp2", "tiles.jp2", "bare.j2k", "opj_parts.jp2"),
    "avif": ("444.avif", "420.avif", "rgba.avif", "10_420.avif", "grid.avif", "400.avif"),
    "heif": ("low.heic", "444.heic", "rgba.heic", "grey.heic"),
    "jpegxl": ("rgb.jxl", "lossless.jxl", "container.jxl", "jpeg.jxl", "gray_lossless.jxl"),
}


def codestream(size=(64, 48), tile=None, offset=(0, 0), components=((7, 1, 1),) * 3, style=b"",
               block=(4, 4), precincts=b""):  # fmt: skip
    """The headers of a JPEG 2000 codestream, and the begin of a tile."""
    tile = tile or size
    siz = struct.pack(">HIIIIIIIIH", 0, *size, *offset, *tile, 0, 0, len(components))
    siz += b"".join(bytes(c) for c in components)
    cod = bytes([1 if precincts else 0, 0, 0, 1, 0, 5, *block, 0, 1]) + precincts
    qcd = bytes([0x40] + [0x48] * 16)

    def segment(marker, body):
        return struct.pack(">HH", marker, len(body) + 2) + body

    return (
        b"\xff\x4f" + segment(0xFF51, siz) + segment(0xFF52, cod) + segment(0xFF5C, qcd) + style
        + b"\xff\x90\0\x0a\0\0\0\0\0\0\0\1\xff\x93" + bytes(40)
    )  # fmt: skip


class ModuleFormats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="imnorm-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.made = {}

    def files(self, kind):
        if kind not in self.made:
            self.made[kind] = MAKERS[kind](self.folder / kind)
        files = [p for _, p in self.made[kind] if p.name.split("_", 1)[1] in KINDS[kind]]
        if not files:
            self.skipTest(f"SKIPPED: nothing here makes {kind} files (scripts/setup --formats)")
        if "there is no module" in decode([str(files[0])])[0].get("message", ""):
            self.skipTest(f"SKIPPED: this build has no module for {kind}")
        return files

    def put(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def test_what_is_cut_off_is_refused(self):
        for kind in KINDS:
            for path in self.files(kind):
                data = path.read_bytes()
                # Behind the pixels stand the end marker and what is no picture.
                sizes = sorted({*range(12, 200, 7), *range(200, len(data) - 64, len(data) // 40 + 1)})
                cut = [self.put(f"{n}{path.suffix}", data[:n]) for n in sizes if n < len(data) - 64]
                for answer in decode(cut):
                    with self.subTest(kind=kind, file=path.name, cut=answer["file"]):
                        self.assertFalse(answer["ok"], answer)
                        self.assertIn(answer["code"], ("corrupt", "unsupported"))
                        self.assertTrue(answer["message"])

    def test_damage_ends_in_a_picture_of_the_size_told_or_in_a_reason(self):
        rng = np.random.default_rng(3)
        for kind in KINDS:
            refused = 0
            for path in self.files(kind):
                data, mutants = path.read_bytes(), []
                for i in range(60):
                    changed = bytearray(data)
                    for _ in range(1 + i % 3):
                        end = min(len(data), 300) if i % 2 else len(data)
                        changed[rng.integers(0, end)] = rng.integers(0, 256)
                    mutants.append(self.put(f"m{i}{path.suffix}", bytes(changed)))
                answers = decode(mutants, "--max-pixels", "1000000")
                for answer in answers:
                    with self.subTest(kind=kind, file=path.name, mutant=answer["file"]):
                        self.assertTrue(answer["ok"] or answer["message"], answer)
                refused += sum(not answer["ok"] for answer in answers)
            self.assertGreater(refused, 20, kind)

    def test_a_file_is_judged_alone_whatever_came_before(self):
        for kind in KINDS:
            files = [str(path) for path in self.files(kind)]
            broken = self.put(f"broken{Path(files[0]).suffix}", Path(files[0]).read_bytes()[:-300])
            alone = [decode([f], "--raw")[0] for f in files]
            together = decode([broken, *files, broken, *reversed(files)], "--raw")
            self.assertEqual(together[1 : len(files) + 1], alone)
            self.assertEqual(together[len(files) + 2 :], alone[::-1])

    def test_processes_that_are_shut_in_give_the_same(self):
        folder = self.folder / "isolated"
        folder.mkdir()
        for kind in KINDS:
            for path in self.files(kind):
                shutil.copy(path, folder / f"{kind}{path.name}")
        plain, isolated = (run("stats", folder, "-j", "2", *more) for more in ((), ("--isolate",)))
        self.assertEqual(plain.returncode, 0, plain.stderr)
        self.assertEqual(isolated.returncode, 0, isolated.stderr)
        self.assertEqual(isolated.stdout, plain.stdout)

    def test_a_picture_over_the_limit_is_refused_from_its_header(self):
        for kind in KINDS:
            for path in self.files(kind):
                answer = decode([str(path)], "--max-pixels", "100")[0]
                self.assertEqual((answer["code"], answer["rows"]), ("too large", 0), answer)
        huge = self.put("huge.j2k", codestream((1 << 20, 1 << 20)))
        self.assertEqual(decode([huge])[0]["code"], "too large")
        # 2^30 by 2^30, sRGB of 8 bits.
        bits = "0" + "11" + "1" * 30 + "000" + "11" + "1" * 30 + "1"
        answer = decode([self.put("huge.jxl", b"\xff\x0a" + _packed(bits) + bytes(40))])[0]
        self.assertEqual(answer["code"], "too large", answer)

    def test_a_stop_ends_a_picture(self):
        for kind in KINDS:
            for path in self.files(kind):
                answer = decode([str(path)], "--stop-after", "0")[0]
                self.assertEqual((answer["code"], answer["rows"]), ("cancelled", 0), answer)

    def test_jpeg_2000_that_pillow_does_not_read_is_refused_by_name(self):
        self.files("jpeg2000")
        for name, data, word in (
            ("five", codestream(components=((7, 1, 1),) * 5), "5 components"),
            ("half", codestream(components=((7, 1, 1), (7, 2, 2), (7, 2, 2))), "subsampled"),
            ("deep", codestream(components=((23, 1, 1),)), "24 bits"),
        ):
            with self.subTest(name):
                answer = decode([self.put(f"{name}.j2k", data)])[0]
                self.assertEqual(answer["code"], "unsupported", answer)
                self.assertIn(word, answer["message"])

    def test_jpeg_2000_headers_that_make_no_sense_are_refused(self):
        self.files("jpeg2000")
        for name, data in (
            ("no pixels", codestream((0, 0))),
            ("no tile", codestream((64, 48), tile=(0, 5))),
            ("beyond its end", codestream((64, 48), offset=(64, 0))),
            ("no data", codestream()),
            ("only its mark", b"\xff\x4f\xff\x51"),
        ):
            with self.subTest(name):
                answer = decode([self.put("x.j2k", data)])[0]
                self.assertEqual(answer["code"], "corrupt", answer)


def _packed(bits):
    """Bits from the lowest of each byte on."""
    bits = bits + "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8][::-1], 2) for i in range(0, len(bits), 8))


if __name__ == "__main__":
    unittest.main()
