#!/usr/bin/env python3
"""Batches of a .npy, or of all its shards, read where they are used and nowhere else.

imnorm normalize photos/ --preset imagenet --shard-size 10000 -o parts.npy
python3 numpy_mmap.py parts-*.npy
"""

import sys

import numpy as np


def batches(paths, size):
    """Arrays of at most `size` rows, in the order of the manifest's rows."""
    for path in sorted(paths):
        rows = np.load(path, mmap_mode="r")  # maps the file and reads its header only
        for first in range(0, len(rows), size):
            yield rows[first : first + size]


def main(*paths):
    count, total = 0, 0.0
    for batch in batches(paths, 256):
        count += len(batch)
        total = total + batch.sum(axis=(0, 2, 3), dtype=np.float64)
    pixels = count * batch.shape[2] * batch.shape[3]
    print(f"{count} rows of {batch.shape[1:]} {batch.dtype}, mean of channels {total / pixels}")


if __name__ == "__main__":
    main(*sys.argv[1:])
