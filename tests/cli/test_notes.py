"""What is skipped in a good picture is said: a line a kind, and counts that add up over shards."""

import io
import json
import unittest

import numpy as np
from PIL import Image

from imnorm_test import encode, jpeg, manifest_of, pixels, png, run
from stats_reference import StatsTest

# The key of a kind, a phrase of its line, and the flag that changes it.
KINDS = {
    "rotation_not_applied": ("stored rotated", "--exif apply"),
    "bits_reduced": ("16 bits", "--depth 16"),
    "alpha_dropped": ("alpha, which was dropped", "--alpha white"),
    "further_pages": ("further pictures", "--frame"),
    "further_frames": ("further frames", "--frame"),
}


def picture(seed, channels=3):
    return Image.fromarray(pixels(31, 23, seed, channels))


def animated_png():
    out = io.BytesIO()
    picture(1).save(out, "PNG", save_all=True, append_images=[picture(2)])
    return out.getvalue()


def several_jpegs():
    out = io.BytesIO()
    picture(1).save(out, "MPO", save_all=True, append_images=[picture(2)])
    return out.getvalue()


def pages():
    out = io.BytesIO()
    picture(1).save(out, "TIFF", save_all=True, append_images=[picture(2)])
    return out.getvalue()


def rotated(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    return encode(picture(3), kind, exif=exif.tobytes())


def sixteen_bits():
    samples = np.arange(31 * 23, dtype=np.uint16).reshape(23, 31) * 90
    return encode(Image.fromarray(samples), "PNG")


class Notes(StatsTest):
    def write_set(self):
        self.write_all({
            "plain.jpg": jpeg(31, 23),
            "plain.png": png(31, 23),
            "rotated.jpg": rotated("JPEG"),
            "rotated.png": rotated("PNG"),
            "wide.png": sixteen_bits(),
            "alpha.png": encode(picture(4, 4), "PNG"),
            "alpha.webp": encode(picture(4, 4), "WEBP"),
            "alpha.tif": encode(picture(4, 4), "TIFF"),
            "palette.png": encode(picture(5).quantize(7), "PNG", transparency=2),
            "pages.tif": pages(),
            "frames.png": animated_png(),
            "frames.jpg": several_jpegs(),
        })
        return self.folder / "pictures"

    expected = {"rotation_not_applied": 2, "bits_reduced": 1, "alpha_dropped": 4,
                "further_pages": 1, "further_frames": 2}

    def assert_lines(self, stderr, kinds):
        for kind, (phrase, flag) in KINDS.items():
            lines = [line for line in stderr.splitlines() if phrase in line]
            self.assertEqual(len(lines), 1 if kind in kinds else 0, stderr)
            if lines:
                self.assertTrue(lines[0].startswith(str(kinds[kind])), lines[0])
                self.assertIn(flag, lines[0])

    def test_a_run_says_each_kind_once_and_counts_it(self):
        pictures = self.write_set()
        result = run("stats", pictures)
        self.assert_exit(0, result)
        stats = json.loads(result.stdout)
        self.assert_valid(stats)
        self.assertEqual(stats["notes"], self.expected)
        self.assert_lines(result.stderr, self.expected)

        result = run("normalize", pictures, "--preset", "imagenet", "-o", self.folder / "o.npy")
        self.assert_exit(0, result)
        manifest = manifest_of(self.folder / "o.npy")
        self.assertEqual(manifest["notes"], self.expected)
        self.assert_lines(result.stderr, self.expected)
        notes = {item["path"].rsplit("/")[-1]: item.get("notes") for item in manifest["items"]}
        self.assertIsNone(notes["plain.png"])
        self.assertIn("16-bit", notes["wide.png"][0])

    def test_nothing_is_said_where_nothing_is_skipped(self):
        pictures = self.write_set()
        result = run("stats", pictures, "--exif", "apply", "--alpha", "white", "--depth", "16")
        self.assert_exit(0, result)
        left = {"further_pages": 1, "further_frames": 2}
        self.assertEqual(json.loads(result.stdout)["notes"], left)
        self.assert_lines(result.stderr, left)
        plain = self.write_all({"a.jpg": jpeg(), "b.png": png()}, "plain")
        result = run("stats", plain)
        self.assertEqual(json.loads(result.stdout)["notes"], {})
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)

    def test_quiet_leaves_the_lines_out_and_verbose_names_the_files(self):
        pictures = self.write_set()
        self.assertEqual(run("stats", pictures, "-q").stderr, "")
        result = run("stats", pictures, "-v")
        for name in ("rotated.jpg", "wide.png", "palette.png", "pages.tif", "frames.jpg"):
            self.assertRegex(result.stderr, rf"(?m)^\S*/{name}: ")

    def test_shards_add_up_to_the_same_counts_and_the_merge_says_them(self):
        pictures = self.write_set()
        whole = run("stats", pictures).stdout
        parts = []
        for i in (1, 2, 3):
            parts.append(self.folder / f"{i}.json")
            self.assert_exit(0, run("stats", pictures, "--shard", f"{i}/3", "-o", parts[-1]))
        merged = run("merge", *parts)
        self.assert_exit(0, merged)
        self.assertEqual(merged.stdout, whole)
        self.assert_lines(merged.stderr, self.expected)

    def test_counts_that_cannot_be_are_refused(self):
        pictures = self.write_set()
        part = self.folder / "part.json"
        run("stats", pictures, "-o", part)
        text = part.read_text()
        for bad in ('{"alpha_dropped": 13}', '{"alpha_dropped": -1}', '{"alpha_dropped": 0.5}',
                    '{"colours_lost": 1}', "[]"):
            stats = json.loads(text)
            stats["notes"] = json.loads(bad)
            part.write_text(json.dumps(stats))
            result = run("merge", part)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("notes", result.stderr)


if __name__ == "__main__":
    unittest.main()
