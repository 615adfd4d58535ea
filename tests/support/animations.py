"""Files of several frames or pages: what encoders here write, and GIFs that none would."""

import struct

import numpy as np
from PIL import Image

from imnorm_test import pixels


def changed(rng, width, height, frames, alpha):
    """Frames of which each differs from the one before in a rectangle, or everywhere."""
    base, made = pixels(width, height, int(rng.integers(99)), 4), []
    for _ in range(frames):
        frame = base.copy()
        x, y = int(rng.integers(width - 3)), int(rng.integers(height - 3))
        patch = frame[y : y + int(rng.integers(1, 9)), x : x + int(rng.integers(1, 12))]
        patch[...] = rng.integers(0, 256, patch.shape)
        if rng.random() < 0.2:
            frame = pixels(width, height, int(rng.integers(99)), 4)
        if rng.random() < 0.5:
            base = frame
        if alpha == "hard":
            frame[..., 3] = np.where(frame[..., 3] > 128, 255, 0)
        made.append(Image.fromarray(frame if alpha else frame[..., :3].copy()))
    return made


def numbers(rng, most, count):
    return [int(n) for n in rng.integers(0, most, count)]


def load_all(path):
    with Image.open(path) as image:
        for frame in range(getattr(image, "n_frames", 1)):
            image.seek(frame)
            image.load()


def animations(folder, kind, count, seed):
    """Paths of `count` files of a kind at most: what its encoder refuses to write is left out."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        width, height, several = (int(n) for n in rng.integers((8, 8, 2), (40, 40, 7)))
        frames = changed(rng, width, height, several, rng.choice(["", "hard", "soft"]))
        options = {}
        if kind == "gif":
            options = {"disposal": numbers(rng, 4, several), "optimize": bool(rng.random() < 0.5)}
        elif kind == "png":
            mode = rng.choice(["L", "LA", "P", "RGB", "RGBA"])
            frames = [frame.convert(mode) for frame in frames]
            options = {
                "default_image": bool(rng.random() < 0.3),
                "disposal": numbers(rng, 3, several),
                "blend": numbers(rng, 2, several),
            }
        elif kind == "webp":
            options = {
                "lossless": bool(rng.random() < 0.5),
                "quality": 60,
                "kmin": int(rng.integers(3)),
                "kmax": int(rng.integers(3, 9)),
                "allow_mixed": bool(rng.random() < 0.5),
            }
        elif kind == "mpo":
            frames = [frame.convert("RGB") for frame in frames]
        elif kind == "tif":
            mode = rng.choice(["L", "P", "RGB"])
            frames = [frame.convert(mode) for frame in frames]
            options = {"compression": str(rng.choice(["raw", "tiff_lzw", "tiff_deflate", "packbits"]))}
        path = f"{folder}/{kind}-{seed}-{number}.{kind}"
        try:
            frames[0].save(path, save_all=True, append_images=frames[1:], **options)
            if kind == "mpo":
                load_all(path)  # Pillow writes wrong indices of some
        except (ValueError, OSError, SyntaxError):
            continue
        yield path


def lzw(indices, bits):
    """Indices as GIF's codes without compression: the table is cleared before it grows."""
    clear, size, stream, at = 1 << bits, bits + 1, 0, 0
    out = []
    for number, index in enumerate(indices):
        if number % (clear - 2) == 0:
            out.append(clear)
        out.append(int(index))
    out.append(clear + 1)
    for code in out:
        stream |= code << at
        at += size
    data = stream.to_bytes((at + 7) // 8, "little")
    blocks = [data[i : i + 255] for i in range(0, len(data), 255)]
    return bytes([bits]) + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"


def palette(rng, bits):
    return rng.integers(0, 256, (1 << bits, 3)).astype(np.uint8).tobytes()


def wild_gif(seed, may_grow):
    """A GIF whose frames have palettes of their own, are gone in any way and may leave the canvas."""
    rng = np.random.default_rng(seed)
    bits = int(rng.integers(2, 5))
    width, height = (int(n) for n in rng.integers(4, 20, 2))
    shared = rng.random() < 0.8
    grows = rng.random() < 0.3 and may_grow
    out = b"GIF89a" + struct.pack(
        "<2H3B", width, height, (128 | bits - 1) if shared else 0, int(rng.integers(1 << bits)), 0
    )
    out += palette(rng, bits) if shared else b""
    for _ in range(int(rng.integers(2, 6))):
        wide, high = (int(n) for n in rng.integers(1, 12, 2))
        most_x, most_y = (width + 3, height + 3) if grows else (width, height)
        wide, high = min(wide, most_x), min(high, most_y)
        x, y = int(rng.integers(most_x - wide + 1)), int(rng.integers(most_y - high + 1))
        if rng.random() < 0.8:
            flags = int(rng.integers(4)) << 2 | int(rng.random() < 0.6)
            out += b"!\xf9\4" + bytes([flags, 5, 0, int(rng.integers(1 << bits)), 0])
        local = rng.random() < 0.3 and shared
        interlaced = rng.random() < 0.3
        out += b"," + struct.pack(
            "<4HB", x, y, wide, high, (128 | bits - 1 if local else 0) | 64 * interlaced
        )
        out += palette(rng, bits) if local else b""
        out += lzw(rng.integers(0, 1 << bits, wide * high), bits)
    return out + b";"
