"""Resizes of random shapes, up and down, through the Python module: imnorm against Pillow and torch.

today_shapes.py [SHAPES]. Each line is a filter and a number of channels; where Pillow is not the
newest release, imnorm resizes as that one did.
"""

import random
import sys

import imnorm
import numpy as np
import PIL
import torch
from PIL import Image
from torch.nn import functional

from pillow_reference import FILTERS

MODES = ("bilinear", "bicubic", "lanczos", "nearest-exact")


def plan(engine, name, width, height):
    resize = {"kind": "exact", "width": width, "height": height, "filter": name, "engine": engine}
    if engine == "pillow":
        resize["pillow"] = min(int(PIL.__version__.split(".")[0]), 13)
    values = {"rescale": False, "arithmetic": "raw", "dtype": "uint8"}
    return {
        "schema": "imnorm.plan/1", "method": "none", "resize": resize, "values": values,
        "like": {"pillow": "torchvision", "torch": "torch"}[engine],
    }  # fmt: skip


def shapes(count):
    random.seed(20261126)
    for _ in range(count):
        yield tuple(int(2 ** random.uniform(0, 9.5)) for _ in range(4))


def picture(width, height, channels, generator):
    noise = generator.integers(0, 256, (height, width, channels), dtype=np.uint8)
    noise[: height // 2] = np.linspace(0, 255, width, dtype=np.uint8)[None, :, None]
    return noise


def by_pillow(array, name, width, height):
    flat = array[..., 0] if array.shape[2] == 1 else array
    out = np.asarray(Image.fromarray(flat).resize((width, height), FILTERS[name]))
    return out.reshape(height, width, -1)


def by_torch(array, name, width, height):
    mode, antialias = (name, False) if name == "nearest-exact" else (name, True)
    tensor = torch.from_numpy(array.transpose(2, 0, 1).copy())[None]
    if channels_last(array):
        tensor = tensor.contiguous(memory_format=torch.channels_last)
    out = functional.interpolate(tensor, size=(height, width), mode=mode, antialias=antialias)
    return out[0].permute(1, 2, 0).numpy()


def channels_last(array):
    """Every second shape: the bits must not depend on it."""
    return array.shape[0] % 2 == 1


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    good = True
    print(f"| random shapes, {count} each | channels | equal, bit for bit |\n|---|---:|---:|")
    jobs = [("pillow", name, c, by_pillow) for name in FILTERS for c in (1, 3)]
    jobs += [("torch", name, c, by_torch) for name in MODES for c in (1, 3)]
    for engine, name, channels, reference in jobs:
        generator, equal = np.random.default_rng(7), 0
        for width, height, to_width, to_height in shapes(count):
            if engine == "torch":  # torch 2.15 stops with an assertion at sides of one pixel
                width, height, to_width, to_height = (
                    max(side, 2) for side in (width, height, to_width, to_height)
                )
            array = picture(width, height, channels, generator)
            order = "gray" if channels == 1 else None
            resized = imnorm.Preprocessor(
                plan(engine, name, to_width, to_height), channels=order, layout="nhwc"
            ).row(array)
            equal += np.array_equal(resized, reference(array, name, to_width, to_height))
        print(f"| {engine} {name} | {channels} | {equal} |", flush=True)
        good = good and equal == count
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
