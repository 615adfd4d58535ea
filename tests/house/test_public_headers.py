"""Public headers are standard C++ and C: any compiler and any flags of a user's take them."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Types and words of compilers and of libraries that a user need not have.
FOREIGN = re.compile(
    r"__int128|__attribute__|__builtin|__extension__|\bcv::|\bnlohmann\b|\bCLI::|\bhwy\b|\bfmt::"
)


def foreign(text):
    return FOREIGN.findall(re.sub(r"//.*", "", text))


class PublicHeaders(unittest.TestCase):
    def test_none_has_a_type_of_a_compiler_or_of_a_library_inside(self):
        found = {
            header.name: words
            for header in sorted((ROOT / "include/imnorm").glob("*.h"))
            if (words := foreign(header.read_text()))
        }
        self.assertEqual(found, {})

    def test_such_a_type_is_found_and_a_comment_on_one_is_not(self):
        self.assertEqual(foreign("unsigned __int128 sum;  // cv::Mat\n"), ["__int128"])


if __name__ == "__main__":
    unittest.main()
