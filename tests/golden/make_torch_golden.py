#!/usr/bin/env python3
"""Makes torch_golden.json and torch_float_golden.json: what torch's antialiased resize makes of byte
pictures of many shapes; the second by torchvision's v1 transforms, which go through float32.

Run it with torch 2.15 and torchvision 0.29 from PyPI, on a CPU with AVX2: without it torchvision
takes another way for bilinear. The pictures are a fixed pattern; of each result the file holds the
64-bit FNV-1a of its bytes, channels last. The last cases are windows: what CenterCrop leaves.
"""

import json
import sys
from pathlib import Path

import torch
import torchvision
from torchvision.transforms import functional as v1
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional

from make_passes_golden import fnv, pattern

MODES = {
    "nearest": InterpolationMode.NEAREST,
    "nearest-exact": InterpolationMode.NEAREST_EXACT,
    "bilinear": InterpolationMode.BILINEAR,
    "bicubic": InterpolationMode.BICUBIC,
    "lanczos": InterpolationMode.LANCZOS,
}
# Up, down, one axis kept, one-pixel sides, tall ones that Pillow 13 resizes rows first, steps of 100.
SHAPES = [
    (40, 40, 20, 20), (40, 80, 20, 39), (20, 20, 40, 40), (40, 20, 20, 40), (64, 48, 64, 17),
    (64, 48, 23, 48), (64, 48, 64, 48), (1, 50, 3, 7), (50, 1, 7, 3), (1, 1, 9, 5), (33, 97, 64, 9),
    (97, 33, 9, 64), (120, 90, 7, 5), (7, 5, 120, 90), (71, 53, 70, 52), (71, 53, 72, 54),
    (300, 20, 3, 19), (20, 300, 19, 3), (101, 77, 1, 1), (128, 96, 31, 64), (53, 71, 224, 31),
    (200, 150, 150, 200), (12, 70, 67, 11), (9, 230, 8, 2),
    # Sources a last bit below a whole number: 128 and 129 are where nearest-exact changes its sum.
    (2, 9, 82, 46), (2, 9, 82, 47), (4, 9, 82, 47), (31, 2, 87, 41), (31, 2, 88, 41), (2, 3, 165, 113),
]  # fmt: skip
WINDOWS = [(90, 61, 57, 43, 20, 31), (61, 90, 113, 40, 50, 21), (33, 47, 34, 48, 30, 41)]


def picture_of(width, height, channels):
    flat = torch.frombuffer(bytearray(pattern(width * height * channels)), dtype=torch.uint8)
    return flat.reshape(height, width, channels).permute(2, 0, 1)


def case(resize, name, channels, shape, crop=None):
    width, height, to_width, to_height = shape
    picture = picture_of(width, height, channels)
    out = resize(picture, [to_height, to_width], MODES[name], antialias=True)
    if crop:
        out = functional.center_crop(out, [crop[1], crop[0]])
    fields = {"filter": name, "channels": channels, "in": [width, height]}
    fields["out"] = [to_width, to_height]
    if crop:
        fields["crop"] = list(crop)
    fields["fnv"] = fnv(out.permute(1, 2, 0).contiguous().numpy().tobytes())
    return fields


def write(file, resize, names):
    cases = [
        case(resize, name, channels, shape)
        for name in names
        for shape in SHAPES
        for channels in (1, 3)
    ]
    cases += [case(resize, name, 3, window[:4], window[4:]) for name in names for window in WINDOWS]
    lines = ",\n".join(json.dumps(fields, separators=(",", ":")) for fields in cases)
    made = f'"torch":"{torch.__version__}","torchvision":"{torchvision.__version__}"'
    Path(__file__).with_name(file).write_text(f'{{{made},"cases":[\n{lines}\n]}}\n')


def main():
    assert torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")
    write("torch_golden.json", functional.resize, MODES)
    write("torch_float_golden.json", v1.resize, [name for name in MODES if name != "lanczos"])


if __name__ == "__main__":
    sys.exit(main())
