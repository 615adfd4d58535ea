"""--memory: pictures take no more at once, the same ones are refused at every -j, and a system that
has none left ends the run: that is no picture's fault."""

import io
import os
import resource
import struct
import subprocess
import sys
import unittest
import zlib

import numpy as np
from format_files import Files, has
from imnorm_test import (
    DONE,
    NOT_DONE,
    SOME_FAILED,
    USAGE,
    ImnormTest,
    binary,
    jpeg,
    manifest_of,
    run,
    sanitized,
)
from PIL import Image

MIB = 1 << 20
# What the program takes beside pictures: itself, its libraries, some rows and files a thread.
OWN = 16 * MIB
# A process begins with the size of the one that it comes of: that has to be small.
MEASURE = """
import os, sys
child = os.fork()
if child == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""
SANITIZED = sanitized()


def noise(width, height, channels=3, seed=0):
    generator = np.random.default_rng(seed)
    return generator.integers(0, 256, (height, width, channels), dtype=np.uint8)


def encode(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def webp(width, height):
    """A lossless one of noise: large, and as fast to write as can be."""
    picture = Image.fromarray(noise(width, height))
    return encode(picture, "WEBP", lossless=True, quality=0, method=0)


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)]
PASSES += [(0, 1, 1, 2)]


def interlaced_png(width, height, channels=3):
    rows = noise(width, height, channels)
    data = b""
    for x, y, step_x, step_y in PASSES:
        for row in rows[y::step_y, x::step_x]:
            data += b"\0" + row.tobytes()

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(data, 1))
        + chunk(b"IEND", b"")
    )


def turned(data):
    exif = Image.Exif()
    exif[0x0112] = 6
    return encode(Image.open(io.BytesIO(data)), "JPEG", exif=exif)


SIDE = 4000


def large_pictures():
    rgb = Image.fromarray(noise(SIDE, SIDE))
    rgba = Image.fromarray(noise(SIDE, SIDE, 4))
    progressive = encode(rgb, "JPEG", progressive=True, subsampling=0)
    return {
        "lossless.webp": (webp(SIDE, SIDE), []),
        "alpha.webp": (encode(rgba, "WEBP", lossless=True, quality=0, method=0), []),
        "lossy.webp": (encode(rgb, "WEBP", quality=30, method=0), []),
        "lossy_alpha.webp": (encode(rgba, "WEBP", quality=30, method=0), ["--alpha", "white"]),
        "interlaced.png": (interlaced_png(SIDE, SIDE), []),
        "spng.png": (interlaced_png(SIDE, SIDE, 4), ["--png", "spng", "--alpha", "white"]),
        "progressive.jpg": (progressive, ["--jpeg", "turbo"]),
        "turned.jpg": (turned(encode(rgb, "JPEG")), ["--exif", "apply"]),
        "strip.tif": (encode(rgb, "TIFF", compression="tiff_lzw", tiffinfo={278: SIDE}), []),
        "gray.webp": (encode(rgb.convert("L"), "WEBP", lossless=True, quality=0, method=0), []),
    }


class Memory(ImnormTest):
    def peak(self, *arguments):
        """Exit code, stderr and the largest number of bytes that were resident."""
        result = subprocess.run(
            [sys.executable, "-S", "-c", MEASURE, binary(), *map(str, arguments)],
            capture_output=True,
            text=True,
        )
        code, peak = map(int, result.stdout.split())
        return code, result.stderr, peak * 1024

    @unittest.skipIf(SANITIZED, "sanitizers take memory of their own")
    def test_a_picture_takes_what_it_is_said_to_take(self):
        for name, (data, options) in large_pictures().items():
            with self.subTest(name):
                path = self.write(name, data)
                said, code = MIB, NOT_DONE
                for _ in range(3):  # of a large file, at first only that it is one
                    code, told, peak = self.peak("stats", path, *options, "--memory", said)
                    if code == DONE:
                        break
                    self.assertEqual(code, NOT_DONE, told)
                    said = (int(told.split("it takes ")[1].split("M")[0]) + 1) * MIB
                self.assertEqual(code, DONE, told)
                self.assertLess(said, 9 * SIDE * SIDE + len(data))
                self.assertLess(peak, said + len(data) + OWN)

    @unittest.skipIf(SANITIZED, "sanitizers take memory of their own")
    def test_formats_of_modules_take_no_more_than_they_are_said_to(self):
        side = 1000
        rgb = Image.fromarray(noise(side, side))
        rgba = Image.fromarray(noise(side, side, 4))
        for name, picture, command in (
            ("plain.jp2", rgb, None), ("tiles.jp2", rgb, dict(tile_size=(128, 128))),
            ("blocks.jp2", rgb, dict(codeblock_size=(4, 4))),
            ("precincts.jp2", rgb, dict(precinct_size=(32, 32))), ("alpha.jp2", rgba, None),
            ("modular.jxl", rgb, ["cjxl", "IN", "OUT", "-m", "1", "-e", "3", "-d", "2"]),
            ("alpha.jxl", rgba, ["cjxl", "IN", "OUT", "-e", "3"]),
            ("444.avif", rgb, ["avifenc", "-s", "10", "-y", "444", "IN", "OUT"]),
            ("alpha.avif", rgba, ["avifenc", "-s", "10", "-d", "10", "IN", "OUT"]),
            ("420.heic", rgb, ["heif-enc", "-p", "preset=ultrafast", "IN", "-o", "OUT"]),
            ("alpha.heic", rgba, ["heif-enc", "-p", "preset=ultrafast", "IN", "-o", "OUT"]),
        ):  # fmt: skip
            with self.subTest(name):
                files = Files(self.folder / "made")
                if command is None or isinstance(command, dict):
                    files.pillow(picture, name, **(command or {}))
                elif has(command[0]):
                    files.program(command[0], picture, name, *command)
                else:
                    print(f"SKIPPED: no {command[0]} here")
                    continue
                path = files.made[0][1]
                if "there is no module" in self.peak("stats", path)[1]:
                    print(f"SKIPPED: no module for {name}")
                    continue
                code, told, _ = self.peak("stats", path, "--memory", 15 * MIB)
                said = 15 * MIB
                if code != DONE:
                    self.assertIn("it takes ", told)
                    said = (int(told.split("it takes ")[1].split("M")[0]) + 1) * MIB
                code, told, peak = self.peak("stats", path, "--memory", said)
                self.assertEqual(code, DONE, told)
                self.assertLess(peak, said + path.stat().st_size + OWN)

    @unittest.skipIf(SANITIZED, "sanitizers take memory of their own")
    def test_many_large_pictures_at_once_take_no_more(self):
        data = webp(3000, 3000)
        for i in range(8):
            self.write(f"p/{i}.webp", data)
        code, told, peak = self.peak("stats", self.folder / "p", "-j", "8", "--memory", "160M")
        self.assertEqual(code, DONE, told)
        self.assertLess(peak, 160 * MIB + OWN)
        *_, free = self.peak("stats", self.folder / "p", "-j", "8", "--memory", "2G")
        self.assertGreater(free, peak)

    def test_the_same_pictures_are_refused_at_every_number_of_threads(self):
        for i in range(12):
            self.write(f"p/{i}.jpg", jpeg(60 + i, 50, seed=i))
        self.write("p/large.webp", webp(2500, 2500))
        self.write("p/small.webp", webp(1000, 1000))
        large = Image.fromarray(noise(2500, 2500))
        self.write("p/progressive.jpg", encode(large, "JPEG", progressive=True))
        plan = ["--resize", "32x32", "--mean", "0.5", "--std", "0.5"]
        made = []
        for threads in ("1", "2", "8"):
            out = self.folder / f"{threads}.npy"
            command = ["normalize", self.folder / "p", *plan, "-j", threads, "-o", out]
            result = run(*command, "--memory", "20M")
            self.assert_exit(SOME_FAILED, result)
            self.assertIn("large.webp: too large: it takes", result.stderr)
            self.assertIn("--memory", result.stderr)
            self.assertIn("14 of 15", result.stderr)  # our own decoder keeps no coefficients
            made.append((out.read_bytes(), manifest_of(out)["items"]))
        self.assertEqual(made[0], made[1])
        self.assertEqual(made[0], made[2])

    def test_rows_under_way_count(self):
        for i in range(6):
            picture = Image.fromarray(noise(1500, 1500, seed=i))
            self.write(f"p/{i}.png", encode(picture, "PNG", compress_level=1))
        plan = ["--mean", "0.5", "--std", "0.5"]  # 27 MB a row
        outs = []
        for memory in ("60M", "4G"):
            out = self.folder / f"{memory}.npy"
            command = ["normalize", self.folder / "p", *plan, "-j", "8", "-o", out]
            code, told, peak = self.peak(*command, "--memory", memory)
            self.assertEqual(code, DONE, told)
            outs.append((out.read_bytes(), peak))
        self.assertEqual(outs[0][0], outs[1][0])
        if not SANITIZED:
            self.assertLess(outs[0][1], 60 * MIB + 8 * 7 * MIB + OWN)
            self.assertLess(outs[0][1], outs[1][1])

    @unittest.skipIf(SANITIZED, "sanitizers reserve terabytes")
    def test_a_system_without_memory_is_no_pictures_fault(self):
        for i in range(8):
            self.write(f"p/{i}.webp", webp(2000, 2000))
            self.write(f"p/{i}.jpg", jpeg(60 + i, 50, seed=i))
        whole = run("stats", self.folder / "p", "--memory", "4G").stdout
        ends = set()
        for limit in range(40, 300, 20):
            result = subprocess.run(
                [binary(), "stats", self.folder / "p", "-j", "8", "--memory", "4G"],
                capture_output=True,
                text=True,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit * MIB,) * 2),
            )
            ends.add(result.returncode)
            if result.returncode == DONE:
                self.assertEqual(result.stdout, whole)
            else:
                self.assertEqual(result.returncode, NOT_DONE, (limit, result.stderr))
                self.assertEqual(result.stdout, "")
        self.assertIn(NOT_DONE, ends)

    @unittest.skipIf(SANITIZED, "a sanitizer's runtime opens files of its own")
    def test_too_few_descriptors_are_no_pictures_fault(self):
        for i in range(30):
            self.write(f"p/{i}.jpg", jpeg(60 + i, 50, seed=i))
        whole = run("stats", self.folder / "p").stdout
        for limit in range(4, 16):
            result = subprocess.run(
                [binary(), "stats", self.folder / "p", "-j", "8"],
                capture_output=True,
                text=True,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit,) * 2),
            )
            if result.returncode == DONE:
                self.assertEqual(result.stdout, whole)
            else:
                self.assertIn(result.returncode, (NOT_DONE, USAGE, 127), result.stderr)

    def test_a_size_that_is_none_is_refused(self):
        for text in ("0", "-1", "5X", "M", "1e9", "99999999999G", "1.5G", " 5M"):
            result = run("stats", self.write("x.jpg", jpeg()), f"--memory={text}")
            self.assert_exit(USAGE, result)
            self.assertIn("--memory", result.stderr)
        for text in ("64M", "64MB", "64MiB", "1g", "70000000"):
            self.assert_exit(DONE, run("stats", self.write("x.jpg", jpeg()), "--memory", text))


if __name__ == "__main__":
    unittest.main()
