"""The program: ``python -m imnorm`` and the console script ``imnorm``."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn


def program() -> str:
    """The program's path: the package's own, else the one that the shell would find."""
    own = Path(__file__).resolve().parent / "bin" / "imnorm"
    named = os.environ.get("IMNORM") or (str(own) if own.exists() else None)
    # The console script has the same name and may come first in PATH.
    found = named or shutil.which("imnorm")
    if found is None or (named is None and Path(found).read_bytes()[:2] == b"#!"):
        sys.exit("imnorm: the program is not installed; IMNORM names its file")
    return found


def main() -> NoReturn:
    """Becomes the program: its exit codes, signals and streams are its own."""
    path = program()
    os.execv(path, ["imnorm", *sys.argv[1:]])


if __name__ == "__main__":
    main()
