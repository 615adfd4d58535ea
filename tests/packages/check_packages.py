"""What packages must hold: `python check_packages.py FOLDER SAMPLE_IMAGES deb|tarball...`.

They are unpacked, moved, and run without anything of this tree. Only Python itself is needed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

KINDS = sys.argv[3:]
DIST, SAMPLES = (Path(argument).resolve() for argument in sys.argv[1:3])
SOURCE = Path(__file__).resolve().parent.parent.parent
VERSION = re.search(r"project\(imnorm VERSION ([\d.]+)", (SOURCE / "CMakeLists.txt").read_text())[1]
# What no Linux with glibc and a C++ program on it lacks.
BASE = re.compile(r"linux-vdso|ld-linux|lib(c|m|dl|rt|pthread|stdc\+\+|gcc_s|resolv)\.so")


def output_of(*command, **options):
    return subprocess.check_output(command, encoding="utf-8", **options)


class Unpacked(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def the_only(self, pattern):
        found = sorted(DIST.glob(pattern))
        self.assertEqual(len(found), 1, f"{pattern}: {found}")
        return found[0]

    def run_imnorm(self, prefix, *arguments):
        return subprocess.run(
            [prefix / "bin/imnorm", *arguments], capture_output=True, encoding="utf-8",
            cwd=self.folder, env={"PATH": "/nowhere", "LANG": "C.UTF-8"},
        )  # fmt: skip

    def assert_works(self, prefix):
        told = self.run_imnorm(prefix, "--version")
        self.assertEqual(told.stdout.splitlines()[0], f"imnorm {VERSION}")
        for name in ("coast/cliffs.jpg", "city/badge.png", "coast/regatta.webp", "garden/pond.tif"):
            done = self.run_imnorm(prefix, "stats", SAMPLES / name)
            self.assertEqual(done.returncode, 0, done.stderr)
        out = self.folder / "out.npz"
        done = self.run_imnorm(prefix, "normalize", SAMPLES, "--preset", "imagenet", "-o", out)
        self.assertIn("22 of 25 pictures, 3 failed (2 corrupt, 1 unsupported)", done.stderr)
        archive = self.folder / "photos.tar.gz"
        subprocess.run(["tar", "-czf", archive, "-C", SAMPLES, "coast"], check=True)
        done = self.run_imnorm(prefix, "stats", archive)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((prefix / "share/man/man1/imnorm-normalize.1.gz").exists())
        self.assertTrue((prefix / "share/bash-completion/completions/imnorm").exists())
        self.assertTrue((prefix / "share/imnorm/imnorm.manifest-1.schema.json").exists())

    def needs_opencv(self, prefix):
        arguments = ["normalize", SAMPLES / "coast", "--preset", "yolo-640", "-o", "boxes.npy"]
        return self.run_imnorm(prefix, *arguments)


@unittest.skipUnless("tarball" in KINDS, "not asked for")
class Tarball(Unpacked):
    def unpack(self, under):
        (self.folder / under).mkdir(parents=True)
        archive = self.the_only("imnorm-*-linux-*.tar.gz")
        subprocess.run(["tar", "-xzf", archive, "-C", self.folder / under], check=True)
        (prefix,) = (self.folder / under).iterdir()
        self.assertEqual(prefix.name, archive.name.removesuffix(".tar.gz"))
        return prefix

    def test_it_runs_from_any_folder(self):
        prefix = self.unpack("here")
        moved = self.folder / "somewhere else"
        prefix.rename(moved)
        self.assert_works(moved)
        (self.folder / "link").mkdir()
        (self.folder / "link/bin").mkdir()
        (self.folder / "link/bin/imnorm").symlink_to(moved / "bin/imnorm")
        done = self.run_imnorm(self.folder / "link", "stats", SAMPLES / "garden/pond.tif")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_brings_all_libraries_but_those_of_c_and_cpp(self):
        prefix = self.unpack("here")
        objects = [prefix / "bin/imnorm", *prefix.glob("lib/*.so*"), *prefix.glob("lib/imnorm/*.so*")]
        self.assertGreater(len(objects), 8)
        # A library's own needs are met for who loads it: program, libimnorm.so and modules.
        asked = [path for path in objects if path.parent.name == "bin" or "imnorm" in path.name]
        for path in asked:
            for line in output_of("ldd", path).splitlines():
                name, _, where = line.strip().partition(" => ")
                if not BASE.search(name):
                    self.assertIn(str(prefix), os.path.normpath(where), f"{path.name}: {line}")

    def test_it_runs_with_the_c_library_that_is_promised(self):
        prefix = self.unpack("here")
        promised = re.search(r"glibc\s+#?\s*(2\.\d+)", (SOURCE / "scripts/package").read_text())[1]
        newest = {"GLIBC": (0,), "GLIBCXX": (0,)}
        for path in [prefix / "bin/imnorm", *prefix.rglob("*.so*")]:
            for kind, text in re.findall(r"(GLIBC|GLIBCXX)_([\d.]+)", output_of("objdump", "-T", path)):
                newest[kind] = max(newest[kind], tuple(map(int, text.split("."))))
        self.assertLessEqual(newest["GLIBC"], tuple(map(int, promised.split("."))))
        self.assertLessEqual(newest["GLIBCXX"], (3, 4, 30))  # GCC 12

    def test_it_says_what_it_lacks(self):
        done = self.needs_opencv(self.unpack("here"))
        self.assertEqual(done.returncode, 3)
        self.assertIn("imnorm_opencv.so", done.stderr)

    def test_it_holds_the_licences_of_what_it_brings(self):
        licences = {path.name for path in self.unpack("here").glob("share/imnorm/licenses/*")}
        self.assertLessEqual({"imnorm", "libseccomp-dev", "libspng-dev", "libtiff-dev", "libwebp-dev"}, licences)


@unittest.skipUnless("deb" in KINDS, "not asked for")
class Debian(Unpacked):
    def package(self, name):
        return self.the_only(f"{name}_{VERSION}_*.deb")

    def field(self, name, field):
        return output_of("dpkg-deb", "--field", self.package(name), field).strip()

    def unpack(self, *names):
        for name in names:
            subprocess.run(["dpkg-deb", "--extract", self.package(name), self.folder / "root"], check=True)
        return self.folder / "root/usr"

    def test_packages_depend_on_what_they_load(self):
        needs = self.field("imnorm", "Depends")
        for library in ("libarchive13", "libtiff", "libspng0", "libwebp7", "libjpeg", "zlib1g"):
            self.assertIn(library, needs)
        self.assertNotIn("opencv", needs)
        self.assertIn("libopencv-imgproc", self.field("imnorm-opencv", "Depends"))
        for name in ("imnorm-opencv", "libimnorm-dev"):
            self.assertIn(f"imnorm (= {VERSION})", self.field(name, "Depends"))

    def test_the_development_package_needs_what_its_cmake_package_looks_for(self):
        needs = self.field("libimnorm-dev", "Depends")
        config = next(self.unpack("libimnorm-dev").rglob("imnormConfig.cmake")).read_text()
        for module in re.findall(r"=lib(\w+)|=(\w+)", re.search(r"foreach\(module (.*)\)", config)[1]):
            name = "".join(module).replace("zlib", "zlib1g")
            self.assertRegex(needs, rf"\b(lib)?{name}-dev\b")
        for name in ("libfmt-dev", "libexpected-dev", "pkg-config"):
            self.assertIn(name, needs)

    def test_the_program_runs_and_finds_its_modules(self):
        self.assert_works(self.unpack("imnorm"))

    def test_opencv_is_apart_and_found_once_it_is_there(self):
        prefix = self.unpack("imnorm")
        done = self.needs_opencv(prefix)
        self.assertEqual(done.returncode, 3)
        self.assertIn("install the Debian package imnorm-opencv", done.stderr)
        self.unpack("imnorm-opencv")
        done = self.needs_opencv(prefix)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_file_is_in_two_packages(self):
        seen = {}
        for name in ("imnorm", "libimnorm-dev", "imnorm-opencv"):
            listing = output_of("dpkg-deb", "--contents", self.package(name))
            for line in listing.splitlines():
                path = line.split(" ./", 1)[1].split(" -> ")[0]
                if not path.endswith("/"):
                    self.assertNotIn(path, seen)
                    seen[path] = name
            self.assertIn(f"usr/share/doc/{name}/copyright", seen)
        self.assertTrue(any(path.endswith("/libimnorm.so") for path in seen))


if __name__ == "__main__":
    sys.argv[1:] = []
    unittest.main()
