"""What an installed wheel must do, in its own environment: `python check_wheel.py SAMPLE_IMAGES`.

The command, `python -m imnorm` and the package agree on one picture's row; the modules for TIFF, .npz
and tar are there, and the one for OpenCV says how it comes.
"""

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

import numpy as np

import imnorm

SAMPLES = Path(sys.argv.pop(1)).resolve()
PICTURE = SAMPLES / "coast" / "cliffs.jpg"


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True)


def gray_tiff(side):
    """A TIFF of one strip, deflated, with side x side pixels of 128."""
    import struct
    import zlib

    strip = zlib.compress(bytes([128]) * (side * side))
    tags = [(256, side), (257, side), (258, 8), (259, 8), (262, 1), (273, 8), (277, 1), (278, side),
            (279, len(strip))]  # fmt: skip
    at = 8 + len(strip) + len(strip) % 2
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    data = b"II*\0" + struct.pack("<I", at) + strip.ljust(at - 8, b"\0")
    return data + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)


class WheelTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def test_it_is_the_wheel_that_is_tested(self):
        self.assertTrue(Path(imnorm.__file__).is_relative_to(sys.prefix))
        self.assertIsNone(shutil.which("cc") or shutil.which("c++") or shutil.which("cmake"))

    def test_command_module_and_package_make_the_same_row(self):
        row = imnorm.Preprocessor("imagenet")([PICTURE])
        for number, command in enumerate((["imnorm"], [sys.executable, "-m", "imnorm"])):
            out = self.folder / f"{number}.npy"
            done = run(*command, "normalize", str(PICTURE), "--preset", "imagenet", "-o", str(out))
            self.assertEqual(done.returncode, 0, done.stderr)
            np.testing.assert_array_equal(np.load(out), row)

    def test_version_is_that_of_the_package(self):
        from importlib.metadata import version

        self.assertEqual(imnorm.__version__, version("imnorm"))
        self.assertIn(version("imnorm"), run("imnorm", "--version").stdout)

    def test_its_licence_and_those_of_what_is_linked_in_are_there(self):
        from importlib.metadata import files, metadata

        self.assertEqual(metadata("imnorm")["License-Expression"], "MIT")
        held = {file.name for file in files("imnorm") if "licenses" in file.parts}
        self.assertLessEqual({"LICENSE", "libseccomp-dev", "libspng-dev", "libtiff-dev", "libwebp-dev"}, held)

    def test_modules_for_tiff_npz_and_tar_are_there(self):
        tiff = self.folder / "gray.tif"
        tiff.write_bytes(gray_tiff(64))
        packed = self.folder / "packed.tar"
        with tarfile.open(packed, "w") as tar:
            tar.add(tiff, "gray.tif")
        out = self.folder / "x.npy"
        done = run("imnorm", "normalize", str(packed), "--resize", "8x8", "--mean", "0", "--std", "1",
                   "-o", str(out))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(np.unique(np.load(out)).tolist(), [np.float32(128) / np.float32(255)])
        np.savez(self.folder / "in.npz", x=np.load(out))
        done = run("imnorm", "inspect", str(self.folder / "in.npz"))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_opencv_s_module_is_an_extra_and_said_so(self):
        done = run("imnorm", "normalize", str(PICTURE), "--like", "opencv", "--resize", "64x64", "--mean",
                   "0", "--std", "1", "-o", str(self.folder / "x.npy"))  # fmt: skip
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("IMNORM_BUILD_OPENCV_MODULE", done.stderr)
        self.assertIn("wheels and tarballs have none", done.stderr)

    def test_layers_have_the_command_s_bits(self):
        from imnorm.layers import BatchNorm, GroupNorm, InstanceNorm, LayerNorm

        x = np.random.default_rng(1).normal(3, 2, (8, 16, 12, 12)).astype(np.float32)
        np.save(self.folder / "x.npy", x)
        layers = {
            "batch": BatchNorm(16), "layer": LayerNorm((16, 12, 12)), "instance": InstanceNorm(16),
            "group": GroupNorm(4, 16),
        }  # fmt: skip
        for method, layer in layers.items():
            out = self.folder / f"{method}.npy"
            groups = ["--groups", "4"] if method == "group" else []
            done = run("imnorm", "normalize", str(self.folder / "x.npy"), "--method", method, *groups,
                       "-o", str(out))  # fmt: skip
            self.assertEqual(done.returncode, 0, done.stderr)
            np.testing.assert_array_equal(layer(x), np.load(out), method)

    def test_bytes_that_are_no_picture_are_exceptions(self):
        with self.assertRaises(imnorm.ImnormError):
            imnorm.Preprocessor("imagenet")(io.BytesIO(b"nothing").getvalue())


if __name__ == "__main__":
    unittest.main()
