"""Recipes of packages and workflows call scripts that are there, with options that they have."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CALL = re.compile(r"\bscripts/([a-z][a-z-]*)(?![\w/-])((?: --?[a-z-]+| [a-z]+\b(?!:))*)")


def recipes():
    folders = (".github/workflows", "scripts/packaging")
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]


def calls(text):
    """(script, words behind it) of each command line that a recipe runs."""
    for line in text.splitlines():
        if re.match(r"\s*(- run: |RUN |system )", line):
            for script, words in CALL.findall(line):
                yield script, words.split()


class Packaging(unittest.TestCase):
    def test_every_script_that_is_called_is_there_and_knows_its_words(self):
        seen = set()
        for path in recipes():
            for script, words in calls(path.read_text()):
                text = (ROOT / "scripts" / script).read_text()
                for word in words:
                    self.assertRegex(text, rf"(?<![\w-]){re.escape(word)}(?![\w-])", path.name)
                seen.add(script)
        self.assertLessEqual({"setup", "package", "release", "test", "test-slow"}, seen)

    def test_a_script_or_word_that_is_none_would_be_found(self):
        self.assertEqual(list(calls("      - run: scripts/nothing --more x\n")),
                         [("nothing", ["--more", "x"])])  # fmt: skip
        self.assertFalse((ROOT / "scripts/nothing").exists())

    def test_every_library_that_is_looked_for_is_in_the_recipes(self):
        cmake = (ROOT / "CMakeLists.txt").read_text()
        conda = (ROOT / "scripts/packaging/conda/meta.yaml").read_text()
        brew = (ROOT / "scripts/packaging/homebrew/imnorm.rb").read_text()
        # As CMake or pkg-config calls it: as conda-forge and Homebrew do.
        names = {
            "CLI11": ("cli11", "cli11"), "nlohmann_json": ("nlohmann_json", "nlohmann-json"),
            "fmt": ("fmt", "fmt"), "tl-expected": ("tl-expected", "tl-expected"),
            "libjpeg": ("libjpeg-turbo", "jpeg-turbo"), "spng": ("libspng", "libspng"),
            "libwebp": ("libwebp-base", "webp"), "zlib": ("zlib", "zlib"),
        }  # fmt: skip
        wanted = re.findall(r"find_package\((\S+) REQUIRED\)|IMPORTED_TARGET (\w+)\)", cmake)
        wanted = {a or b for a, b in wanted} - {"PkgConfig", "Threads"}
        self.assertEqual(wanted, set(names))
        for of_conda, of_brew in names.values():
            self.assertIn(f"    - {of_conda}\n", conda)
            self.assertIn(f'depends_on "{of_brew}"', brew)

    def test_the_version_is_one(self):
        version = re.search(r"project\(imnorm VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
        self.assertIn(f'/* "{version}" */', (ROOT / "include/imnorm/c.h").read_text())


if __name__ == "__main__":
    unittest.main()
