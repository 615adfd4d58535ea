"""Who may include whom: every #include of src/ goes down, never up, never sideways but where named."""

import re
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"

# Floors from the ground up. A room may include the rooms of the floors below it.
FLOORS = [
    {"json", "io", "parallel", "module"},
    {"kernels", "tensor", "drawing"},
    {"plan", "source", "decode", "geometry", "normalize", "statistics", "sink"},
    {"pipeline"},
    {"cli", "c_api"},
    {"main"},
]
# Arrows within a floor, each a decision with its reason.
SIDEWAYS = set()
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def floor_of(room):
    for number, rooms in enumerate(FLOORS):
        if room in rooms:
            return number
    raise KeyError(f"no floor has a room {room}")


def room_of(path):
    """The room of a file below src/: its folder; main for the files beside the folders."""
    return path.split("/")[0] if "/" in path else "main"


def arrows(files):
    """(from, to, file, included) of each include that leaves a room; `files` is {path: text}."""
    for path, text in sorted(files.items()):
        for included in INCLUDE.findall(text):
            if included.startswith("imnorm/") or "/" not in included:
                continue  # the public library is below everything; a name alone stays in its room
            here, there = room_of(path), room_of(included)
            if here != there:
                yield here, there, path, included


def forbidden(files):
    """What is wrong, a line an include."""
    found = []
    for here, there, path, included in arrows(files):
        if (here, there) in SIDEWAYS:
            continue
        if floor_of(here) <= floor_of(there):
            found.append(f"{path} includes {included}: {here} may not know {there}")
    return found


def files_of_house():
    return {
        str(path.relative_to(SOURCE)): path.read_text()
        for path in SOURCE.rglob("*")
        if path.suffix in (".h", ".cpp")
    }


class Arrows(unittest.TestCase):
    def test_every_include_goes_down(self):
        self.assertEqual(forbidden(files_of_house()), [])

    def test_an_include_that_goes_up_or_sideways_is_found(self):
        up = {"sink/x.cpp": '#include "pipeline/run_log.h"\n'}
        self.assertEqual(
            forbidden(up), ["sink/x.cpp includes pipeline/run_log.h: sink may not know pipeline"]
        )
        sideways = {"sink/x.cpp": '#include "plan/json_reader.h"\n'}
        self.assertEqual(len(forbidden(sideways)), 1)
        down = {"sink/x.cpp": '#include "io/durable_file.h"\n#include "imnorm/plan.h"\n'}
        self.assertEqual(forbidden(down), [])

    def test_a_room_that_no_floor_has_is_an_error(self):
        with self.assertRaises(KeyError):
            forbidden({"attic/x.cpp": '#include "io/durable_file.h"\n'})

    def test_an_arrow_that_is_allowed_is_still_there(self):
        present = {(here, there) for here, there, _, _ in arrows(files_of_house())}
        self.assertEqual(SIDEWAYS - present, set())


if __name__ == "__main__":
    unittest.main()
