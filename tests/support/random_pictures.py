"""Pictures of random sizes and kinds in class folders, the same for a seed, and mutants of files."""

import io
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile

ImageFile.MAXBLOCK = 1 << 22  # Pillow encodes progressive JPEG of noise into one buffer
CLASSES = ("barn", "crane", "drift")


def _size(rng):
    """Log-uniform sides, now and then very long ones."""
    side = int(2 ** rng.uniform(4, 9.4))
    ratio = 2 ** rng.uniform(-1, 1) if rng.random() < 0.95 else 2 ** rng.uniform(-4, 4)
    return max(1, side), max(1, min(2000, int(side * ratio)))


def _pixels(rng, width, height):
    """Noise of some coarseness, enlarged: smooth here, grainy there."""
    coarse = rng.choice((1, 3, 16))
    numbers = np.random.default_rng(rng.getrandbits(32))
    small = (max(1, height // coarse), max(1, width // coarse), 3)
    picture = Image.fromarray(numbers.integers(0, 256, small, np.uint8))
    return picture.resize((width, height), Image.BICUBIC)


def _encoded(rng, picture):
    """(extension, bytes): JPEG mostly, as data sets are; grey ones, palettes, PNG, WebP, BMP, TIFF."""
    kind = rng.choice(("jpg",) * 6 + ("png", "png", "webp", "bmp", "tif"))
    if rng.random() < 0.15:
        picture = picture.convert("L")
    options = {}
    if kind == "jpg":
        options = {"quality": rng.randint(20, 98), "progressive": rng.random() < 0.3}
        if picture.mode == "RGB":
            options["subsampling"] = rng.randint(0, 2)
    elif kind == "png" and rng.random() < 0.2:
        picture = picture.convert("RGB").quantize(rng.randint(2, 256))
    elif kind == "webp":
        options = {"lossless": rng.random() < 0.3}
    names = {"jpg": "JPEG", "tif": "TIFF"}
    out = io.BytesIO()
    picture.save(out, names.get(kind, kind.upper()), **options)
    return kind, out.getvalue()


def write_pictures(folder, count, seed=1):
    """`count` of them, spread over CLASSES; their paths, sorted."""
    rng = random.Random(seed)
    for name in CLASSES:
        (Path(folder) / name).mkdir(parents=True)
    paths = []
    for i in range(count):
        kind, data = _encoded(rng, _pixels(rng, *_size(rng)))
        paths.append(Path(folder) / rng.choice(CLASSES) / f"{i:04}.{kind}")
        paths[-1].write_bytes(data)
    return sorted(paths)


def mutants(files, count, seed=1):
    """`count` damaged copies of `files`: bytes changed, doubled, cut off, joined to another's."""
    rng = random.Random(seed)
    for i in range(count):
        data = bytearray(files[i % len(files)])
        for _ in range(rng.randint(1, 6)):
            at, how = rng.randrange(len(data)), rng.random()
            if how < 0.5:  # more of them near the head, where sizes and tables are
                at = min(at, rng.randrange(len(data)))
                data[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            elif how < 0.7:
                data[at] ^= 1 << rng.randrange(8)
            elif how < 0.8:
                data[at:at] = data[at : at + rng.randrange(1, 64)]
            elif how < 0.9:
                del data[at : at + rng.randrange(1, 16)]
                data = data or bytearray(1)
            else:
                other = rng.choice(files)
                data[at:] = other[rng.randrange(len(other)) :] or b"\0"
        if i % 5 == 0:
            del data[rng.randrange(len(data)) :]
        yield bytes(data)
