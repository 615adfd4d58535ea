"""A name of a namespace has one definition: two classes of one name are one to the linker, which then
calls the functions of the one for the other."""

import collections
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HIDDEN = re.compile(r"^namespace \{$.*?^\}  // namespace$", re.MULTILINE | re.DOTALL)
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{$", re.MULTILINE)
DEFINITION = re.compile(r"^(?:class|struct|union) (\w+)(?: final)?(?: :[^;{]*)?\s*\{", re.MULTILINE)


def twice(files):
    """{name: files} of classes that more than one of `files`, {path: text}, defines."""
    found = collections.defaultdict(set)
    for path, text in files.items():
        text = HIDDEN.sub("", text)
        for match in DEFINITION.finditer(text):
            spaces = NAMESPACE.findall(text[: match.start()])
            found["::".join([*spaces[-1:], match.group(1)])].add(path)
    return {name: sorted(paths) for name, paths in found.items() if len(paths) > 1}


class OneDefinition(unittest.TestCase):
    def test_no_class_is_defined_twice(self):
        files = {
            str(path.relative_to(ROOT)): path.read_text()
            for folder in ("src", "include")
            for path in (ROOT / folder).rglob("*")
            if path.suffix in (".h", ".cpp")
        }
        self.assertGreater(len(files), 300)
        self.assertEqual(twice(files), {})

    def test_two_of_one_name_are_found_and_hidden_ones_are_not(self):
        one = "namespace imnorm {\nclass Rows {\n};\n}\n"
        other = "namespace imnorm {\nclass Rows : public Source {\n};\n}\n"
        self.assertEqual(twice({"a.h": one, "b.h": other}), {"imnorm::Rows": ["a.h", "b.h"]})
        hidden = "namespace imnorm {\nnamespace {\n\nclass Rows {\n};\n\n}  // namespace\n}\n"
        self.assertEqual(twice({"a.h": one, "b.cpp": hidden}), {})
        self.assertEqual(twice({"a.h": one, "b.h": one.replace("imnorm", "imnorm::cli")}), {})


if __name__ == "__main__":
    unittest.main()
