"""Only the command line knows its flags: nothing else of the library speaks of them."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Files that speak of another program's flags, each with its reason.
OTHERS = {"src/statistics/emit_stats.cpp"}  # prints those of OpenVINO's model optimizer
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
FLAG = re.compile(r"--[a-z]")


def flags_in_literals(text):
    return [found for found in LITERAL.findall(text) if FLAG.search(found)]


class Flags(unittest.TestCase):
    def files(self, folder):
        for path in sorted((ROOT / folder).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix in (".h", ".cpp") and not name.startswith("src/cli/"):
                yield name, path.read_text()

    def test_no_message_of_the_library_names_a_flag(self):
        found = {
            name: flags
            for name, text in self.files("src")
            if name not in OTHERS and (flags := flags_in_literals(text))
        }
        self.assertEqual(found, {})

    def test_no_public_header_speaks_of_a_flag_not_even_in_comments(self):
        found = [name for name, text in self.files("include") if FLAG.search(text)]
        self.assertEqual(found, [])

    def test_a_flag_in_a_literal_is_found_and_one_in_a_comment_is_not(self):
        self.assertEqual(flags_in_literals('Fail("raise --max-pixels");'), ['"raise --max-pixels"'])
        self.assertEqual(flags_in_literals("--rows;  // --all\n"), [])

    def test_an_exception_is_still_one(self):
        for name in OTHERS:
            self.assertNotEqual(flags_in_literals((ROOT / name).read_text()), [], name)


if __name__ == "__main__":
    unittest.main()
