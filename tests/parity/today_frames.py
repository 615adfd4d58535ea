"""What scripts/parity-today runs for --frame: every frame of files that Pillow writes, and of GIFs that it would not."""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from animations import animations, wild_gif
from imnorm_test import DONE, run
from PIL import Image

FILES = 40


def files(folder):
    for kind in ("gif", "png", "webp", "mpo", "tif", "avif"):
        for path in animations(folder, kind, FILES, seed=3):
            yield kind, path
    for seed in range(4 * FILES):
        path = Path(folder) / f"wild-{seed}.gif"
        path.write_bytes(wild_gif(seed, may_grow=True))
        yield "gif, wild", path


def main():
    rows, bad = defaultdict(lambda: [0, 0, 0]), 0
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.npy"
        for kind, path in files(folder):
            with Image.open(path) as image:
                frames = getattr(image, "n_frames", 1)
            rows[kind][0] += 1
            for frame in range(frames):
                with Image.open(path) as image:
                    image.seek(frame)
                    want = np.array(image.convert("RGB"))
                result = run("normalize", path, "--frame", str(frame), "--method", "none", "--dtype", "uint8",
                             "--layout", "nhwc", "--force", "-q", "-o", out)  # fmt: skip
                equal = result.returncode == DONE and np.array_equal(np.load(out)[0], want)
                rows[kind][1] += 1
                rows[kind][2] += equal
                if not equal:
                    print(f"{path} frame {frame}: {result.stderr.strip() or 'other pixels'}")
                    bad = 1
    print("| animation | files | frames | equal |\n|---|---|---|---|")
    for kind, (count, frames, equal) in rows.items():
        print(f"| {kind} | {count} | {frames} | {equal} |")
    return bad


if __name__ == "__main__":
    sys.exit(main())
