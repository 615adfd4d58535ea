#!/usr/bin/env python3
"""Makes passes_golden.json: what Pillow 13 makes of pictures of many shapes, and what older ones do.

Run it with Pillow 13.0 from PyPI. The pictures are a fixed pattern, so that the file has none; of
each result it holds the 64-bit FNV-1a of its bytes. Releases before 12.2 take the horizontal pass
first, always: that is Pillow 13 asked for one axis after the other. 12.2 and 12.3 do so but for
pictures more than 100 times as tall as wide.
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
# On both sides of the rule's edges, height - new_height > 2 * (width - new_width) > 0 among them.
SHAPES = [
    (40, 40, 20, 20), (40, 80, 20, 40), (40, 80, 20, 39), (40, 80, 20, 41), (41, 80, 20, 38),
    (40, 20, 20, 40), (20, 60, 30, 59), (20, 60, 30, 60), (20, 60, 30, 61), (20, 60, 20, 20),
    (60, 60, 20, 60), (30, 90, 7, 5), (90, 30, 7, 5), (33, 97, 64, 9), (97, 33, 9, 64),
    (15, 101, 14, 98), (15, 101, 14, 99), (15, 101, 14, 100), (1, 50, 3, 7), (50, 1, 7, 3),
    (12, 70, 11, 67), (70, 12, 67, 11), (64, 128, 17, 33), (64, 128, 17, 34),
    (2, 201, 5, 190), (3, 300, 1, 299),
]  # fmt: skip


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return f"{value:016x}"


def pattern(size):
    return bytes((i * i * 37 + i * 101 + (i >> 5) * 59 + 11) % 256 for i in range(size))


def main():
    cases = []
    for name, resample in FILTERS.items():
        for width, height, to_width, to_height in SHAPES:
            for channels, mode in ((1, "L"), (3, "RGB")):
                picture = Image.frombytes(mode, (width, height), pattern(width * height * channels))
                now = picture.resize((to_width, to_height), resample)
                if name == "nearest":
                    old = tall = now
                else:
                    old = picture.resize((to_width, height), resample)
                    old = tall = old.resize((to_width, to_height), resample)
                    if height > 100 * width and to_height < height:
                        tall = picture.resize((width, to_height), resample)
                        tall = tall.resize((to_width, to_height), resample)
                cases.append(
                    {
                        "filter": name,
                        "channels": channels,
                        "in": [width, height],
                        "out": [to_width, to_height],
                        "13": fnv(now.tobytes()),
                        "12": fnv(tall.tobytes()),
                        "11": fnv(old.tobytes()),
                    }
                )
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    target = Path(__file__).with_name("passes_golden.json")
    target.write_text(f'{{"pillow":"{PIL.__version__}","cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    sys.exit(main())
