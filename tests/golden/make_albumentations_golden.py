#!/usr/bin/env python3
"""Makes albumentations_golden.json: the values of its Normalize and the sizes of its resizes.

Run it with albumentations 2.0.8 from PyPI. Of each table the file holds the 64-bit FNV-1a of the
float32 values of bytes 0 to 255, channel after channel; of each size [width, height] before and after.
"""

import json
import sys
from pathlib import Path

import albumentations
import numpy as np

from make_passes_golden import fnv

VALUES = [
    ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
    ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]),
    ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
]
# Sides whose other side ends in a half (even and odd below it), a thin one, and odd ratios.
SIZES = [(2, 5), (5, 2), (200, 101), (101, 200), (640, 427), (427, 640), (1, 400), (333, 500), (8, 9)]


def main():
    ramp = np.repeat(np.arange(256, dtype=np.uint8).reshape(1, 256, 1), 3, axis=2)
    tables, sizes = [], []
    for mean, std in VALUES:
        values = albumentations.Normalize(mean, std)(image=ramp)["image"].astype(np.float32)
        hashed = fnv(np.ascontiguousarray(values.transpose(2, 0, 1)).tobytes())
        tables.append({"mean": mean, "std": std, "fnv": hashed})
    for kind, resize in (
        ("short_edge", albumentations.SmallestMaxSize),
        ("long_edge", albumentations.LongestMaxSize),
    ):
        for size in (1, 5, 33, 100, 224):
            for width, height in SIZES:
                if kind == "short_edge" and size > 33 and min(width, height) == 1:
                    continue  # some hundred thousand columns
                picture = np.zeros((height, width, 3), np.uint8)
                out = resize(size)(image=picture)["image"]
                sizes.append([kind, size, width, height, out.shape[1], out.shape[0]])
    lines = ",\n".join(json.dumps(fields) for fields in tables)
    rows = ",\n".join(json.dumps(row) for row in sizes)
    made = f'"albumentations":"{albumentations.__version__}"'
    target = Path(__file__).with_name("albumentations_golden.json")
    target.write_text(f'{{{made},"tables":[\n{lines}\n],"cases":[\n{rows}\n]}}\n')


if __name__ == "__main__":
    sys.exit(main())
