"""What the ground does for all is done nowhere else: JSON is written by json/, files opened by io/."""

import re
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"
# JSON as text: the library's own writer, or an object opened in a literal.
JSON = re.compile(r'\.dump\(|"(?:[^"\\\n]|\\.)*\{(?:\\n)?[ ]*\\"|R"\w*\((?:[^)"\n])*\{"\w+":')
# System calls that give a descriptor or take it away; `x.open(` and `x->close(` are other things.
DESCRIPTOR = re.compile(
    r"(?<![\w.>])(?:::)?(?:open|openat|creat|close|dup|dup2|dup3|pipe2?|fopen|fdopen|mkostemp"
    r"|mkstemp|memfd_create|socket)\("
)
COMMENT = re.compile(r"//.*")
EXCEPTIONS = {
    "JSON": {"plan/json_reader.cpp"},  # shows a value in a message
    "DESCRIPTOR": {"cli/standard_streams.cpp"},  # holds closed streams open for good
}


def found(pattern, ground, files):
    return sorted(
        path
        for path, text in files.items()
        if not path.startswith(ground) and pattern.search(COMMENT.sub("", text))
    )


class Ground(unittest.TestCase):
    def files(self):
        return {
            str(path.relative_to(SOURCE)): path.read_text()
            for path in SOURCE.rglob("*")
            if path.suffix in (".h", ".cpp")
        }

    def test_json_is_written_by_one_writer(self):
        self.assertEqual(found(JSON, "json/", self.files()), sorted(EXCEPTIONS["JSON"]))

    def test_descriptors_are_opened_and_closed_in_one_place(self):
        self.assertEqual(found(DESCRIPTOR, "io/", self.files()), sorted(EXCEPTIONS["DESCRIPTOR"]))

    def test_what_is_spelled_by_hand_is_found(self):
        for line in (
            'text = json.dump(2);\n',
            'fmt::format("{{\\"rows\\": {}}}", rows);\n',
            'head = "{\\n  \\"schema\\": 1";\n',
            'fmt::format(R"({{"rows":{}}})", rows);\n',
        ):
            self.assertEqual(found(JSON, "json/", {"sink/x.cpp": line}), ["sink/x.cpp"], line)
        for line in ("int fd = open(path, 0);\n", "::close(fd);\n", "FILE* f = fopen(p, m);\n"):
            self.assertEqual(found(DESCRIPTOR, "io/", {"sink/x.cpp": line}), ["sink/x.cpp"], line)

    def test_messages_and_members_are_none(self):
        harmless = 'Fail("\\"size\\": needs height"); zip->close(open_); a.open(b);  // open(it)\n'
        self.assertEqual(found(JSON, "json/", {"sink/x.cpp": harmless}), [])
        self.assertEqual(found(DESCRIPTOR, "io/", {"sink/x.cpp": harmless}), [])


if __name__ == "__main__":
    unittest.main()
