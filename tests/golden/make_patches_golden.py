#!/usr/bin/env python3
"""Makes patches_golden.json: the rows of patches that transformers' processors make of made pictures.

Run it with transformers 5.24 and torchvision 0.29 from PyPI, tests/support on PYTHONPATH. Of each
picture [width, height, seed] the file holds the grid and the SHA-256 of the float32 rows.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import transformers
from PIL import Image

from integer_picture import integer_picture

PICTURES = ((97, 61, 1), (61, 97, 2), (200, 30, 3), (20, 15, 4), (300, 220, 5))
LIMITS = {"shortest_edge": 3136, "longest_edge": 50000}
PROCESSORS = (
    ("Qwen2VLImageProcessor", {}),
    ("Qwen2VLImageProcessor", {"size": LIMITS}),
    ("Qwen2VLImageProcessor", {"patch_size": 16, "size": LIMITS}),
    ("Qwen2VLImageProcessorPil", {"size": LIMITS}),
    ("Glm4vImageProcessor", {"size": LIMITS}),
    ("GlmImageImageProcessor", {"size": LIMITS}),
    ("Cosmos3EdgeImageProcessor", {"temporal_patch_size": 2, "size": LIMITS}),
    ("PaddleOCRVLImageProcessor", {"size": LIMITS}),
    ("HunYuanVLImageProcessor", {"size": LIMITS}),
    ("VideoLlama3ImageProcessor", {"size": LIMITS}),
)


def main():
    cases = []
    for name, settings in PROCESSORS:
        processor = getattr(transformers, name)(**settings)
        for picture in PICTURES:
            if name.startswith("GlmImage") and max(picture[:2]) > 4 * min(picture[:2]):
                continue
            if name.startswith("GlmImage") and min(picture[:2]) < 28:
                continue
            image = Image.fromarray(integer_picture(*picture))
            made = processor(images=image, return_tensors="np")
            rows = np.ascontiguousarray(made["pixel_values"])
            digest = hashlib.sha256(rows.tobytes()).hexdigest()
            grid = made["image_grid_thw"][0].tolist()
            cases.append([name, settings, picture, list(rows.shape), grid, digest])
    lines = ",\n".join(json.dumps(case) for case in cases)
    target = Path(__file__).with_name("patches_golden.json")
    target.write_text(f'{{"transformers":"{transformers.__version__}","cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    sys.exit(main())
