"""README.md, docs/*.md and examples/article.md as what can be run: commands with their output, and Python.

A block, fenced or indented by four spaces, is a session of a shell where a line of it begins with
"$ ": "> " continues a command, what follows is its output. A block of ```python is a program, or a
session where it has ">>>". Blocks of other kinds are only shown.
"""

import re
from dataclasses import dataclass, field

from imnorm_test import SOURCE


@dataclass
class Block:
    line: int  # of its first line, from 1
    kind: str  # "" without a fence or a word behind it
    lines: list[str] = field(default_factory=list)

    @property
    def text(self):
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def is_session(self):
        return any(line.startswith("$ ") for line in self.lines)


@dataclass
class Command:
    line: int
    text: str
    output: list[str] = field(default_factory=list)


def documents():
    return [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md")), SOURCE / "examples/article.md"]


def blocks(text):
    """The blocks of a document, in order."""
    found, fenced, before = [], None, ""
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.match(r"^```(\w*)$", line)
        if fenced is not None:
            if fence:
                fenced = None
            else:
                fenced.lines.append(line)
        elif fence:
            fenced = Block(number + 1, fence.group(1))
            found.append(fenced)
        elif line.startswith("    ") and (before == "" or before.startswith("    ")):
            if before == "":
                found.append(Block(number, ""))
            found[-1].lines.append(line[4:])
        before = line
    return found


def commands(block):
    """The commands of a session, each with its output."""
    found = []
    for number, line in enumerate(block.lines, block.line):
        if line.startswith("$ "):
            found.append(Command(number, line[2:]))
        elif line.startswith("> ") and found and not found[-1].output:
            found[-1].text += "\n" + line[2:]
        elif found:
            found[-1].output.append(line)
    return found

#What differs from run to run, or from machine to machine.
CHANGING = [
    (re.compile(r"in \d+\.\d\d s( \(\d+/s\))?"), "in ... s"),
]


def steady(line):
    for pattern, word in CHANGING:
        line = pattern.sub(word, line)
    return line.rstrip()


def matches(expected, got):
    """Whether lines are those expected, in which "..." stands for any number of lines."""
    expected, got = [steady(e) for e in expected], [steady(g) for g in got]
    while expected and expected[-1] == "":
        expected.pop()
    while got and got[-1] == "":
        got.pop()
    pattern = "".join(r"(?:.*\n)*?" if e == "..." else re.escape(e) + r"\n" for e in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in got)) is not None
