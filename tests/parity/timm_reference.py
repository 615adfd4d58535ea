"""timm's and open_clip's evaluation transforms in torchvision and Pillow, from their sources."""
import math

import torchvision.transforms.functional as F
from PIL import Image
from torchvision.transforms import InterpolationMode

MODES = {"nearest": InterpolationMode.NEAREST, "bilinear": InterpolationMode.BILINEAR,
         "bicubic": InterpolationMode.BICUBIC}


def keep_ratio(picture, height, width, longest, mode):
    """ResizeKeepRatio: the ratio divides, sides are rounded half to even."""
    ratios = picture.height / height, picture.width / width
    ratio = max(ratios) if longest else min(ratios)
    return F.resize(picture, [round(picture.height / ratio), round(picture.width / ratio)], mode)


def crop_or_pad(picture, height, width, fill):
    missing = max(height - picture.height, 0), max(width - picture.width, 0)
    if any(missing):
        picture = F.pad(picture, [missing[1] // 2, missing[0] // 2,
                                  (missing[1] + 1) // 2, (missing[0] + 1) // 2], fill=fill)
    top = int(round((picture.height - height) / 2.0))
    left = int(round((picture.width - width) / 2.0))
    return F.crop(picture, top, left, height, width)


def timm_processed(path, config):
    """create_transform(**resolve_data_config(pretrained_cfg)) for one picture."""
    config = config.get("pretrained_cfg", config)
    _, height, width = config["input_size"]
    mode = MODES[config["interpolation"]]
    scaled = [math.floor(side / config["crop_pct"]) for side in (height, width)]
    picture = Image.open(path).convert("RGB")
    crop_mode = config.get("crop_mode", "center")
    if crop_mode == "squash":
        picture = F.center_crop(F.resize(picture, scaled, mode), [height, width])
    elif crop_mode == "border":
        fill = tuple(round(255 * mean) for mean in config["mean"])
        picture = keep_ratio(picture, *scaled, True, mode)
        picture = crop_or_pad(picture, height, width, fill)
    elif scaled[0] == scaled[1]:
        picture = F.center_crop(F.resize(picture, scaled[0], mode), [height, width])
    else:
        picture = keep_ratio(picture, *scaled, False, InterpolationMode.BILINEAR)
        picture = F.center_crop(picture, [height, width])
    return F.normalize(F.to_tensor(picture), config["mean"], config["std"]).numpy()


def open_clip_processed(path, config):
    """image_transform_v2 for one picture."""
    side = config["model_cfg"]["vision_cfg"]["image_size"]
    config = config["preprocess_cfg"]
    mode = MODES[config["interpolation"]]
    picture = Image.open(path).convert("RGB")
    if config["resize_mode"] == "squash":
        picture = F.resize(picture, [side, side], mode)
    elif config["resize_mode"] == "longest":
        picture = keep_ratio(picture, side, side, True, mode)
        picture = crop_or_pad(picture, side, side, (config["fill_color"],) * 3)
    else:
        picture = F.center_crop(F.resize(picture, side, mode), [side, side])
    return F.normalize(F.to_tensor(picture), config["mean"], config["std"]).numpy()
