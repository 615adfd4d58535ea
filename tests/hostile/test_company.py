"""A picture's verdict, words and numbers do not depend on the pictures around it."""

import io
import json
import os
import random
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from imnorm_test import SLOW, run

MUTANTS = 2500 if SLOW else 400


def scene(seed, width=45, height=37):
    """Smooth colours with some noise; each seed is another picture."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 100 * np.sin(x / (5 + c + seed % 5) + c) * np.cos(y / (9 + c)) for c in range(3)]
    noisy = np.stack(planes, -1) + rng.normal(0, 6, (height, width, 3))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def encoded(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def without_segments(jpeg, marker):
    """The JPEG with its segments of one kind turned into comments."""
    return jpeg.replace(bytes([0xFF, marker]), b"\xff\xfe")


def fax_with_short_rows():
    """A sound Group 4 TIFF of 6 x 6 whose codes leave pixels of their rows unsaid, which are white."""
    strip = bytes.fromhex("0417f580080080")
    values = [(256, 6), (257, 6), (258, 1), (259, 4), (262, 0), (273, 8), (277, 1), (278, 6),
              (279, len(strip))]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values)
    directory = struct.pack("<H", len(values)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 16) + strip.ljust(8, b"\0") + directory


def sound_files():
    """(extension, bytes): sound pictures of every format, with tables of many kinds."""
    files = [("tif", fax_with_short_rows())]
    for seed, quality in enumerate([5, 20, 50, 75, 95]):
        rgb = Image.fromarray(scene(seed))
        grey = rgb.convert("L")
        for picture in (rgb, grey, rgb.convert("CMYK")):
            for options in (
                dict(),
                dict(progressive=True),
                dict(optimize=True),
                dict(restart_marker_blocks=3),
            ):
                files.append(("jpg", encoded(picture, "JPEG", quality=quality, **options)))
        files.append(("png", encoded(rgb, "PNG")))
        files.append(("png", encoded(rgb.quantize(60), "PNG")))
        files.append(("webp", encoded(rgb, "WEBP", quality=quality)))
        files.append(("webp", encoded(rgb, "WEBP", lossless=True)))
        for compression in ("group3", "group4"):
            files.append(("tif", encoded(grey.convert("1"), "TIFF", compression=compression)))
        for compression in ("raw", "tiff_lzw", "tiff_deflate", "packbits", "jpeg"):
            files.append(("tif", encoded(rgb, "TIFF", compression=compression)))
        files.append(("tif", encoded(rgb.quantize(60), "TIFF", compression="tiff_lzw")))
        files.append(("bmp", encoded(rgb, "BMP")))
        files.append(("bmp", encoded(rgb.quantize(60), "BMP")))
        files.append(("ppm", encoded(rgb, "PPM")))
    return files


def set_of_files(mutants, seed):
    """Sound files, files without their tables, and mutants, in no order."""
    rng = random.Random(seed)
    sound = sound_files()
    files = list(sound)
    for extension, data in sound:
        if extension == "jpg":
            files.append((extension, without_segments(data, 0xDB)))  # quantisation tables
            files.append((extension, without_segments(data, 0xC4)))  # Huffman tables
    for _ in range(mutants):
        extension, data = rng.choice(sound)
        changed = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        if rng.random() < 0.2:
            del changed[rng.randrange(len(changed)) :]
        files.append((extension, bytes(changed)))
    rng.shuffle(files)
    return files


class Company(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def path(self, name):
        return self.folder / name

    def outcomes(self, folder, *arguments, **environment):
        """{file: its numbers or its reason} of one run; names are ORDER-NUMBER.EXTENSION."""
        rows = self.path("rows.jsonl")
        result = run("stats", folder, "--per-image", rows, "--force", *arguments, timeout=600,
                     **environment)  # fmt: skip
        found = {}
        if result.stdout:
            for failure in json.loads(result.stdout)["failed"]:
                found[failure["path"]] = failure["reason"]
        else:  # no picture of the run was good: the reasons are on stderr only
            for line in result.stderr.splitlines():
                parts = line.split(": ", 2)
                if parts[0] == "imnorm" and len(parts) == 3 and os.path.exists(parts[1]):
                    found[parts[1]] = parts[2]
        if result.stdout:
            for line in rows.read_text().splitlines():
                row = json.loads(line)
                found[row.pop("path")] = row
        return {os.path.basename(path).split("-", 1)[1]: value for path, value in found.items()}

    def write(self, folder, files, order):
        os.makedirs(folder)
        for place, number in enumerate(order):
            extension, data = files[number]
            with open(os.path.join(folder, f"{place:05}-{number:05}.{extension}"), "wb") as out:
                out.write(data)

    def test_a_file_is_judged_alone_whatever_the_order_the_threads_and_the_shard(self):
        files = set_of_files(MUTANTS, 11)
        numbers = list(range(len(files)))
        orders = [numbers, numbers[::-1], random.Random(5).sample(numbers, len(numbers))]
        alone = {}
        single = self.path("single")
        self.write(single, files, numbers)
        for name in sorted(os.listdir(single)):
            alone.update(self.outcomes(single / name, "-j", "1"))
        self.assertEqual(len(alone), len(files))
        good = sum(isinstance(value, dict) for value in alone.values())
        self.assertGreater(good, len(files) // 8)
        self.assertGreater(len(files) - good, len(files) // 8)
        for index, order in enumerate(orders):
            folder = self.path(f"order{index}")
            self.write(folder, files, order)
            for threads in (1, 2, 8):
                for jpeg in ("auto", "turbo"):
                    together = self.outcomes(folder, "-j", str(threads), "--jpeg", jpeg)
                    self.same(alone, together, f"order {index}, -j {threads}, {jpeg}")
            shards = {}
            for shard in (1, 2, 3):
                shards.update(self.outcomes(folder, "--shard", f"{shard}/3"))
            self.same(alone, shards, f"order {index} in shards")

    def test_a_picture_does_not_depend_on_what_memory_held_before(self):
        folder = self.path("pictures")
        files = set_of_files(MUTANTS, 12)
        self.write(folder, files, range(len(files)))
        first, second = (
            self.outcomes(folder, "-j", "1", MALLOC_PERTURB_=byte) for byte in ("1", "255")
        )
        self.assertEqual(len(first), len(files))
        self.same(first, second, "memory that was 1 or 255")

    def same(self, alone, together, what):
        differing = {
            name: (alone.get(name), together.get(name))
            for name in alone.keys() | together.keys()
            if alone.get(name) != together.get(name)
        }
        self.assertEqual(differing, {}, what)

    def test_a_jpeg_without_tables_is_refused_behind_one_that_has_them(self):
        rgb = Image.fromarray(scene(1))
        for name, marker in (("dqt", 0xDB),):
            folder = self.path(name)
            os.makedirs(folder)
            (folder / "a.jpg").write_bytes(encoded(rgb, "JPEG", progressive=True))
            (folder / "b.jpg").write_bytes(without_segments(encoded(rgb, "JPEG"), marker))
            for jpeg in ("auto", "turbo"):
                result = run("stats", folder, "-j", "1", "--jpeg", jpeg)
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertIn("Quantization table 0x00 was not defined", result.stderr)


if __name__ == "__main__":
    unittest.main()
