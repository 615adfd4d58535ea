"""docs/reference is what scripts/reference makes of today's headers and docstrings."""

import ast
import re
import subprocess
import unittest

from imnorm_test import SOURCE, ImnormTest

PAGES = SOURCE / "docs/reference"


class Reference(ImnormTest):
    def test_pages_are_up_to_date(self):
        subprocess.run([SOURCE / "scripts/reference", self.folder], check=True)
        made = {path.name: path.read_text() for path in self.folder.iterdir()}
        kept = {path.name: path.read_text() for path in PAGES.iterdir()}
        self.assertEqual(sorted(made), sorted(kept))
        for name in made:
            if made[name] != kept[name]:
                self.assertEqual(kept[name].splitlines(), made[name].splitlines(), "scripts/reference")

    def test_every_function_of_c_is_there_once(self):
        header = (SOURCE / "include/imnorm/c.h").read_text()
        page = (PAGES / "c.md").read_text()
        names = re.findall(r"^\w[\w *]*?\b(imnorm_\w+)\(", header, re.M)
        self.assertGreater(len(names), 20)
        for name in names:
            self.assertEqual(len(re.findall(rf"\b{name}\(", page)),
                             len(re.findall(rf"\b{name}\(", header)), name)  # fmt: skip

    def test_every_function_and_class_of_cpp_is_there(self):
        page = (PAGES / "cpp.md").read_text()
        for header in sorted((SOURCE / "include/imnorm").glob("*.h")):
            if header.name == "c.h":
                continue
            text = header.read_text()
            names = re.findall(r"^(?:class|struct|enum class) (\w+)[^;\n]*\{", text, re.M)
            names += re.findall(r"^\w[\w:<>,*& ]* (\w+)\([^;{]*\)(?: const)?[;\n{]", text, re.M)
            for name in names:
                self.assertTrue(re.search(rf"\b{name}\b", page), f"{header.name}: {name}")

    def test_every_public_name_of_python_is_there(self):
        page = (PAGES / "python.md").read_text()
        tree = ast.parse((SOURCE / "python/imnorm/__init__.py").read_text())
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module.startswith("imnorm.")
            and not node.module.startswith("imnorm._")
            for alias in node.names
        }  # fmt: skip
        self.assertGreater(len(names), 15)
        for name in names:
            self.assertTrue(re.search(rf"(?m)^### (class )?{name}$", page), name)


if __name__ == "__main__":
    unittest.main()
