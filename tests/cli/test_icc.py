"""ICC profiles on the command line: said where they are left alone, recorded where they are applied."""

import io
import json
import struct
import unittest
import zlib

import numpy as np
from PIL import Image

import icc_profiles as icc
from imnorm_test import (
    DONE,
    NOT_DONE,
    SOME_FAILED,
    USAGE,
    ImnormTest,
    failures_of,
    manifest_of,
    pixels,
    rows_of,
    run,
)


def encoded(kind, profile, mode="RGB", seed=3, **options):
    out = io.BytesIO()
    picture = Image.fromarray(pixels(40, 30, seed)).convert(mode)
    picture.save(out, kind, icc_profile=profile, **options)
    return out.getvalue()


class Icc(ImnormTest):
    def pictures(self, **files):
        for name, data in files.items():
            self.write(f"p/{name.replace('_', '.')}", data)
        return self.folder / "p"

    def mixed(self):
        return self.pictures(
            a_jpg=encoded("JPEG", icc.display_p3(), quality=95),
            b_png=encoded("PNG", icc.adobe_rgb()),
            c_webp=encoded("WEBP", icc.srgb(), lossless=True),
            d_tif=encoded("TIFF", icc.gray(icc.gamma(2.2)), "L"),
            e_jpg=encoded("JPEG", icc.inks(), "CMYK"),
            f_png=encoded("PNG", None),
        )

    def bytes_of(self, folder, *flags, code=DONE):
        self.normalize(folder, "--method", "none", "--dtype", "uint8", "--resize", "20x20", *flags,
                       "--force", code=code)  # fmt: skip
        return (self.folder / "out.npy").read_bytes()

    def test_profiles_other_than_srgb_are_counted_and_named(self):
        folder = self.mixed()
        result = run("stats", folder, "-v")
        self.assertIn("4 pictures have ICC profiles that are not sRGB's", result.stderr)
        self.assertIn("--icc srgb applies them", result.stderr)
        for name in ("a.jpg: its ICC profile (Display P3)", "(Adobe RGB (1998))", "(grey)", "(inks)"):
            self.assertIn(name, result.stderr)
        self.assertEqual(json.loads(result.stdout)["notes"]["profile_ignored"], 4)
        self.bytes_of(folder)
        self.assertEqual(manifest_of(self.folder / "out.npy")["notes"], {"profile_ignored": 4})

    def test_what_is_srgb_by_its_numbers_is_not_noted(self):
        same = {
            "a_png": icc.srgb(),
            "b_png": icc.colors(icc.SRGB, icc.parametric(*icc.SRGB_CURVE), "c2", version=0x04000000),
            "c_png": icc.colors(icc.SRGB, icc.table(icc.srgb_light, 4096), "my camera"),
        }  # fmt: skip
        files = {name: encoded("PNG", profile) for name, profile in same.items()}
        files["d_png"] = encoded("PNG", icc.gray(icc.table(icc.srgb_light)), "L")
        self.assertNotIn("ICC", run("stats", self.pictures(**files), "-v").stderr)
        other = {
            "e_png": icc.colors(icc.SRGB, icc.gamma(2.2), "sRGB IEC61966-2.1"),
            "f_png": icc.colors(icc.P3, icc.parametric(*icc.SRGB_CURVE), "sRGB IEC61966-2.1"),
        }
        for name, profile in other.items():
            folder = self.pictures(**{name: encoded("PNG", profile)})
        self.assertIn("2 pictures have ICC profiles", run("stats", folder).stderr)

    def test_applied_profiles_are_in_plan_and_manifest_and_not_noted(self):
        folder = self.mixed()
        plain = self.bytes_of(folder)
        applied = self.bytes_of(folder, "--icc", "srgb")
        self.assertNotEqual(plain, applied)
        manifest = manifest_of(self.folder / "out.npy")
        self.assertEqual(manifest["plan"]["icc"], "srgb")
        self.assertIn("Little CMS", manifest["codecs"])
        self.assertNotIn("profile_ignored", manifest.get("notes", {}))
        again = self.normalize("--config", self.folder / "out.npy.manifest.json", folder,
                               out="again.npy")  # fmt: skip
        self.assertEqual(again.read_bytes(), applied)
        statistics = self.stats(folder, "--icc", "srgb")
        self.assertEqual(statistics["plan"]["icc"], "srgb")
        self.assertNotEqual(statistics["mean"], self.stats(folder)["mean"])

    def test_the_bytes_are_the_same_for_any_j_and_in_isolation(self):
        for i in range(24):
            profile = (icc.display_p3(), icc.adobe_rgb(), icc.colors(icc.P3, icc.gamma(1 + i / 9)))[i % 3]
            self.write(f"p/{i:02}.png", encoded("PNG", profile, seed=i))
        folder = self.mixed()
        first = self.bytes_of(folder, "--icc", "srgb", "-j", "1")
        for flags in (["-j", "2"], ["-j", "8"], ["-j", "3", "--isolate"], ["--memory", "40M"]):
            with self.subTest(flags):
                self.assertEqual(self.bytes_of(folder, "--icc", "srgb", *flags), first)

    def test_damaged_profiles_fail_the_picture_where_they_are_applied_and_nowhere_else(self):
        p3 = icc.display_p3()
        long = encoded("JPEG", icc.display_p3(pad=100_000))
        second = long.index(b"ICC_PROFILE\0\2\2")
        missing = long[: second - 4] + long[second - 2 + struct.unpack_from(">H", long, second - 2)[0] :]
        png = encoded("PNG", p3)
        at = png.index(b"iCCP")
        size = struct.unpack_from(">I", png, at - 4)[0]
        body = png[at : at + 4 + size - 9] + bytes(9)
        cut = png[:at] + body + struct.pack(">I", zlib.crc32(body)) + png[at + 8 + size :]
        files = {
            "a_jpg": encoded("JPEG", p3[:200]),
            "b_png": encoded("PNG", b"no profile at all" * 20),
            "c_webp": encoded("WEBP", p3[:36] + b"ABCD" + p3[40:]),
            "d_tif": encoded("TIFF", p3[:128] + bytes(len(p3) - 128)),
            "e_jpg": missing,
            "f_png": cut,
            "g_png": encoded("PNG", icc.gray(icc.gamma(2.2))),
            "h_jpg": encoded("JPEG", p3, "L"),
            "i_jpg": encoded("JPEG", icc.display_p3(), "CMYK"),
            "j_png": encoded("PNG", p3),
        }  # fmt: skip
        folder = self.pictures(**files)
        without = self.bytes_of(folder)
        self.assertEqual(len(rows_of(self.folder / "out.npy")), 10)
        self.bytes_of(folder, "--icc", "srgb", code=SOME_FAILED)
        failures = failures_of(self.folder / "out.npy")
        self.assertEqual(len(failures), 9, failures)
        items = manifest_of(self.folder / "out.npy")["items"]
        for name, words in (("a", "ICC profile"), ("b", "ICC profile is damaged"), ("c", "damaged"),
                            ("e", "2 parts, and 1 are there"), ("f", "does not inflate"),
                            ("g", "one of grey, and the picture is RGB"),
                            ("h", "one of RGB, and the picture is grey"),
                            ("i", "the picture is CMYK")):  # fmt: skip
            with self.subTest(name):
                item = next(i for i in items if i["path"].split("/")[-1].startswith(name))
                self.assertEqual(item["error"], "corrupt")
                self.assertIn(words, item["reason"])
        self.assertEqual(self.bytes_of(folder), without)

    def test_what_srgb_does_not_go_with_is_refused_by_name(self):
        folder = self.mixed()
        for flags in (["--depth", "16"], ["--channels", "native"]):
            result = run("normalize", folder, "--icc", "srgb", "--resize", "8x8", "-o", "o.npy",
                         *flags, "--mean", "0", "--std", "1")  # fmt: skip
            self.assert_exit(USAGE, result)
            self.assertIn("--icc srgb makes 8 bits", result.stderr)
        result = run("normalize", folder, "--icc", "p3", "-o", "o.npy")
        self.assert_exit(USAGE, result)
        self.assertIn("ignore", result.stderr)

    def test_without_the_module_the_flag_ends_the_run_before_it_begins(self):
        modules = self.folder / "modules"
        modules.mkdir()
        folder = self.mixed()
        for command in (["normalize", "--preset", "half", "-o", self.folder / "o.npy"], ["stats"]):
            result = run(*command, folder, "--icc", "srgb", IMNORM_MODULE_PATH=str(modules))
            self.assert_exit(NOT_DONE, result)
            self.assertIn("imnorm_icc.so", result.stderr)
            self.assertIn("imnorm-formats", result.stderr)
        self.assertFalse((self.folder / "o.npy").exists())
        self.assertIn("not applied here: install", run("formats", IMNORM_MODULE_PATH=str(modules)).stdout)

    def test_a_changed_profile_is_a_picture_or_a_reason(self):
        rng = np.random.default_rng(4)
        for kind, mode, profile in (("PNG", "RGB", icc.display_p3()), ("TIFF", "CMYK", icc.inks(grid=3)),
                                    ("JPEG", "L", icc.gray(icc.table(lambda x: x**2, 40)))):  # fmt: skip
            for i in range(60):
                changed = bytearray(profile)
                for at in rng.integers(0, len(profile), 1 + i % 4):
                    changed[at] = rng.integers(0, 256)
                self.write(f"q/{mode}{i}.{kind.lower()}", encoded(kind, bytes(changed), mode))
        result = run("normalize", self.folder / "q", "--method", "none", "--dtype", "uint8", "--resize",
                     "8x8", "--icc", "srgb", "-o", self.folder / "q.npy")  # fmt: skip
        self.assertIn(result.returncode, (DONE, SOME_FAILED))
        failures = failures_of(self.folder / "q.npy")
        self.assertEqual(set(failures.values()), {"corrupt"})
        self.assertLess(len(failures), 180)


if __name__ == "__main__":
    unittest.main()
