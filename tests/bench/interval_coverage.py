"""How often the 95% intervals of `imnorm stats --sample` hold the answer of the whole set.

Cuts photos into tiles, measures all of them once, then many samples of them, and counts per channel
how often the stated interval of mean and std holds the full value:

    IMNORM=build/release/imnorm python3 tests/bench/interval_coverage.py PHOTOS --sample 100
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

from PIL import Image


def cut(photos, side, folder):
    """Writes every whole tile of every photo; returns how many."""
    count = 0
    for photo in sorted(photos.iterdir()):
        picture = Image.open(photo).convert("RGB")
        for top in range(0, picture.height - side + 1, side):
            for left in range(0, picture.width - side + 1, side):
                tile = picture.crop((left, top, left + side, top + side))
                tile.save(folder / f"{count:06}.png", compress_level=1)
                count += 1
    return count


def stats(folder, *flags):
    command = [os.environ["IMNORM"], "stats", folder, "-q", "--emit", "json", *map(str, flags)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--side", type=int, default=48, help="of a tile")
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--repetitions", type=int, default=400)
    arguments, flags = parser.parse_known_args()  # what is left is for imnorm stats
    with tempfile.TemporaryDirectory() as folder:
        tiles = cut(arguments.photos, arguments.side, Path(folder))
        whole = stats(folder, *flags)
        hits = {"mean": [0] * 3, "std": [0] * 3}
        for seed in range(arguments.repetitions):
            sample = stats(folder, "--sample", arguments.sample, "--seed", seed, *flags)
            for name, counts in hits.items():
                intervals = sample["standard_error"][f"{name}_interval_95"]
                for c, (low, high) in enumerate(intervals):
                    counts[c] += low <= whole[name][c] <= high
    print(f"{tiles} tiles, {arguments.repetitions} samples of {arguments.sample}")
    for name, counts in hits.items():
        shares = " ".join(f"{100 * n / arguments.repetitions:5.1f}%" for n in counts)
        print(f"{name:5} held by its 95% interval: {shares}")


if __name__ == "__main__":
    main()
