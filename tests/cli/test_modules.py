"""Modules are parts of the installation: found where it put them, and no picture's fault if not."""

import os
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from imnorm_test import DONE, NOT_DONE, SOME_FAILED, ImnormTest, binary, encode, jpeg, pixels

FORMATS = ("imnorm_jpeg2000.so", "imnorm_jpegxl.so", "imnorm_avif.so", "imnorm_heif.so")
TIFF, OPENCV, ZIP = "imnorm_tiff.so", "imnorm_opencv.so", "imnorm_zip.so"


# The header of one of 8 x 8 pixels, and no frame.
JPEG_XL = b"\xff\x0a\x41\x02" + bytes(60)


def tiff():
    return encode(Image.fromarray(pixels(64, 48, 7)), "TIFF")


def install(prefix):
    """An installation that belongs to this test: cheap to break."""
    done = subprocess.run(
        ["cmake", "--install", Path(binary()).parent, "--prefix", prefix],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)


class Modules(ImnormTest):
    @classmethod
    def setUpClass(cls):
        cls.whole = Path(tempfile.mkdtemp(prefix="imnorm-test-")) / "prefix"
        cls.addClassCleanup(shutil.rmtree, cls.whole.parent, True)
        install(cls.whole)
        cls.inside = next(cls.whole.rglob(TIFF)).parent.relative_to(cls.whole)

    def setUp(self):
        super().setUp()
        self.prefix = self.installed("prefix")
        self.modules = self.prefix / self.inside

    def installed(self, name):
        """A copy of the installation, so that each is one that was moved."""
        return Path(shutil.copytree(self.whole, self.folder / name, symlinks=True))

    def run_in(self, prefix, *arguments, cwd=None, **environment):
        clean = {k: v for k, v in os.environ.items() if k != "IMNORM_MODULE_PATH"}
        return subprocess.run(
            [prefix / "bin/imnorm", *map(os.fspath, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            cwd=cwd,
            env={**clean, **environment},
        )

    def run_here(self, *arguments, **options):
        return self.run_in(self.prefix, *arguments, **options)

    def pictures(self, **more):
        """Six JPEGs, and the files named."""
        folder = self.write_pictures(6)
        for name, data in more.items():
            self.write(f"pictures/{name.replace('_', '.')}", data)
        return folder

    def assert_installation_fault(self, result, module, *words):
        """One line, no data, exit code 3; the line names the module, why, and what to do."""
        self.assert_exit(NOT_DONE, result)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for word in (module, "install", *words):
            self.assertIn(word, result.stderr)
        self.assertNotIn("failed", result.stderr)

    def test_a_picture_that_needs_a_missing_module_ends_the_run_and_is_not_booked(self):
        (self.modules / TIFF).unlink()
        for name in ("0000a_tif", "zzz_TIFF"):
            folder = self.pictures(**{name: tiff()})
            path = folder / name.replace("_", ".")
            for threads in ("1", "4"):
                out = self.folder / "out.npy"
                for arguments in (
                    ("stats", folder),
                    ("stats", folder, "--channels", "native"),
                    ("normalize", folder, "--preset", "imagenet", "-o", out),
                    ("normalize", folder, "--resize", "32x32", "--method", "batch", "-o", out),
                    ("normalize", folder, "--preset", "imagenet", "--stats", "auto", "-o", out),
                ):
                    done = self.run_here(*arguments, "-j", threads)
                    self.assert_installation_fault(
                        done, TIFF, "missing from", os.fspath(self.modules), os.fspath(path)
                    )
                self.assertEqual(list(self.folder.glob("out*")), [])
            path.unlink()

    def test_it_ends_before_any_work_where_a_name_tells(self):
        (self.modules / TIFF).unlink()
        folder = self.pictures(zzz_tif=tiff())
        self.write("pictures/0000.jpg", b"\xff\xd8\xff damaged")
        self.assert_installation_fault(self.run_here("stats", folder, "-j", "1"), TIFF)

    def test_it_ends_where_only_the_content_tells(self):
        (self.modules / TIFF).unlink()
        folder = self.pictures(zzz_bin=tiff())
        for command in (("stats",), ("stats", "--channels", "native")):
            self.assert_installation_fault(self.run_here(*command, folder), TIFF, "zzz.bin")

    def test_files_that_only_have_the_name_need_no_module(self):
        (self.modules / TIFF).unlink()
        folder = self.pictures(zzz_tif=jpeg(seed=9), aaa_tif=tiff()[:0])
        done = self.run_here("stats", folder)
        self.assert_exit(1, done)
        self.assertIn("aaa.tif", done.stderr)
        self.assertNotIn(TIFF, done.stderr)

    def test_a_module_that_does_not_load_says_why(self):
        folder = self.pictures(a_tif=tiff())
        (self.modules / TIFF).write_bytes(b"")
        self.assert_installation_fault(self.run_here("stats", folder), TIFF, "file too short")
        (self.modules / TIFF).write_bytes(b"garbage" * 1000)
        self.assert_installation_fault(self.run_here("stats", folder), TIFF, "invalid ELF header")
        shutil.copy(self.modules / ZIP, self.modules / TIFF)
        self.assert_installation_fault(self.run_here("stats", folder), TIFF, "is no module of")

    def test_opencv_is_asked_for_by_the_plan_before_any_picture(self):
        if not (self.modules / OPENCV).exists():
            self.skipTest("SKIPPED: built without OpenCV")
        (self.modules / OPENCV).unlink()
        folder = self.pictures()
        self.write("pictures/0000.jpg", b"damaged")
        out = self.folder / "x.npy"
        for arguments in (
            ("stats", folder, "--preset", "yolo-640"),
            ("normalize", folder, "--preset", "yolo-640", "-o", out),
            ("normalize", folder, "--preset", "yolo-640", "-o", out, "--dry-run"),
            ("normalize", folder, "--preset", "none", "--resize", "8x8", "--like", "opencv")
            + ("-o", out, "--stats", "auto"),
        ):
            self.assert_installation_fault(self.run_here(*arguments), OPENCV, "OpenCV")
        self.assertEqual(list(self.folder.glob("x.npy*")), [])
        # Without a resize nothing of OpenCV's is needed.
        self.write("pictures/0000.jpg", jpeg())
        plain = self.run_here("stats", folder, "--crop", "8", "--like", "opencv")
        self.assert_exit(DONE, plain)

    def test_an_npz_needs_the_zip_module(self):
        np.savez(self.folder / "t.npz", x=np.ones((2, 3, 4, 4), np.float32))
        self.assert_exit(DONE, self.run_here("stats", self.folder / "t.npz"))
        (self.modules / ZIP).unlink()
        self.assert_installation_fault(self.run_here("stats", self.folder / "t.npz"), ZIP, ".npz")

    def test_without_its_modules_the_rest_works(self):
        shutil.rmtree(self.modules)
        self.assert_exit(DONE, self.run_here("stats", self.pictures()))
        self.assert_exit(DONE, self.run_here("--version"))

    def test_a_format_whose_module_is_missing_is_a_failed_input_that_says_what_reads_it(self):
        for name in FORMATS:
            (self.modules / name).unlink(missing_ok=True)
        # Headers of sound pictures: a codestream of 8 x 8 grey pixels, and one of JPEG XL.
        size = struct.pack(">HHHIIIIIIIIHBBB", 0xFF51, 41, 0, 8, 8, 0, 0, 8, 8, 0, 0, 1, 7, 1, 1)
        style = b"\xff\x52\0\x0c\0\0\0\1\0\0\4\4\0\1"
        grey = b"\xff\x4f" + size + style + b"\xff\x90\0\x0a\0\0\0\0\0\0\0\1\xff\x93" + bytes(9)
        for name, data, module in (
            ("a.j2k", grey, FORMATS[0]), ("a.jxl", JPEG_XL, FORMATS[1]),
        ):  # fmt: skip
            folder = self.write_pictures(2)
            path = self.write(f"pictures/{name}", data)
            done = self.run_here("stats", folder)
            self.assert_exit(SOME_FAILED, done)
            for word in (f"{name}: unsupported", module, "imnorm-formats", "convert it"):
                self.assertIn(word, done.stderr)
            path.unlink()
        self.assertRegex(self.run_here("--version").stdout, "not read here.* jpeg2000 jpegxl avif heif")
        listed = self.run_here("formats")
        self.assert_exit(DONE, listed)
        self.assertRegex(listed.stdout, r"(?m)^jpegxl +jxl +not read here: install .*imnorm-formats")
        self.assertRegex(listed.stdout, r"(?m)^webp +webp +libwebp \d")

    def test_a_format_whose_module_is_broken_is_a_fault_of_the_installation(self):
        (self.modules / FORMATS[1]).write_bytes(b"garbage" * 1000)
        path = self.pictures(a_jxl=JPEG_XL) / "a.jxl"
        self.assert_installation_fault(self.run_here("stats", path), FORMATS[1], "invalid ELF")

    def test_formats_and_version_tell_what_is_read(self):
        listed = self.run_here("formats").stdout
        for name, library in (("jpeg2000", "openjpeg"), ("jpegxl", "libjxl"), ("avif", "libavif"),
                              ("heif", "libheif")):
            if not (self.modules / f"imnorm_{name}.so").exists():
                print(f"SKIPPED: built without {library}")
                continue
            self.assertRegex(listed, rf"(?m)^{name} .* {library} \d+\.\d+\.\d+, in imnorm_{name}.so$")
            self.assertRegex(self.run_here("--version").stdout, rf"(?m)^reads .*{name}")

    def test_a_camera_raw_is_refused_by_name_whether_there_is_a_module_or_not(self):
        (self.modules / TIFF).unlink()
        done = self.run_here("stats", self.pictures(a_dng=tiff()))
        self.assert_exit(1, done)
        self.assertIn("DNG", done.stderr)

    def test_modules_elsewhere_are_not_taken(self):
        elsewhere = [
            self.prefix / place
            for place in (".", "modules", "imnorm", "bin", "bin/modules", "lib64/imnorm")
        ]
        elsewhere += [self.folder, self.folder / "modules", self.folder / "lib/imnorm"]
        for place in elsewhere:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.modules / TIFF, place)
        (self.modules / TIFF).unlink()
        path = self.pictures(a_tif=tiff()) / "a.tif"
        for place in elsewhere:
            done = self.run_here("stats", path, cwd=place, LD_LIBRARY_PATH=os.fspath(place))
            self.assert_installation_fault(done, TIFF, os.fspath(self.modules))

    def test_a_program_alone_takes_no_modules_of_folders_above(self):
        lonely = self.folder / "some/folder"
        (lonely / "bin").mkdir(parents=True)
        program = shutil.copy(binary(), lonely / "bin/imnorm")
        shutil.copy(program, lonely / "imnorm")
        for place in ("some/modules", "some/lib/imnorm", "some/folder/modules", "some/imnorm"):
            shutil.copytree(self.modules, self.folder / place)
        path = self.pictures(a_tif=tiff()) / "a.tif"
        environment = {k: v for k, v in os.environ.items() if k != "IMNORM_MODULE_PATH"}
        for program in (lonely / "imnorm", lonely / "bin/imnorm"):
            done = subprocess.run(
                [program, "stats", path],
                capture_output=True,
                encoding="utf-8",
                env=environment,
                cwd=self.folder / "some",
            )
            self.assert_installation_fault(done, TIFF, "missing")

    def test_two_prefixes_have_a_set_each(self):
        other = self.installed("other")
        path = self.pictures(a_tif=tiff()) / "a.tif"
        (other / self.inside / TIFF).write_bytes(b"garbage")
        self.assert_exit(DONE, self.run_in(self.prefix, "stats", path))
        self.assert_installation_fault(self.run_in(other, "stats", path), TIFF, "other/")
        (other / self.inside / TIFF).unlink()
        self.assert_installation_fault(self.run_in(other, "stats", path), TIFF, "other/")

    def test_a_link_to_the_program_leads_to_its_modules(self):
        links = self.folder / "links"
        links.mkdir()
        (links / "imnorm").symlink_to(self.prefix / "bin/imnorm")
        path = self.pictures(a_tif=tiff()) / "a.tif"
        done = subprocess.run([links / "imnorm", "stats", path], capture_output=True)
        self.assertEqual(done.returncode, DONE, done.stderr)

    def test_a_folder_that_is_told_is_the_only_one(self):
        path = self.pictures(a_tif=tiff()) / "a.tif"
        empty = self.folder / "empty"
        empty.mkdir()
        done = self.run_here("stats", path, IMNORM_MODULE_PATH=os.fspath(empty))
        self.assert_installation_fault(done, TIFF, os.fspath(empty))
        told = self.run_here("stats", path, cwd=self.modules, IMNORM_MODULE_PATH=".")
        self.assert_installation_fault(told, TIFF, "absolute")
        self.assert_exit(DONE, self.run_here("stats", path, IMNORM_MODULE_PATH=""))
        moved = self.modules.rename(self.folder / "told")
        told = self.run_here("stats", path, IMNORM_MODULE_PATH=os.fspath(moved))
        self.assert_exit(DONE, told)


if __name__ == "__main__":
    unittest.main()
