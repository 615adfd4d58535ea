"""What Pillow makes of a picture before and while it is resized, for comparing byte for byte."""

import numpy as np
import PIL
from PIL import Image, ImageOps

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


# What makes imnorm resize as the Pillow does that is installed here.
_release = tuple(int(part) for part in PIL.__version__.split(".")[:2])
LIVE = ("--pillow", "13" if _release >= (13, 0) else "12" if _release >= (12, 2) else "11")


def open_rgb(path, exif=False):
    """A picture file as RGB, turned upright where asked; 16-bit grey keeps its high byte."""
    with Image.open(path) as picture:
        if exif:  # before it is loaded: Pillow reads a TIFF's tags from the open file
            picture = ImageOps.exif_transpose(picture)
        picture.load()
        if picture.mode.startswith("I"):
            return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
        return picture.convert("RGB")


def planes(picture):
    """uint8 [channels][height][width] of an RGB or L picture."""
    samples = np.asarray(picture)
    return samples[None] if samples.ndim == 2 else np.ascontiguousarray(samples.transpose(2, 0, 1))


def resized(picture, width, height, name):
    return picture.resize((width, height), FILTERS[name])


def resized_16(samples, width, height, name):
    """16-bit grey by Pillow's 32-bit integer mode, each pass kept within 16 bits.

    Pillow's own I;16 resize came in 10.3 with this arithmetic; older ones refuse the mode. Where
    bicubic and lanczos overshoot it wraps; clipping, as for 8 bits, is the rule here.
    """
    for size in ((width, samples.shape[0]), (width, height)):
        picture = Image.fromarray(samples.astype(np.int32), "I").resize(size, FILTERS[name])
        samples = np.clip(np.asarray(picture), 0, 65535)
    return samples.astype(np.uint16)


def composited(path, colour):
    """A picture laid on a ground of one colour."""
    with Image.open(path) as picture:
        over = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", over.size, colour), over).convert("RGB")
