"""Formats that modules read: pixels are those of the reference, for files of every encoder here.

JPEG 2000: Pillow's. JPEG XL: those that djxl writes, 16 bits by their high bytes. HEIC: those that
heif-convert writes. AVIF: those of avifdec here, of files that it treats as Pillow does; Pillow's own in
tests/golden.
"""

import shutil
import tempfile
import unittest

import numpy as np
from decode_files import decode, pillow, pixels
from format_files import MAKERS, call, djxl
from PIL import Image

AT_LEAST = {"jpeg2000": 20, "jpegxl": 20, "avif": 10, "heif": 10}  # with Debian's encoders alone


class ModuleFormats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="imnorm-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.made = {}

    def files(self, kind):
        if kind not in self.made:
            self.made[kind] = MAKERS[kind](f"{self.folder}/{kind}")
        files = self.made[kind]
        if not files:
            self.skipTest(f"SKIPPED: nothing here makes {kind} files (scripts/setup --formats)")
        answer = decode([str(files[0][1])])[0]
        if "there is no module" in answer.get("message", ""):
            self.skipTest(f"SKIPPED: this build has no module for {kind}")
        self.assertGreaterEqual(len(files), AT_LEAST[kind])
        return files

    def compare(self, kind, reference, *flags):
        files = self.files(kind)
        answers = decode([str(path) for _, path in files], "--raw", *flags)
        for (source, path), answer in zip(files, answers):
            with self.subTest(source=source, file=path.name, flags=flags):
                self.assertTrue(answer["ok"], answer.get("message"))
                np.testing.assert_array_equal(pixels(answer), reference(path, answer))

    def test_jpeg_2000_is_pillows(self):
        def reference(path, _):
            with Image.open(path) as image:
                if image.mode == "I;16":
                    return (np.array(image) >> 8)[..., None].repeat(3, 2)
            return pillow(path)

        self.compare("jpeg2000", reference)

    def test_jpeg_2000_of_grey_and_with_alpha_is_pillows(self):
        for _, path in self.files("jpeg2000"):
            with Image.open(path) as image:
                mode = image.mode
            answer = decode([str(path)], "--raw", "--channels", "native", "--alpha", "mask")[0]
            with self.subTest(file=path.name, mode=mode):
                if mode != "I;16":
                    np.testing.assert_array_equal(pixels(answer), pillow(path, mode))

    def test_jpeg_2000_of_16_bits_keeps_them(self):
        for _, path in self.files("jpeg2000"):
            with Image.open(path) as image:
                if image.mode != "I;16":
                    continue
                want = np.array(image)[..., None]
            answer = decode([str(path)], "--raw", "--channels", "gray", "--depth", "16")[0]
            with self.subTest(file=path.name):
                np.testing.assert_array_equal(pixels(answer), want)

    def djxl(self, path, answer):
        probe = answer["probe"]
        samples = djxl(path, self.folder, probe["channels"] + probe["alpha"])
        return samples[..., : samples.shape[2] - probe["alpha"]], probe["bits"] > 8

    def test_jpeg_xl_is_djxls(self):
        def reference(path, answer):
            samples, wide = self.djxl(path, answer)
            samples = samples >> 8 if wide else samples
            return samples.repeat(3, 2) if samples.shape[2] == 1 else samples

        self.compare("jpegxl", reference)

    def test_jpeg_xl_of_16_bits_keeps_them(self):
        self.compare("jpegxl", lambda *it: self.djxl(*it)[0], "--depth", "16", "--channels", "native")

    def test_jpeg_xl_stands_upright(self):
        turned = [path for _, path in self.files("jpegxl") if path.name.endswith("jpeg.jxl")]
        answer = decode([str(turned[0])])[0]
        self.assertEqual(answer["orientation"], 6)
        self.assertEqual(answer["size"], [61, 97])

    def converted(self, *command):
        out = f"{self.folder}/converted.png"
        call(*command, out)
        return pillow(out)

    def test_heic_is_heif_converts(self):
        self.compare("heif", lambda path, _: self.converted("heif-convert", path))

    def test_heic_of_grey_is_one_channel(self):
        path = next(path for _, path in self.files("heif") if path.name.endswith("grey.heic"))
        answer = decode([str(path)], "--raw", "--channels", "native")[0]
        want = self.converted("heif-convert", path)[..., :1]
        np.testing.assert_array_equal(pixels(answer), want)

    def test_avif_is_avifdecs(self):
        tried = 0
        for _, path in self.files("avif"):
            answer = decode([str(path)], "--raw", "--exif")[0]
            probe = answer["probe"]
            # avifdec crops, and makes grey and words of samples in ways of its own.
            if probe["bits"] > 8 or "4" == path.stem[-3:-2] and "00" in path.stem or "crop" in path.stem:
                continue
            with self.subTest(file=path.name):
                self.assertTrue(answer["ok"], answer)
                plain = decode([str(path)], "--raw")[0]
                want = self.converted("avifdec", "-d", "8", "--ignore-icc", path)
                np.testing.assert_array_equal(pixels(plain), want)
                tried += 1
        self.assertGreater(tried, 8)

    def test_avif_of_more_bits_keeps_them(self):
        paths = [str(p) for _, p in self.files("avif") if p.name.endswith(("10_444.avif", "400.avif"))]
        answers = decode(paths, "--raw", "--depth", "16")
        self.assertEqual({answer["type"] for answer in answers}, {"u16", "u8"})

    def test_what_was_left_out_is_said(self):
        for kind, name, note in (
            ("avif", "rgba.avif", "alpha is dropped"),
            ("heif", "rgba.heic", "alpha is dropped"),
            ("jpeg2000", "rgba.jp2", "alpha is dropped"),
            ("jpegxl", "rgba.jxl", "alpha is dropped"),
        ):
            path = next(path for _, path in self.files(kind) if path.name.endswith(name))
            self.assertEqual(decode([str(path)])[0]["notes"], [note])


if __name__ == "__main__":
    unittest.main()
