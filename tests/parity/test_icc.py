"""--icc srgb: pixels are those of Pillow's ImageCms, for profiles of every kind that people have."""

import io
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

import icc_profiles as icc
from decode_files import decode, pixels
from imnorm_test import pixels as noise

SRGB = ImageCms.createProfile("sRGB")


def converted(picture, profile, mode="RGB"):
    return ImageCms.profileToProfile(picture, io.BytesIO(profile), SRGB, outputMode=mode)


PROFILES = {
    "RGB": {
        "p3": icc.display_p3(),
        "p3_of_parts": icc.display_p3(pad=150_000),
        "adobe": icc.adobe_rgb(),
        "srgb": icc.srgb(),
        "linear": icc.colors(icc.P3, icc.gamma(1)),
        "tables": icc.colors(icc.ADOBE, icc.table(lambda x: x**1.8, 256)),
        "own": ImageCms.ImageCmsProfile(SRGB).tobytes(),
    },
    "L": {"gamma": icc.gray(icc.gamma(2.2)), "dark": icc.gray(icc.gamma(1.0)),
          "table": icc.gray(icc.table(lambda x: x**1.7, 100))},
    "CMYK": {"inks": icc.inks(), "inks_of_parts": icc.inks(grid=11)},
}  # fmt: skip


class Icc(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="imnorm-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)

    def decode(self, files, *flags):
        answers = decode([str(path) for path in files], "--raw", "--icc", *flags)
        if "imnorm_icc.so" in answers[0].get("message", ""):
            self.skipTest(f"SKIPPED: {answers[0]['message']}")
        for answer in answers:
            self.assertTrue(answer["ok"], answer)
        return [pixels(answer) for answer in answers]

    def saved(self, picture, name, profile, **options):
        path = self.folder / name
        picture.save(path, icc_profile=profile, **options)
        with Image.open(path) as back:
            self.assertEqual(back.info["icc_profile"], profile)
        return path

    def pictures(self, mode):
        """(path, profile) of files of every format that Pillow writes such with profiles in."""
        picture = Image.fromarray(noise(61, 47, 3)).convert(mode)
        formats = {"jpg": {"quality": 95}, "png": {}, "webp": {"lossless": True}, "tif": {}}
        if mode != "RGB":
            del formats["webp"]
        if mode == "CMYK":
            del formats["png"]
        for name, profile in PROFILES[mode].items():
            for extension, options in formats.items():
                yield self.saved(picture, f"{mode}_{name}.{extension}", profile, **options), profile

    def test_each_profile_in_each_format_is_imagecmss(self):
        for mode in PROFILES:
            files = list(self.pictures(mode))
            self.assertGreaterEqual(len(files), 4)
            for (path, profile), got in zip(files, self.decode([path for path, _ in files])):
                with self.subTest(path.name), Image.open(path) as stored:
                    np.testing.assert_array_equal(got, np.array(converted(stored, profile)))

    def test_grey_of_them_is_the_grey_of_what_comes_out(self):
        for mode in PROFILES:
            files = list(self.pictures(mode))
            paths = [path for path, _ in files]
            for (path, profile), got in zip(files, self.decode(paths, "--channels", "gray")):
                with self.subTest(path.name), Image.open(path) as stored:
                    expected = np.array(converted(stored, profile).convert("L"))
                    np.testing.assert_array_equal(got[..., 0], expected)

    def test_alpha_is_kept_apart_and_laid_on_what_comes_out(self):
        colors = Image.fromarray(noise(61, 47, 3)).convert("RGB")
        alpha = Image.fromarray(noise(61, 47, 5)[..., 0])
        profile = icc.adobe_rgb()
        rgba = colors.copy()
        rgba.putalpha(alpha)
        files = [self.saved(rgba, f"alpha.{kind}", profile, **more) for kind, more in (
            ("png", {}), ("tif", {}), ("webp", {"lossless": True, "exact": True}))]  # fmt: skip
        expected = converted(colors, profile)
        for path, got in zip(files, self.decode(files, "--alpha", "drop")):
            with self.subTest(path.name):
                np.testing.assert_array_equal(got, np.array(expected))
        for path, got in zip(files, self.decode(files, "--alpha", "mask")):
            with self.subTest(path.name):
                np.testing.assert_array_equal(got[..., :3], np.array(expected))
                np.testing.assert_array_equal(got[..., 3], np.array(alpha))
        on_blue = Image.new("RGBA", colors.size, (0, 64, 255, 255))
        over = expected.copy()
        over.putalpha(alpha)
        on_blue.alpha_composite(over)
        for path, got in zip(files, self.decode(files, "--alpha", "0040ff")):
            with self.subTest(path.name):
                np.testing.assert_array_equal(got, np.array(on_blue.convert("RGB")))

    def test_grey_with_alpha_and_palettes_are_converted_like_others(self):
        gray = Image.fromarray(noise(61, 47, 3)[..., 0])
        alpha = Image.fromarray(noise(61, 47, 5)[..., 0])
        la = gray.copy()
        la.putalpha(alpha)
        profile = icc.gray(icc.gamma(1.5))
        [got] = self.decode([self.saved(la, "la.png", profile)], "--alpha", "mask")
        np.testing.assert_array_equal(got[..., :3], np.array(converted(gray, profile)))
        np.testing.assert_array_equal(got[..., 3], np.array(alpha))
        palette = Image.fromarray(noise(61, 47, 3)).convert("RGB").quantize(60)
        [got] = self.decode([self.saved(palette, "p.png", icc.display_p3())])
        np.testing.assert_array_equal(
            got, np.array(converted(palette.convert("RGB"), icc.display_p3()))
        )

    def test_what_has_no_profile_is_as_without_the_flag_and_turns_are_kept(self):
        picture = Image.fromarray(noise(61, 47, 3))
        exif = Image.Exif()
        exif[0x0112] = 6
        profile = icc.display_p3()
        path = self.saved(picture, "turned.jpg", profile, exif=exif, quality=95)
        [got] = self.decode([path], "--exif")
        with Image.open(path) as stored:
            upright = converted(stored, profile).transpose(Image.Transpose.ROTATE_270)
        np.testing.assert_array_equal(got, np.array(upright))
        [window] = self.decode([path], "--window", "10", "11", "21", "9")
        with Image.open(path) as stored:
            np.testing.assert_array_equal(window, np.array(converted(stored, profile))[11:20, 10:31])
        picture.save(self.folder / "plain.png")
        [got] = self.decode([self.folder / "plain.png"])
        np.testing.assert_array_equal(got, np.array(picture))


if __name__ == "__main__":
    unittest.main()
