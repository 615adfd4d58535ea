#!/usr/bin/env python3
"""Makes views_golden.json: what transformers' processors of vision-language models and detectors
make of pictures made of whole numbers.

Run it with transformers 5.24 and torchvision 0.29 from PyPI, tests/support on PYTHONPATH. Of each
picture [width, height, seed] the file holds every output tensor: its dtype, its shape, and its
numbers where there are no more than 16, else the SHA-256 of its bytes. null: it is refused.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers
from PIL import Image

from integer_picture import integer_picture

PICTURES = (
    (97, 61, 1), (61, 197, 2), (200, 30, 3), (300, 220, 5), (400, 12, 7), (300, 400, 8),
)  # fmt: skip
SCAN = {
    "do_pan_and_scan": True, "pan_and_scan_min_crop_size": 24, "pan_and_scan_max_num_crops": 4,
    "pan_and_scan_min_ratio_to_activate": 1.2, "size": {"height": 48, "width": 48},
}  # fmt: skip
EDGES = {"shortest_edge": 80, "longest_edge": 130}
PAD = {"size": EDGES, "pad_size": {"height": 140, "width": 150}}
PAGE = {"size": {"height": 120, "width": 90}}
GRIDS = {
    "size": {"height": 48, "width": 48}, "image_grid_pinpoints": [[48, 96], [96, 48], [96, 96]],
}  # fmt: skip
PROCESSORS = (
    ("Janus", {"size": {"height": 64, "width": 64}}),
    ("DeepseekVL", {"size": {"height": 64, "width": 64}, "min_size": 20}),
    ("Aria", {"max_image_size": 490, "min_image_size": 100}),
    ("Kimi_K25", {"max_patches": 30}),
    ("Idefics3", {"size": {"longest_edge": 150}, "max_image_size": {"longest_edge": 48}}),
    ("SmolVLM", {
        "size": {"longest_edge": 150}, "max_image_size": {"longest_edge": 48},
        "do_image_splitting": False,
    }),
    ("Detr", PAD),
    ("Yolos", PAD),
    ("Mask2Former", {"size": EDGES}),
    ("Pixtral", {"size": {"longest_edge": 128}}),
    ("Sam", {"size": {"longest_edge": 64}, "pad_size": {"height": 64, "width": 64}}),
    ("Sam2", {"size": {"height": 64, "width": 64}}),
    ("EfficientNet", {"size": {"height": 64, "width": 64}, "rescale_offset": True}),
    ("EfficientNet", {"size": {"height": 64, "width": 64}}),
    ("Siglip2", {"max_num_patches": 64}),
    ("Gemma4", {"max_soft_tokens": 70}),
    ("LlavaNext", {**GRIDS, "crop_size": {"height": 48, "width": 48}}),
    ("LlavaOnevision", GRIDS),
    ("Mllama", {"size": {"height": 48, "width": 48}}),
    ("Llama4", {"size": {"height": 48, "width": 48}}),
    ("Llama4", {"size": {"height": 48, "width": 48}, "resize_to_max_canvas": True}),
    ("Gemma3", SCAN),
    ("DINOv3ViT", {"size": {"height": 64, "width": 64}}),
    ("DINOv3ViT", {
        "size": {"height": 70, "width": 50}, "resample": 3, "do_center_crop": True,
        "crop_size": {"height": 64, "width": 64},
    }),
    ("Donut", {**PAGE, "do_align_long_axis": True}),
    ("Nougat", PAGE),
    ("Nougat", {**PAGE, "do_crop_margin": False}),
    ("Phi4Multimodal", {"size": {"height": 56, "width": 56}, "dynamic_hd": 12}),
    ("Lfm2Vl", {"tile_size": 64, "min_image_tokens": 2, "max_image_tokens": 16, "max_tiles": 6}),
    ("Idefics2", {"size": {"shortest_edge": 60, "longest_edge": 90}}),
    ("Aria", {"max_image_size": 490, "split_image": True}),
    ("Swin2SR", {}),
    ("ZoeDepth", {"size": {"height": 64, "width": 96}}),
    ("ZoeDepth", {"size": {"height": 64, "width": 96}, "ensure_multiple_of": 32}),
    ("DepthPro", {"size": {"height": 64, "width": 96}}),
    ("Owlv2", {"size": {"height": 64, "width": 64}}),
    ("Owlv2", {"size": {"height": 128, "width": 128}}),
)  # fmt: skip


REFUSED = ("Owlv2ImageProcessorPil", "ZoeDepthImageProcessorPil")


def told(tensor):
    tensor = torch.as_tensor(tensor[0] if isinstance(tensor, list) and len(tensor) == 1 else tensor)
    name = str(tensor.dtype).removeprefix("torch.")
    bits = tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor
    array = np.ascontiguousarray(bits.numpy())
    values = array.ravel().tolist() if array.size <= 16 else hashlib.sha256(array).hexdigest()
    return [name, list(array.shape), values]


def main():
    cases = []
    for stem, settings in PROCESSORS:
        for end in ("", "Pil"):
            name = f"{stem}ImageProcessor{end}"
            if name in REFUSED or not hasattr(transformers, name):
                continue
            processor = getattr(transformers, name)(**settings)
            for picture in PICTURES:
                image = Image.fromarray(integer_picture(*picture))
                try:
                    made = processor(images=image, return_tensors="pt")
                    tensors = {key: told(made[key]) for key in made}
                except (ValueError, RuntimeError, IndexError):
                    tensors = None  # it refuses the picture
                cases.append([name, settings, picture, tensors])
    lines = ",\n".join(json.dumps(case) for case in cases)
    target = Path(__file__).with_name("views_golden.json")
    target.write_text(f'{{"transformers":"{transformers.__version__}","cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    sys.exit(main())
