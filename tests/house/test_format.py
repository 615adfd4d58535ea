"""Every C++ file is as clang-format lays it out by .clang-format."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("include", "src", "tests", "scripts")
VERSION = 14  # Debian 12's: each version breaks some lines elsewhere
SKIPPED = 77  # tests/CMakeLists.txt tells ctest so


def tool():
    """clang-format of the version that the house is laid out by, or None."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path is None:
            continue
        said = subprocess.check_output([path, "--version"], encoding="utf-8")
        found = re.search(r"version (\d+)", said)
        if found and int(found.group(1)) == VERSION:
            return path
    return None


def misplaced(files):
    """"file:line" of each place that clang-format would change."""
    done = subprocess.run(
        [tool(), "--dry-run", f"--style=file:{SOURCE / '.clang-format'}", *map(os.fspath, files)],
        capture_output=True,
        encoding="utf-8",
        cwd=SOURCE,
        check=True,
    )
    return re.findall(r"^(\S+:\d+):\d+: warning: code should be clang-formatted", done.stderr, re.M)


def cpp_files():
    return [
        path.relative_to(SOURCE)
        for folder in FOLDERS
        for path in sorted((SOURCE / folder).rglob("*"))
        if path.suffix in (".h", ".cpp")
    ]


class Format(unittest.TestCase):
    def test_every_file_is_laid_out_by_clang_format(self):
        files = cpp_files()
        self.assertGreater(len(files), 200)
        self.assertEqual(misplaced(files), [], "clang-format -i mends them")

    def test_a_line_out_of_place_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            drifted = Path(folder, "drifted.cpp")
            drifted.write_text("int one = 1;\nint  two = 2;\n")
            self.assertEqual(misplaced([drifted]), [f"{drifted}:2"])


if __name__ == "__main__":
    if tool() is None:
        print(f"no clang-format {VERSION} here: the layout was NOT checked", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)
    unittest.main()
