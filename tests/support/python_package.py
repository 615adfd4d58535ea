"""What the tests of the Python package share: where the library is, and whether it can be loaded."""

import os
import sys
from pathlib import Path

from imnorm_test import sanitized

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def skip(reason):
    print(f"SKIPPED: {reason}", flush=True)
    sys.exit(SKIPPED)


def require_library():
    """Ends the test where no plain interpreter can load this build's library."""
    library = Path(os.environ.get("IMNORM_LIBRARY", ""))
    if not library.is_file():
        sys.exit("set IMNORM_LIBRARY to libimnorm.so (ctest does)")
    if sanitized():
        skip("a sanitized library needs a sanitized program")
