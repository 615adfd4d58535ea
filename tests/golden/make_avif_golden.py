#!/usr/bin/env python3
"""Writes avif_golden.json beside it: small AVIF files of every encoder here, and the sums of the pixels
that Pillow 13 reads from them.

Run with Pillow 13 (PyPI) and PYTHONPATH=tests/support, where avifenc is: Debian 12's Pillow reads no AVIF.
"""

import base64
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import PIL
from format_files import avif
from PIL import Image, features

OUT = Path(__file__).with_name("avif_golden.json")


def main():
    assert PIL.__version__.startswith("13."), PIL.__version__
    files = []
    with tempfile.TemporaryDirectory() as folder:
        for source, path in avif(folder):
            data = path.read_bytes()
            with Image.open(path) as image:
                mode, size = image.mode, image.size
                orientation = image.getexif().get(0x0112, 1)
                rgb = np.array(image.convert("RGB"))
            files.append({
                "source": source, "name": path.name.split("_", 1)[1], "mode": mode, "size": size,
                "orientation": orientation, "rgb_sha256": hashlib.sha256(rgb.tobytes()).hexdigest(),
                "file": base64.b64encode(data).decode(),
            })  # fmt: skip
    lines = ",\n".join("  " + json.dumps(file) for file in files)
    made = {"pillow": PIL.__version__, "libavif": features.version("avif")}
    OUT.write_text('{"made_by": %s,\n "files": [\n%s\n]}\n' % (json.dumps(made), lines))


if __name__ == "__main__":
    main()
