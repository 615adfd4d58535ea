"""What scripts/parity-today runs for all formats: every encoder here, the newest readers.

JPEG 2000, AVIF, TGA and QOI: Pillow's pixels. HEIC: pillow-heif's, whose 4:2:0 is rounded otherwise than Debian 12's
libheif has it: within 1. JPEG XL: djxl's.
"""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pillow_heif
from classic_files import CLASSICS
from format_files import MAKERS, OWN, djxl, has
from imnorm_test import DONE, run
from PIL import Image

pillow_heif.register_heif_opener()
WITHIN = {"heif": 1}
# Where Pillow's libheif makes 8 bits of 10 in another way.
DEEP = "deep.heic"


def read_by_imnorm(path, folder):
    out = Path(folder) / "x.npy"
    result = run("normalize", path, "--method", "none", "--dtype", "uint8", "--force", "-o", out)
    assert result.returncode == DONE, result.stderr
    return np.load(out)[0].transpose(1, 2, 0).astype(int)


def read_by_pillow(path):
    with Image.open(path) as image:
        if image.mode in ("I", "I;16"):  # imnorm keeps the high byte of them all
            return (np.array(image) >> 8)[..., None].repeat(3, 2).astype(int)
        return np.array(image.convert("RGB")).astype(int)


def read_by_djxl(path, folder):
    """djxl goes by names: of files with alpha it writes PAM alone, of grey ones PGM alone."""
    for channels in (3, 1, 4):
        try:
            samples = djxl(path, folder, channels)
        except AssertionError:
            continue
        if samples.dtype == np.uint16 and samples.max() > 255:
            samples = samples >> 8
        if samples.shape[2] < 3:
            samples = samples[..., :1].repeat(3, 2)
        return samples[..., :3].astype(int)
    raise AssertionError(f"djxl does not read {path}")


def main():
    listed = run("formats").stdout
    rows, bad = defaultdict(lambda: [0, 0, 0]), 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in {**CLASSICS, **MAKERS, **OWN}.items():
            if (kind in MAKERS and f"imnorm_{kind}.so" not in listed) or (kind == "jpegxl" and not has("djxl")):
                print(f"SKIPPED: {kind} is not read here, or has no reference")
                continue
            for source, path in make(f"{folder}/{kind}"):
                got = read_by_imnorm(path, folder)
                want = read_by_djxl(path, folder) if kind == "jpegxl" else read_by_pillow(path)
                off = np.abs(got - want).max() if got.shape == want.shape else 256
                row = rows[kind, source]
                row[0] += 1
                row[1] += off == 0
                row[2] = max(row[2], off)
                if off > WITHIN.get(kind, 0) + path.name.endswith(DEEP):
                    print(f"{path.name}: differs by {off}")
                    bad = 1
    print("| format | made by | files | equal | largest difference |\n|---|---|---|---|---|")
    for (kind, source), (files, equal, off) in rows.items():
        print(f"| {kind} | {source} | {files} | {equal} | {off} |")
    return bad


if __name__ == "__main__":
    sys.exit(main())
