"""Every C++ file opens with a sentence: it is where a reader lands from a debugger."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# C++ comments, or the first paragraph of one of C.
SENTENCE = re.compile(r"(?:// [^\n]+\n)+|/\*(?: [^\n]{2,}\n)+")


def opens_with_a_sentence(text):
    """Whether a comment stands first, and it ends as a sentence ends."""
    comment = SENTENCE.match(text)
    if comment is None:
        return False
    words = comment.group().replace("// ", "").strip("/* \n").split()
    return len(words) > 2 and words[-1][-1] in ".:!"


class Sentences(unittest.TestCase):
    def test_every_file_opens_with_a_sentence(self):
        silent = [
            str(path.relative_to(ROOT))
            for folder in ("src", "include")
            for path in sorted((ROOT / folder).rglob("*"))
            if path.suffix in (".h", ".cpp") and not opens_with_a_sentence(path.read_text())
        ]
        self.assertEqual(silent, [])

    def test_an_include_and_a_bare_name_are_none(self):
        self.assertFalse(opens_with_a_sentence('#include "io/descriptor.h"\n'))
        self.assertFalse(opens_with_a_sentence("// io/descriptor.h\n"))
        self.assertFalse(opens_with_a_sentence("// Opens files that\n\nint x;\n"))
        self.assertTrue(opens_with_a_sentence("// Opens files that\n// may be anything.\n"))


if __name__ == "__main__":
    unittest.main()
