"""tests/unit mirrors src folder by folder: who reads a folder knows where its tests are."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Folders of src whose tests are not in a folder of that name below tests/unit, with the reason.
ELSEWHERE = {
    "kernels": "tests/kernels",  # run on every SIMD target, in a program of their own
    "decode/modules": "tests/cli",  # built as modules: what loads them is tested
    "geometry/modules": "tests/cli",
    "source/modules": "tests/cli",
    "tensor/modules": "tests/cli",
}
OWN = re.compile(r'^#include "((?!imnorm/|support/|unit/)[^"]+)"', re.MULTILINE)


def folders(root, pattern):
    return {
        str(path.parent.relative_to(root)) for path in root.rglob(pattern) if path.parent != root
    }


def untested(source, tests):
    """Folders of source files that have no unit tests."""
    return sorted(source - tests - set(ELSEWHERE))


def misplaced(files):
    """Tests whose first header of src stands in no folder of theirs; `files` is {path: text}."""
    found = []
    for path, text in sorted(files.items()):
        own = OWN.search(text)
        if own and Path(own.group(1)).parent not in Path(path).parents:
            found.append(f"{path} tests {own.group(1)}")
    return found


class UnitTests(unittest.TestCase):
    def test_every_folder_of_src_has_its_unit_tests(self):
        source = folders(ROOT / "src", "*.cpp")
        self.assertEqual(untested(source, folders(ROOT / "tests/unit", "*_test.cpp")), [])

    def test_every_folder_of_unit_tests_is_one_of_src(self):
        there = folders(ROOT / "src", "*.cpp")
        self.assertEqual(sorted(folders(ROOT / "tests/unit", "*_test.cpp") - there), [])

    def test_a_unit_test_stands_where_what_it_tests_stands(self):
        unit = ROOT / "tests/unit"
        files = {
            str(path.relative_to(unit)): path.read_text() for path in unit.rglob("*_test.cpp")
        }
        self.assertGreater(len(files), 80)
        self.assertEqual(misplaced(files), [])

    def test_what_is_missing_or_misplaced_is_found(self):
        self.assertEqual(untested({"sink", "kernels", "io"}, {"io"}), ["sink"])
        test = {"sink/a_test.cpp": '#include <vector>\n#include "io/spool.h"\n'}
        self.assertEqual(misplaced(test), ["sink/a_test.cpp tests io/spool.h"])
        self.assertEqual(misplaced({"io/spool_test.cpp": '#include "io/spool.h"\n'}), [])

    def test_an_exception_is_still_one(self):
        self.assertEqual(set(ELSEWHERE) - folders(ROOT / "src", "*.cpp"), set())
        for folder in ELSEWHERE.values():
            self.assertTrue((ROOT / folder).is_dir())


if __name__ == "__main__":
    unittest.main()
