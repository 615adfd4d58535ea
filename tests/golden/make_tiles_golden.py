#!/usr/bin/env python3
"""Makes tiles_golden.json: the tiles that transformers' processors cut of made pictures.

Run it with transformers 5.24 and torchvision 0.29 from PyPI, tests/support on PYTHONPATH. Of each
picture [width, height, seed] the file holds the tiles' shape, the numbers beside them and the
SHA-256 of the float32 values.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import transformers
from PIL import Image

from integer_picture import integer_picture

PICTURES = (
    (97, 61, 1), (61, 197, 2), (200, 30, 3), (20, 15, 4), (300, 220, 5), (100, 100, 6), (400, 12, 7),
)  # fmt: skip
TILES = {"crop_to_patches": True, "size": {"height": 48, "width": 48}}
PROCESSORS = (
    ("GotOcr2ImageProcessor", TILES),
    ("GotOcr2ImageProcessorPil", TILES),
    ("GotOcr2ImageProcessor", {**TILES, "min_patches": 2, "max_patches": 6, "resample": 0}),
    ("Cohere2VisionImageProcessor", TILES),
    ("Ovis2ImageProcessor", TILES),
    ("Ovis2ImageProcessorPil", TILES),
    ("Ovis2ImageProcessor", {**TILES, "use_covering_area_grid": False}),
    ("PerceptionLMImageProcessor", {"tile_size": 48, "max_num_tiles": 9}),
    ("PerceptionLMImageProcessor", {"tile_size": 48, "vision_input_type": "vanilla"}),
    ("GraniteDoclingImageProcessor", TILES),
)
NUMBERS = ("num_patches", "grids", "rows", "cols")


def main():
    cases = []
    for name, settings in PROCESSORS:
        processor = getattr(transformers, name)(**settings)
        for picture in PICTURES:
            image = Image.fromarray(integer_picture(*picture))
            made = processor(images=image, return_tensors="np")
            tiles = np.ascontiguousarray(made["pixel_values"])
            tiles = tiles.reshape(-1, *tiles.shape[-3:])
            beside = {n: np.asarray(made[n]).ravel().tolist() for n in NUMBERS if n in made}
            digest = hashlib.sha256(tiles.tobytes()).hexdigest()
            cases.append([name, settings, picture, list(tiles.shape), beside, digest])
    lines = ",\n".join(json.dumps(case) for case in cases)
    target = Path(__file__).with_name("tiles_golden.json")
    target.write_text(f'{{"transformers":"{transformers.__version__}","cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    sys.exit(main())
