"""SECURITY.md names tests that there are, and limits as the code has them."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "SECURITY.md").read_text()
# A number of the page, and where the code has it.
LIMITS = [
    ("178,956,970", "include/imnorm/decode.h", r"max_pixels = 178956970;"),
    ("100, fewer of a large one", "src/decode/jpeg_turbo.cpp", r"kMaxScans = 100;"),
    ("member of an archive | 1 GiB", "src/source/archive.cpp", r"kMaxMember = uint64_t\{1\} << 30"),
    ("member of an archive | 1 GiB", "src/pipeline/picture_input.cpp", r"kMaxFileBytes = .*<< 30"),
    ("strip or tile of a TIFF | 1 GiB", "src/decode/modules/tiff_file.h", r"= tmsize_t\(1\) << 30"),
    ("64 KiB; other chunks", "src/decode/png_spng.cpp", r"kMaxChunkBytes = size_t\(1\) << 16"),
    ("16 MiB, 32 levels", "src/json/guarded_json.h", r"bytes = size_t\(16\) << 20;[^}]*depth = 32;"),
    ("statistics 1 GiB", "src/statistics/parse_stats.cpp", r"kLongestText = size_t\(1\) << 30"),
    ("64 KiB, 16 MiB", "src/tensor/npy_read.cpp", r"kMaxHeader = 64 << 10"),
    ("64 KiB, 16 MiB", "src/tensor/tensor_open.cpp", r"kMaxSafetensorsHeader = 16 << 20"),
    ("300 with `--isolate`", "src/cli/groups/conduct.cpp", r"kIsolatedTimeout = 300;"),
    ("256 MiB beside", "src/decode/isolated/decoding_process.cpp", r"kBeside = uint64_t\{256\} << 20"),
    ("4 GiB at most", "src/parallel/usable_memory.cpp", r"uint64_t\{4\} << 30"),
]


class Security(unittest.TestCase):
    def test_what_keeps_a_promise_is_there(self):
        named = re.findall(r"`(tests/[\w/.]+)`", TEXT)
        self.assertGreater(len(named), 15)
        self.assertEqual([path for path in named if not (ROOT / path).exists()], [])

    def test_the_readme_has_the_same_promises_each_with_the_first_of_its_tests(self):
        def promises(text):
            return text.split("| promise | kept by |\n|---|---|\n")[1].split("\n\n")[0]

        expected = [
            f"| {promise} | {re.search(r'`tests/[^`]*`', kept).group()} |"
            for promise, kept in re.findall(r"^\| (.*?) \| (.*?) \|$", promises(TEXT), re.MULTILINE)
        ]
        self.assertGreater(len(expected), 10)
        self.assertEqual(promises((ROOT / "README.md").read_text()).splitlines(), expected)

    def test_limits_are_those_of_the_code(self):
        for text, path, pattern in LIMITS:
            with self.subTest(text):
                self.assertIn(text, TEXT)
                self.assertRegex((ROOT / path).read_text(), pattern)


if __name__ == "__main__":
    unittest.main()
