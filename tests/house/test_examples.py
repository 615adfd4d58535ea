"""The examples in public headers are lines of programs that are built and run."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = re.compile(r"Example \((\S+)\):\n((?:(?://| \*)   .*\n)+)")


def examples(text):
    """(program, lines) of each example in a header."""
    for program, block in EXAMPLE.findall(text):
        yield program, [re.sub(r"^(?://| \*) +", "", line) for line in block.splitlines()]


class Examples(unittest.TestCase):
    def test_every_line_of_an_example_stands_in_its_program_in_order(self):
        found = 0
        for header in sorted((ROOT / "include/imnorm").glob("*.h")):
            for program, lines in examples(header.read_text()):
                code = [line.strip() for line in (ROOT / program).read_text().splitlines()]
                at = code.index(lines[0]) if lines[0] in code else 0
                self.assertEqual(code[at : at + len(lines)], lines, f"{header.name}: {program}")
                found += 1
        self.assertGreaterEqual(found, 2)

    def test_an_example_of_other_lines_is_found(self):
        text = "// Example (tests/consumer/main.cpp):\n//   int x = 1;\n//   int y;\n\n"
        self.assertEqual(
            list(examples(text)), [("tests/consumer/main.cpp", ["int x = 1;", "int y;"])]
        )


if __name__ == "__main__":
    unittest.main()
