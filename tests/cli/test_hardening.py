"""A program that is delivered is hardened, and so are its library and its modules."""

import re
import subprocess
import unittest
from pathlib import Path

from imnorm_test import binary

BUILD = Path(binary()).parent
CACHE = (BUILD / "CMakeCache.txt").read_text()
RELEASE = re.search(r"CMAKE_BUILD_TYPE:\w+=(Release|MinSizeRel)$", CACHE, re.MULTILINE)
HARDENED = RELEASE and "IMNORM_HARDENED:BOOL=ON" in CACHE and "-fsanitize" not in CACHE


def readelf(*arguments):
    return subprocess.run(
        ["readelf", "-W", *arguments], capture_output=True, text=True, check=True
    ).stdout


@unittest.skipUnless(HARDENED, "SKIPPED: not a hardened build")
class Hardening(unittest.TestCase):
    def files(self):
        found = [BUILD / "imnorm", (BUILD / "libimnorm.so").resolve(), *BUILD.glob("modules/*.so")]
        self.assertGreater(len(found), 3)
        return found

    def test_they_are_position_independent_with_tables_read_only_before_main(self):
        for path in self.files():
            with self.subTest(path.name):
                self.assertRegex(readelf("-h", path), r"Type:\s+DYN")
                self.assertRegex(readelf("-d", path), r"BIND_NOW|FLAGS_1.*NOW")
                segments = readelf("-l", path)
                self.assertIn("GNU_RELRO", segments)
                self.assertRegex(segments, r"GNU_STACK\s.*\sRW\s")
                self.assertNotRegex(segments, r"\sRWE\s")
                self.assertNotRegex(readelf("-d", path), r"\((RPATH|RUNPATH|TEXTREL)\)")

    def test_they_check_stacks_and_copies(self):
        checked = set()
        for path in self.files():
            symbols = readelf("--dyn-syms", path)
            with self.subTest(path.name):
                self.assertIn("__stack_chk_fail", symbols)
            checked |= set(re.findall(r"__(\w+)_chk\b", symbols))
        self.assertGreater(len(checked - {"stack"}), 1, checked)

    def test_jumps_of_x86_lead_where_one_may(self):
        if "X86-64" not in readelf("-h", BUILD / "imnorm"):
            self.skipTest("SKIPPED: not x86-64")
        # The linker marks a file only where the C library's own start is marked, which Debian's is not.
        for path in self.files()[1:]:
            listing = subprocess.run(
                ["objdump", "-d", "--no-show-raw-insn", path], capture_output=True, text=True, check=True
            ).stdout
            with self.subTest(path.name):
                first = re.findall(r"<imnorm_\w+>:\n\s*\w+:\s+(\w+)", listing)
                self.assertEqual(set(first), {"endbr64"})


if __name__ == "__main__":
    unittest.main()
