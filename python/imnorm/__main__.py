"""The program: ``python -m imnorm`` and the console script ``imnorm``."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # what is imported here, every call of the program waits for
if TYPE_CHECKING:
    from typing import NoReturn


def program() -> str:
    """The program's path: the package's own, else the one that the shell would find."""
    own = os.path.join(os.path.dirname(os.path.realpath(__file__)), "bin", "imnorm")
    named = os.environ.get("IMNORM") or (own if os.path.exists(own) else None)
    return named or _in_path()


def _in_path() -> str:
    import shutil

    found = shutil.which("imnorm")
    if found is not None:
        with open(found, "rb") as file:
            # The console script has the same name and may come first in PATH.
            if file.read(2) != b"#!":
                return found
    sys.exit("imnorm: the program is not installed; IMNORM names its file")


def main() -> NoReturn:
    """Becomes the program: its exit codes, signals and streams are its own."""
    path = program()
    os.execv(path, ["imnorm", *sys.argv[1:]])


if __name__ == "__main__":
    main()
