"""What a file uses of the C library it includes itself: another standard library may not bring it along."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# (what is used, the header that declares it, the files that are held to it)
RULES = [
    (re.compile(r"\bu?int(?:8|16|32|64)_t\b"), "cstdint", ("*.h",)),
    (re.compile(r"\bmem(?:cpy|cmp|set|move|chr)\("), "cstring", ("*.h", "*.cpp")),
    (re.compile(r"\bstd::(?:str(?:len|cmp|ncmp|error|chr))\("), "cstring", ("*.h", "*.cpp")),
]
COMMENT = re.compile(r"//[^\n]*")


def missing(path, text):
    """The headers that a file uses and does not include."""
    code = COMMENT.sub("", text)
    return [
        header
        for use, header, kinds in RULES
        if any(Path(path).match(kind) for kind in kinds)
        and use.search(code)
        and f"<{header}>" not in code
        and f"<{header[1:]}.h>" not in code
    ]


class Includes(unittest.TestCase):
    def test_every_file_includes_what_it_uses_of_the_c_library(self):
        wrong = {}
        for folder in ("src", "include", "tests"):
            for path in (ROOT / folder).rglob("*"):
                if path.suffix in (".h", ".cpp"):
                    found = missing(path.name, path.read_text())
                    if found:
                        wrong[str(path.relative_to(ROOT))] = found
        self.assertEqual(wrong, {})

    def test_what_is_missing_is_found(self):
        self.assertEqual(missing("a.h", "uint8_t a;"), ["cstdint"])
        self.assertEqual(missing("a.h", "#include <cstdint>\nuint8_t a;"), [])
        self.assertEqual(missing("a.cpp", "std::memcpy(a, b, 1);"), ["cstring"])
        self.assertEqual(missing("a.cpp", "// memcpy(a)\n"), [])


if __name__ == "__main__":
    unittest.main()
