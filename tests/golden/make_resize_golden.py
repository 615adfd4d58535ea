#!/usr/bin/env python3
"""Makes resize_golden.json: what Pillow makes of one row of samples, with every filter.

Run it with Debian's python3-pil; the rows are a fixed pattern, so that the file has no pictures.
"""

import json
import sys
from pathlib import Path

import PIL
from PIL import Image

FILTERS = {
    "nearest": Image.NEAREST,
    "box": Image.BOX,
    "bilinear": Image.BILINEAR,
    "hamming": Image.HAMMING,
    "bicubic": Image.BICUBIC,
    "lanczos": Image.LANCZOS,
}
SIZES = [(1, 7), (2, 1), (3, 5), (5, 5), (17, 4), (31, 30), (64, 9), (97, 224), (300, 1), (333, 40)]


def pattern(size):
    return bytes((i * i * 37 + i * 101 + 11) % 256 for i in range(size))


def main():
    cases = []
    for name, resample in FILTERS.items():
        for size, out in SIZES:
            row = Image.frombytes("L", (size, 1), pattern(size)).resize((out, 1), resample)
            cases.append({"filter": name, "in": size, "out": out, "row": list(row.tobytes())})
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    target = Path(__file__).with_name("resize_golden.json")
    target.write_text(f'{{"pillow":"{PIL.__version__}","cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    sys.exit(main())
