"""imnorm verify: each kind of finding on a picture made for it, and on no sound one."""

import io
import json
import os
import subprocess
import unittest

import numpy as np
from PIL import Image

from imnorm_test import DONE, NOT_DONE, USAGE, ImnormTest, binary, encode, jpeg, pixels, png, run

FOUND = 1


class Verify(ImnormTest):
    def put(self, name, data, under="set"):
        path = self.folder / under / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def picture(self, array, kind="PNG", **options):
        return encode(Image.fromarray(np.ascontiguousarray(array)), kind, **options)

    def sound(self, count=6, under="set"):
        """Sharp, colourful pictures of one size."""
        for i in range(count):
            self.put(f"ok{i}.png", self.picture(pixels(120, 90, 10 + i)), under)

    def findings(self, *arguments, code=None, folder="set"):
        result = run("verify", self.folder / folder, *arguments)
        if code is not None:
            self.assert_exit(code, result)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def kinds(self, *arguments, code=None, folder="set"):
        """{file name: its kinds}"""
        found = {}
        for finding in self.findings(*arguments, code=code, folder=folder):
            found.setdefault(os.path.basename(finding["path"]), []).append(finding["kind"])
        return found

    def test_of_sound_pictures_nothing_is_found(self):
        self.sound()
        self.put("photo.jpg", jpeg(120, 90, 3))
        self.assertEqual(self.findings("--fail-on", "info", code=DONE), [])

    def test_what_cannot_be_read_is_an_error(self):
        self.sound()
        whole = jpeg(120, 90, 1)
        self.put("cut.jpg", whole[: len(whole) // 2])
        self.put("empty.jpg", b"")
        self.put("x.psd", b"8BPS\0\1" + bytes(40))
        self.put("notes.txt", b"no picture")
        self.assertEqual(
            self.kinds(code=FOUND),
            {"cut.jpg": ["damaged"], "empty.jpg": ["empty"], "x.psd": ["unread"]},
        )
        [cut] = [f for f in self.findings() if f["kind"] == "damaged"]
        self.assertIn(f"a file of {len(whole) // 2} bytes", cut["text"])
        self.assertEqual(cut["level"], "error")

    def test_what_headers_say_is_found(self):
        self.sound()
        array = pixels(120, 90, 1)
        picture = Image.fromarray(array)
        self.put("png.jpg", self.picture(array))
        self.put("inks.jpg", encode(picture.convert("CMYK"), "JPEG"))
        wide = np.random.default_rng(1).integers(0, 65536, (90, 120)).astype(np.uint16)
        self.put("wide.png", self.picture(wide))
        exif = Image.Exif()
        exif[0x0112] = 6
        self.put("turned.jpg", jpeg(120, 90, 7, exif=exif))
        frames = [Image.fromarray(pixels(120, 90, 20 + i)).quantize(200) for i in range(3)]
        out = io.BytesIO()
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
        self.put("frames.gif", out.getvalue())
        found = self.kinds(code=DONE)
        self.assertEqual(found.pop("png.jpg"), ["wrong_extension"])
        self.assertEqual(found.pop("inks.jpg"), ["cmyk"])
        self.assertEqual(found.pop("wide.png"), ["16_bit", "gray"])
        self.assertEqual(found.pop("turned.jpg"), ["rotated"])
        self.assertEqual(found.pop("frames.gif"), ["animated", "palette"])
        self.assertEqual(found, {})

    def test_colours_below_no_alpha_are_found(self):
        self.sound()
        array = np.dstack([pixels(120, 90, 2), np.full((90, 120), 255, np.uint8)])
        self.put("opaque.png", self.picture(array))
        array[:20, :, 3] = 0
        self.put("hidden.png", self.picture(array))
        array[:20, :, :3] = 0
        self.put("clean.png", self.picture(array))
        self.assertEqual(self.kinds(), {"hidden.png": ["hidden_colours"]})

    def test_how_pictures_look(self):
        self.sound(8)
        array = pixels(120, 90, 5).astype(float)
        self.put("dark.png", self.picture((array * 0.2).astype(np.uint8)))
        self.put("bright.png", self.picture((255 - array * 0.04).astype(np.uint8)))
        self.put("blank.png", self.picture(np.full((90, 120, 3), 130, np.uint8)))
        y, x = np.mgrid[0:90, 0:120]
        smooth = 64 + (x / 119 * 0.6 + y / 89 * 0.4) * 127
        self.put("blurred.png", self.picture(np.dstack([smooth, smooth, smooth / 2]).astype(np.uint8)))
        gray = Image.fromarray(pixels(120, 90, 7)).convert("L")
        self.put("gray.png", encode(gray, "PNG"))
        self.put("gray_as_rgb.png", encode(gray.convert("RGB"), "PNG"))
        found = self.kinds()
        self.assertIn("dark", found["dark.png"])
        self.assertIn("bright", found["bright.png"])
        self.assertIn("blank", found["blank.png"])
        self.assertEqual(found["blurred.png"], ["blurred"])
        self.assertEqual(found["gray.png"], ["gray"])
        self.assertEqual(found["gray_as_rgb.png"], ["duplicate", "gray"])
        for name, kinds in found.items():
            self.assertFalse(name.startswith("ok"), (name, kinds))

    def test_brightness_is_cleanvisions(self):
        rng = np.random.default_rng(5)
        for number in range(12):
            array = rng.integers(0, rng.integers(30, 256), (40, 53, 3)).astype(np.uint8)
            if number % 3 == 0:
                array = 255 - array
            self.put(f"{number:02}.png", self.picture(array))
            r, g, b = (array[..., c].astype(int) for c in range(3))
            bright = np.sqrt(0.241 * r * r + 0.691 * g * g + 0.068 * b * b) / 255
            low, high = np.percentile(bright, [5, 99])
            kinds = self.kinds().get(f"{number:02}.png", [])
            self.assertEqual("dark" in kinds, high < 0.32, number)
            self.assertEqual("bright" in kinds, low > 0.95, number)

    def test_odd_sizes_and_shapes(self):
        self.sound(12)
        self.put("tiny.png", self.picture(pixels(12, 9, 3)))
        self.put("wide.png", self.picture(pixels(300, 36, 3)))
        found = self.kinds()
        self.assertIn("odd_size", found["tiny.png"])
        self.assertEqual([k for k in found["wide.png"] if k != "odd_size"], ["odd_aspect"])

    def test_duplicates_are_found_across_formats(self):
        self.sound(3)
        array = pixels(120, 90, 30)
        first = self.put("a.png", self.picture(array))
        self.put("b.bmp", self.picture(array, "BMP"))
        self.put("c.webp", self.picture(array, "WEBP", lossless=True))
        self.put("turned.png", self.picture(array[:, ::-1]))
        found = self.findings()
        self.assertEqual([f["kind"] for f in found], ["duplicate"] * 2)
        self.assertEqual({f["other"] for f in found}, {str(first)})

    def test_near_duplicates_only_on_request(self):
        self.sound(5)
        array = Image.fromarray(pixels(120, 90, 31))
        self.put("n0.png", encode(array, "PNG"))
        self.put("n1.jpg", encode(array, "JPEG", quality=70))
        self.put("n2.png", encode(array.resize((100, 75), Image.LANCZOS), "PNG"))
        self.assertEqual(self.kinds("--list", "near_duplicate"), {})
        found = [f for f in self.findings("--near", "4") if f["kind"] == "near_duplicate"]
        self.assertEqual([os.path.basename(f["path"]) for f in found], ["n1.jpg", "n2.png"])
        self.assertTrue(all(f["other"].endswith("n0.png") for f in found))

    def test_leaks_between_two_sets(self):
        self.sound(4)
        self.sound(2, under="other")
        array = Image.fromarray(pixels(120, 90, 44))
        self.put("near.png", encode(array, "PNG"))
        self.put("n.jpg", encode(array, "JPEG", quality=80), under="other")
        other = ("--other", self.folder / "other")
        self.assertEqual(self.kinds(*other, code=FOUND), {"ok0.png": ["leak"], "ok1.png": ["leak"]})
        found = self.kinds(*other, "--near", "4")
        self.assertEqual(found.pop("near.png"), ["near_leak"])
        self.assertEqual(set(found), {"ok0.png", "ok1.png"})

    def test_names_that_differ_only_by_case(self):
        self.sound(2)
        self.put("Cat.png", self.picture(pixels(120, 90, 50)))
        self.put("cat.png", self.picture(pixels(120, 90, 51)))
        [found] = self.findings()
        self.assertEqual(found["kind"], "case_twins")

    def test_exit_codes_follow_the_level(self):
        self.sound(3)
        self.put("gray.png", encode(Image.fromarray(pixels(120, 90, 7)).convert("L"), "PNG"))
        self.findings(code=DONE)
        self.findings("--fail-on", "warning", code=DONE)
        self.findings("--fail-on", "info", code=FOUND)
        self.put("x.jpg", self.picture(pixels(120, 90, 8)))
        self.findings("--fail-on", "warning", code=FOUND)
        self.findings(code=DONE)
        self.put("cut.png", png(120, 90)[:300])
        self.findings(code=FOUND)

    def test_a_list_is_paths_alone(self):
        self.sound(2)
        cut = self.put("a b\n.png", png(120, 90)[:300])
        result = subprocess.run(
            [binary(), "verify", self.folder / "set", "--list", "damaged", "-0"],
            capture_output=True, check=False,
        )  # fmt: skip
        self.assertEqual(result.returncode, FOUND)
        self.assertEqual(result.stdout, os.fsencode(cut) + b"\0")
        lines = run("verify", self.folder / "set", "--list", "cmyk")
        self.assert_exit(FOUND, lines)
        self.assertEqual(lines.stdout, "")

    def test_csv_and_table(self):
        self.sound(2)
        self.put('quo"te,.png', png(120, 90)[:300])
        lines = run("verify", self.folder / "set", "--emit", "csv").stdout.splitlines()
        self.assertEqual(lines[0], "path,kind,level,text,other")
        self.assertTrue(lines[1].startswith(f'"{self.folder}/set/quo""te,.png",damaged,error,'))
        for i in range(9):
            self.put(f"x{i}.jpg", self.picture(pixels(120, 90, 60 + i)))
        table = run("verify", self.folder / "set", "--emit", "table").stdout.splitlines()
        self.assertEqual(table[0], "1 damaged (error): the file is damaged")
        self.assertEqual(table[2], "9 wrong_extension (warning): the extension is another format's")
        self.assertEqual(table[-1], "  ... and 4 more")
        self.assertTrue(all(len(line) <= 80 for line in table))
        whole = run("verify", self.folder / "set", "--emit", "table", "-v").stdout.splitlines()
        self.assertEqual(len(whole), 12)

    def test_threads_change_nothing(self):
        self.sound(20)
        self.put("cut.png", png(120, 90)[:300])
        self.put("again.png", self.picture(pixels(120, 90, 12)))
        texts = {run("verify", self.folder / "set", "--near", "12", "-j", str(j)).stdout for j in (1, 2, 8)}
        self.assertEqual(len(texts), 1)

    def test_what_cannot_be_meant_is_refused(self):
        self.sound(1)
        np.save(self.folder / "x.npy", np.zeros((2, 3, 4, 4), np.float32))
        folder = self.folder / "set"
        for arguments, code, word in (
            ([self.folder / "x.npy"], USAGE, "imnorm inspect"),
            ([folder, "--shard", "1/2"], USAGE, "held against all others"),
            ([folder, "--near", "13"], USAGE, "0 to 12"),
            ([folder, "--list", "damage"], USAGE, "damaged"),
            ([folder, "--fail-on", "never"], USAGE, "error"),
            ([folder, "--emit", "xml"], USAGE, "csv"),
            ([folder, "--list", "damaged", "--emit", "csv"], USAGE, "--emit"),
            ([folder, "--other", self.folder / "none"], NOT_DONE, "none"),
        ):
            result = run("verify", *arguments)
            self.assertNotIn(result.returncode, (DONE, FOUND), arguments)
            self.assertIn(word, result.stderr)
        (self.folder / "void").mkdir()
        self.assert_exit(NOT_DONE, run("verify", self.folder / "void"))


if __name__ == "__main__":
    unittest.main()
