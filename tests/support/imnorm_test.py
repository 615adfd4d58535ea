"""What the Python tests share: the binary under test, a folder of their own, pictures of all kinds.

The binary is $IMNORM; ctest sets it.
"""

import base64
import io
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

SOURCE = Path(__file__).resolve().parent.parent.parent
SAMPLES = SOURCE / "sample_images"
SLOW = os.environ.get("IMNORM_SLOW_TESTS") == "1"
DONE, SOME_FAILED, USAGE, NOT_DONE = 0, 1, 2, 3


def binary():
    path = os.environ.get("IMNORM")
    if not path or not os.access(path, os.X_OK):
        sys.exit("set IMNORM to the imnorm binary (ctest does)")
    return path


def sanitized():
    """Whether the build under test is a sanitizer's, whose runtime makes calls and threads, takes
    memory and reserves terabytes of its own, and stands before a module's answers."""
    cache = Path(binary()).parent / "CMakeCache.txt"
    return cache.exists() and "-fsanitize" in cache.read_text()


def run(*arguments, stdin=None, timeout=120, cwd=None, **environment):
    """Runs imnorm to its end. Text is UTF-8; other bytes come as surrogates, as in os.fsdecode."""
    return subprocess.run(
        [binary(), *map(os.fspath, arguments)],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=timeout,
        cwd=cwd,
        env={**os.environ, **environment},
    )


def start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **environment):
    """Starts imnorm, for tests that meet it on its way."""
    return subprocess.Popen(
        [binary(), *map(os.fspath, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env={**os.environ, **environment},
    )


def wait_until(state, process):
    """Returns when state() holds. A run that ends before, or never gets there, fails the test."""
    while not state():
        if process.poll() is not None:
            raise AssertionError(f"the run was over too soon: {process.communicate()}")
        time.sleep(0.005)


def is_full(writer):
    """Whether a pipe takes no more."""
    return not select.select([], [writer], [], 0)[1]


def manifest_of(tensor):
    return json.loads(Path(f"{tensor}.manifest.json").read_bytes())


def path_of(item):
    """The path of a manifest's item as bytes."""
    return base64.b64decode(item["path_b64"]) if "path_b64" in item else item["path"].encode()


def rows_of(tensor):
    """Paths of the pictures in a tensor, in row order."""
    items = [item for item in manifest_of(tensor)["items"] if "row" in item]
    paths = [None] * len(items)
    for item in items:
        paths[item["row"]] = path_of(item)
    return paths


def failures_of(tensor):
    """File name -> error code, from the manifest."""
    items = manifest_of(tensor)["items"]
    return {os.path.basename(path_of(i)).decode(): i["error"] for i in items if "error" in i}


def pixels(width, height, seed=0, channels=3):
    """Smooth shapes with a little grain, the full range in every channel."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        127.5 + 127.5 * np.sin(x * rng.uniform(0.01, 0.2) + y * rng.uniform(0.01, 0.2) + c)
        for c in range(channels)
    ]
    grain = rng.normal(0, 12, (height, width, channels))
    return np.clip(np.stack(planes, axis=-1) + grain, 0, 255).astype(np.uint8)


def encode(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(width=64, height=48, seed=0, **options):
    return encode(Image.fromarray(pixels(width, height, seed)), "JPEG", **options)


def png(width=64, height=48, seed=0):
    return encode(Image.fromarray(pixels(width, height, seed)), "PNG")


def pictures_of_all_kinds(width=71, height=53):
    """File name -> bytes: each format, mode and JPEG variety that imnorm promises to read."""
    rgb = Image.fromarray(pixels(width, height, 1))
    grey = Image.fromarray(pixels(width, height, 2)[..., 0])
    rgba = Image.fromarray(pixels(width, height, 3, 4))
    la = Image.fromarray(pixels(width, height, 4, 2), "LA")
    cmyk = Image.fromarray(pixels(width, height, 5, 4), "CMYK")
    palette = rgb.quantize(40)
    exif = Image.Exif()
    exif[0x0112] = 8
    return {
        "rgb_444.jpg": encode(rgb, "JPEG", subsampling=0, quality=93),
        "rgb_422.jpg": encode(rgb, "JPEG", subsampling=1),
        "rgb_420.jpg": encode(rgb, "JPEG", subsampling=2),
        "progressive.jpg": encode(rgb, "JPEG", progressive=True),
        "optimized.jpg": encode(rgb, "JPEG", optimize=True, quality=30),
        "grey.jpg": encode(grey, "JPEG"),
        "cmyk.jpg": encode(cmyk, "JPEG"),
        "rotated.jpg": encode(rgb, "JPEG", exif=exif.tobytes()),
        "rgb.png": encode(rgb, "PNG"),
        "grey.png": encode(grey, "PNG"),
        "bilevel.png": encode(grey.convert("1"), "PNG"),
        "palette.png": encode(palette, "PNG"),
        "palette_4bit.png": encode(rgb.quantize(11), "PNG", bits=4),
        "palette_transparent.png": encode(palette, "PNG", transparency=3),
        "rgba.png": encode(rgba, "PNG"),
        "grey_alpha.png": encode(la, "PNG"),
        "lossy.webp": encode(rgb, "WEBP"),
        "lossless.webp": encode(rgb, "WEBP", lossless=True),
        "alpha.webp": encode(rgba, "WEBP"),
        "rgb.bmp": encode(rgb, "BMP"),
        "grey.bmp": encode(grey, "BMP"),
        "palette.bmp": encode(palette, "BMP"),
        "rgb.tif": encode(rgb, "TIFF"),
        "lzw.tif": encode(rgb, "TIFF", compression="tiff_lzw"),
        "grey.tif": encode(grey, "TIFF"),
        "palette.gif": encode(palette, "GIF"),
        "transparent.gif": encode(rgb.quantize(11), "GIF", transparency=3, interlace=0),
        "rgb.ppm": encode(rgb, "PPM"),
        "grey.pgm": encode(grey, "PPM"),
    }


class ImnormTest(unittest.TestCase):
    """A test with a folder of its own."""

    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="imnorm-test-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def write(self, name, data):
        """Puts a file, and the folders above it, into the test's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def write_pictures(self, count, under="pictures", **options):
        for i in range(count):
            self.write(f"{under}/{i:04}.jpg", jpeg(seed=i, **options))
        return self.folder / under

    def write_all(self, files, under="pictures"):
        for name, data in files.items():
            self.write(f"{under}/{name}", data)
        return self.folder / under

    def assert_exit(self, code, result):
        if result.returncode != code:
            self.fail(
                f"exit code {result.returncode}, not {code}\nstdout: {result.stdout[:2000]!r}\n"
                f"stderr: {result.stderr[-4000:]}"
            )

    def normalize(self, *arguments, code=DONE, out="out.npy", **options):
        """Runs `imnorm normalize ... -o OUT` and returns OUT's path."""
        path = self.folder / out
        self.assert_exit(code, run("normalize", *arguments, "-o", path, **options))
        return path

    def stats(self, *arguments, code=DONE, **options):
        """Runs `imnorm stats` and returns its JSON."""
        result = run("stats", *arguments, **options)
        self.assert_exit(code, result)
        return json.loads(result.stdout)
