#!/usr/bin/python3
"""How often the 95% intervals of samples hold the answer of the whole set.

    IMNORM=build/release/imnorm tests/bench/interval_coverage.py PICTURES [--tile 64]
        [--sample 100] [--repeats 200]

The pictures are cut into tiles, so that there are enough of them and neighbours are alike.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

from PIL import Image


def cut(folder, tile, out):
    number = 0
    for path in sorted(Path(folder).rglob("*")):
        try:
            picture = Image.open(path).convert("RGB")
        except OSError:
            continue
        for y in range(0, picture.height, tile):
            for x in range(0, picture.width, tile):
                box = (x, y, min(x + tile, picture.width), min(y + tile, picture.height))
                picture.crop(box).save(out / f"{number:06}.png", compress_level=1)
                number += 1
    return number


def stats(folder, *options):
    binary = os.environ.get("IMNORM", "imnorm")
    out = subprocess.run([binary, "stats", folder, "--emit", "json", *options], check=True,
                         capture_output=True)
    return json.loads(out.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures")
    parser.add_argument("--tile", type=int, default=64)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = cut(options.pictures, options.tile, folder)
        whole = stats(folder)
        held = {"mean": 0, "std": 0}
        for seed in range(options.repeats):
            sample = stats(folder, "--sample", str(options.sample), "--seed", str(seed))
            for what in held:
                intervals = sample["standard_error"][f"{what}_interval_95"]
                held[what] += sum(low <= truth <= high
                                  for truth, (low, high) in zip(whole[what], intervals))
        trials = options.repeats * len(whole["mean"])
        print(f"{count} tiles of {options.tile}, samples of {options.sample}, "
              f"{options.repeats} repeats: "
              + ", ".join(f"{what} {n / trials:.3f}" for what, n in held.items()))


if __name__ == "__main__":
    main()
