"""What Hugging Face's slow image processors do, in numpy and Pillow, from their documentation.

Independent of imnorm and of transformers: the judge of `--preset preprocessor_config.json`.
"""
import json
import math

import numpy as np
from PIL import Image

STEMS = {
    # class: (default size, what a bare int is, default crop side or None)
    "ViT": ({"height": 224, "width": 224}, "square", None),
    "DeiT": ({"height": 256, "width": 256}, "square", 224),
    "CLIP": ({"shortest_edge": 224}, "short", 224),
    "Bit": ({"shortest_edge": 224}, "short", 224),
    "Siglip": ({"height": 224, "width": 224}, "square", None),
    "ConvNext": ({"shortest_edge": 384}, "short", None),
}


def stem_of(config):
    name = config.get("image_processor_type") or config["feature_extractor_type"]
    for suffix in ("ImageProcessor", "FeatureExtractor"):
        if name.endswith(suffix):
            return name[: -len(suffix)]
    raise ValueError(name)


# Classes whose pictures become RGB first, unless the config says no: what is transparent shows white.
CONVERT = ("CLIP", "Bit", "Siglip")


def opened(path, config, stem):
    """A picture file as RGB, composited on white where the processor converts it."""
    picture = Image.open(path)
    converts = config.get("do_convert_rgb")
    if picture.mode == "RGBA" and (stem in CONVERT if converts is None else converts):
        white = Image.new("RGBA", picture.size, (255, 255, 255))
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def short_edge(picture, size):
    """(height, width) with the short side `size`; the long one cut off."""
    width, height = picture.size
    short, long = min(width, height), max(width, height)
    new_long = int(size * long / short)
    return (new_long, size) if width <= height else (size, new_long)


def resized(picture, height_width, resample):
    height, width = height_width
    return picture.resize((width, height), resample=resample)


def center_crop(pixels, height, width):
    """Floor on the start; where the picture is smaller, the larger half of zeros goes first."""
    rows, columns = pixels.shape[:2]
    canvas = np.zeros((max(rows, height), max(columns, width), 3), pixels.dtype)
    top_pad = math.ceil((canvas.shape[0] - rows) / 2)
    left_pad = math.ceil((canvas.shape[1] - columns) / 2)
    canvas[top_pad : top_pad + rows, left_pad : left_pad + columns] = pixels
    top = (rows - height) // 2 + top_pad
    left = (columns - width) // 2 + left_pad
    return canvas[top : top + height, left : left + width]


def processed(path, config):
    """The (3, H, W) float32 array that the config's slow processor makes of a picture file."""
    config = config.get("image_processor", config)
    stem = stem_of(config)
    size, int_means, crop_side = STEMS[stem]
    size = config.get("size", size)
    if isinstance(size, int):
        size = {"shortest_edge": size} if int_means == "short" else {"height": size, "width": size}
    picture = opened(path, config, stem)
    resample = config["resample"]
    if stem == "ConvNext":
        side = size["shortest_edge"]
        if side >= 384:
            pixels = np.asarray(resized(picture, (side, side), resample))
        else:
            scaled = int(side / (config.get("crop_pct") or 224 / 256))
            picture = resized(picture, short_edge(picture, scaled), resample)
            pixels = center_crop(np.asarray(picture), side, side)
    else:
        target = (short_edge(picture, size["shortest_edge"]) if "shortest_edge" in size
                  else (size["height"], size["width"]))
        pixels = np.asarray(resized(picture, target, resample))
        if config.get("do_center_crop", crop_side is not None):
            crop = config.get("crop_size", crop_side)
            crop = {"height": crop, "width": crop} if isinstance(crop, int) else crop
            pixels = center_crop(pixels, crop["height"], crop["width"])
    values = (pixels.astype(np.float64) * config.get("rescale_factor", 1 / 255)).astype(np.float32)
    mean = np.array(config["image_mean"], np.float32)
    std = np.array(config["image_std"], np.float32)
    return np.ascontiguousarray(((values - mean) / std).transpose(2, 0, 1))


def load_config(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
