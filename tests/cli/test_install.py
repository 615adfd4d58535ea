"""What `cmake --install` leaves is enough for another project and for the installed program."""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from imnorm_test import SAMPLES, SOME_FAILED, SOURCE, ImnormTest, binary, run, sanitized


class Install(ImnormTest):
    @classmethod
    def setUpClass(cls):
        cls.build = Path(binary()).parent
        cache = (cls.build / "CMakeCache.txt").read_text()
        built_with = dict(re.findall(r"^(CMAKE_CXX_(?:COMPILER|FLAGS)):\w+=(.*)$", cache, re.M))
        cls.settings = [f"-D{name}={value}" for name, value in built_with.items()]
        if sanitized():  # its consumer has to be, in either language
            flags = [f for f in built_with["CMAKE_CXX_FLAGS"].split() if f.startswith("-fsanitize=")]
            cls.settings.append(f"-DCMAKE_C_FLAGS={' '.join(flags)}")
            if Path(built_with["CMAKE_CXX_COMPILER"]).name == "clang++":
                runtime = "-fsanitize-link-c++-runtime -Wl,--no-as-needed -lstdc++"
                linking = f"-DCMAKE_EXE_LINKER_FLAGS={runtime}"
                cls.settings += ["-DCMAKE_C_COMPILER=clang", linking]

    def cmake(self, *arguments):
        done = subprocess.run(
            ["cmake", *map(os.fspath, arguments)],
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_another_project_finds_links_and_uses_the_installed_library(self):
        prefix = self.folder / "prefix"
        self.cmake("--install", self.build, "--prefix", prefix)
        self.assertTrue((prefix / "bin/imnorm").exists())
        self.assertTrue((prefix / "include/imnorm/decode.h").exists())

        consumer = self.folder / "consumer"
        self.cmake(
            "-S",
            SOURCE / "tests/consumer",
            "-B",
            consumer,
            "-G",
            "Ninja",
            f"-DCMAKE_PREFIX_PATH={prefix}",
            *self.settings,
        )
        self.cmake("--build", consumer)
        self.assert_decoded_as_by_pillow(consumer / "main")
        # A program outside of the prefix is told where modules are; the shared library knows.
        modules = next(prefix.rglob("imnorm_tiff.so")).parent
        told = {**os.environ, "IMNORM_MODULE_PATH": os.fspath(modules)}
        self.assert_same_as_the_command(consumer, "", told)
        self.assert_same_as_the_command(consumer, "c_", None)

    def assert_decoded_as_by_pillow(self, program):
        picture = SAMPLES / "coast/cliffs.jpg"
        output = subprocess.check_output([program, picture], encoding="utf-8")
        self.assertIn("preset imagenet\n", output)
        pixels = np.asarray(Image.open(picture).convert("RGB"))
        self.assertIn(f"jpeg 800 533 {int(pixels.sum())}\n", output)

    def assert_same_as_the_command(self, consumer, program, environment):
        def output_of(name, *arguments):
            return subprocess.check_output(
                [consumer / f"{program}{name}", *arguments],
                stderr=subprocess.DEVNULL,
                env=environment,
            )

        out = self.normalize(SAMPLES, "--preset", "imagenet", "--force", code=SOME_FAILED)
        tensor = self.folder / f"{program}tensor.npy"
        told = output_of("folder_to_tensor", SAMPLES, tensor)
        self.assertEqual(told, f"{len(np.load(out))} rows\n".encode())
        self.assertEqual(tensor.read_bytes(), out.read_bytes())

        picture = SAMPLES / "garden/pond.tif"
        floats = output_of("picture_to_floats", picture)
        alone = np.load(self.normalize(picture, "--preset", "imagenet", "--force"))
        self.assertEqual(floats, alone.tobytes())

        stats = run("stats", SAMPLES)
        measured = output_of("folder_to_statistics", SAMPLES)
        self.assertEqual(json.loads(measured), json.loads(stats.stdout))

    def test_the_installed_program_finds_its_modules_wherever_it_is_put(self):
        prefix, moved = self.folder / "prefix", self.folder / "moved"
        self.cmake("--install", self.build, "--prefix", prefix)
        prefix.rename(moved)
        for name in ("city/tower_block.bmp", "garden/pond.tif"):
            done = subprocess.run(
                [moved / "bin/imnorm", "stats", SAMPLES / name],
                capture_output=True,
                encoding="utf-8",
            )
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_header_of_another_library_is_needed_by_ours(self):
        for header in (SOURCE / "include/imnorm").glob("*.h"):
            for included in re.findall(r"#include <([^>]+)>", header.read_text()):
                self.assertNotRegex(included, r"opencv|CLI/|nlohmann|tbb/|oneapi|hwy/", header.name)


if __name__ == "__main__":
    unittest.main()
