#!/usr/bin/python3
"""Writes value_tables.json: FNV-1a hashes of value tables, by the reference libraries themselves.

Run with the Debian Python (torch, torchvision, OpenCV): /usr/bin/python3 make_value_tables.py
Each case names a ValuePlan; its hash is over the bytes of the tables, channel after channel.
"""
import json
import os

import cv2
import numpy as np
import torch
import torchvision.transforms.functional as F

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
HALF = ([0.5] * 3, [0.5] * 3)
CLIP = ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
DPN = ([124 / 255, 117 / 255, 104 / 255], [1 / (0.0167 * 255)] * 3)
CIFAR10 = ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616])
KINETICS = ([0.43216, 0.394666, 0.37645], [0.22803, 0.22145, 0.216989])
SIX = [IMAGENET, HALF, CLIP, DPN, CIFAR10, KINETICS]
CAFFE = ([103.939, 116.779, 123.68], [])
SAM = ([123.675, 116.28, 103.53], [58.395, 57.12, 57.375])
DEFAULTS = {"scale": 255.0, "rescale": True, "rescale_factor": 0.0, "levels": 256}


def torchvision(mean, std, case):
    """ToTensor (for 16 bits its division, by 65535), then Normalize."""
    if case["levels"] == 256 and case["scale"] == 255.0:
        picture = np.repeat(np.arange(256, dtype=np.uint8).reshape(1, 256, 1), 3, axis=2)
        tensor = F.to_tensor(picture)
    else:
        samples = torch.arange(case["levels"], dtype=torch.float32).reshape(1, 1, -1)
        scale = 65535.0 if case["scale"] == 255.0 else case["scale"]
        tensor = samples.repeat(3, 1, 1) / scale
    if not mean:
        return tensor.numpy()
    return F.normalize(tensor, mean, std or [1.0] * 3).numpy()


def reciprocal(mean, std, case):
    """v2's ToDtype(float32, scale=True), then Normalize."""
    scale = 65535.0 if case["levels"] == 65536 and case["scale"] == 255.0 else case["scale"]
    tensor = torch.arange(case["levels"], dtype=torch.float32).reshape(1, 1, -1).repeat(3, 1, 1)
    tensor.mul_(1.0 / scale)
    return (F.normalize(tensor, mean, std or [1.0] * 3) if mean else tensor).numpy()


def huggingface(mean, std, case):
    """transformers.image_transforms.rescale and normalize."""
    image = np.repeat(np.arange(case["levels"]).reshape(1, -1, 1), 3, axis=2)
    if case["rescale"]:
        factor = case["rescale_factor"] or 1 / case["scale"]
        if case["levels"] == 65536 and factor == 1 / 255:
            factor = 1 / 65535
        image = (image.astype(np.float64) * factor).astype(np.float32)
    else:
        image = image.astype(np.float32)
    if mean:
        image = (image - np.array(mean, image.dtype)) / np.array(std, image.dtype)
    return image.transpose(2, 0, 1)


def fused(mean, std, case):
    """BaseImageProcessorFast.rescale_and_normalize."""
    image = torch.arange(256, dtype=torch.uint8).reshape(1, 1, -1).repeat(3, 1, 1)
    factor = case["rescale_factor"] or 1 / case["scale"]
    if not mean:
        return (image * factor).numpy()
    mean = torch.tensor(mean) * (1.0 / factor)
    std = torch.tensor(std) * (1.0 / factor)
    return F.normalize(image.to(dtype=torch.float32), mean, std).numpy()


def opencv(mean, std, case):
    """blobFromImage; a std that differs by channel is divided by afterwards, in float32."""
    picture = np.repeat(np.arange(256, dtype=np.uint8).reshape(1, 256, 1), 3, axis=2)
    scale = case["scale"]
    mean = [m * scale for m in mean] or [0, 0, 0]
    one = len(set(std)) <= 1
    factor = 1 / scale / (std[0] if std and one else 1)
    blob = cv2.dnn.blobFromImage(picture, factor, (256, 1), mean, swapRB=False)[0]
    if not one:
        blob /= np.array(std, np.float32).reshape(3, 1, 1)
    return blob


def raw(mean, std, case):
    """Keras's caffe mode (no std), SAM's and Detectron2's (x - pixel_mean) / pixel_std."""
    if not std:
        image = np.repeat(np.arange(256).reshape(1, -1, 1), 3, axis=2).astype("float32")
        for channel in range(3):
            image[..., channel] -= mean[channel]
        return image.transpose(2, 0, 1)
    image = torch.arange(256, dtype=torch.uint8).reshape(1, 1, -1).repeat(3, 1, 1)
    shape = (3, 1, 1)
    return ((image - torch.tensor(mean).view(shape)) / torch.tensor(std).view(shape)).numpy()


REFERENCES = {"torchvision": torchvision, "reciprocal": reciprocal, "huggingface": huggingface,
              "fused": fused, "opencv": opencv, "raw": raw}


def elements(values, case):
    """float32 values as the case's dtype."""
    tensor = torch.from_numpy(np.ascontiguousarray(values, np.float32))
    dtype = case["dtype"]
    if dtype == "float16":
        half = tensor.half().numpy()
        assert half.tobytes() == tensor.numpy().astype(np.float16).tobytes()
        return half.tobytes()
    if dtype == "bfloat16":
        return tensor.bfloat16().view(torch.int16).numpy().tobytes()
    if dtype in ("uint8", "int8"):
        limits = np.iinfo(dtype)
        q = np.rint(tensor.numpy() / np.float32(case["qscale"])) + case["qzero"]
        return np.clip(q, limits.min, limits.max).astype(dtype).tobytes()
    return tensor.numpy().tobytes()


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def cases():
    for constants in SIX:
        for dtype in ("float32", "float16", "bfloat16"):
            yield "torchvision", constants, {"dtype": dtype}
        for arithmetic in ("reciprocal", "huggingface", "fused", "opencv"):
            yield arithmetic, constants, {"dtype": "float32"}
    for arithmetic in ("torchvision", "reciprocal", "huggingface", "fused", "opencv"):
        yield arithmetic, ([], []), {"dtype": "float32"}
    yield "torchvision", ([1.0] * 3, []), {"dtype": "float32", "scale": 127.5}
    yield "opencv", ([127.5] * 3, [127.5] * 3), {"dtype": "float32", "scale": 1.0}
    yield "huggingface", HALF, {"dtype": "float32", "rescale_factor": 1 / 127.5}
    yield "huggingface", SAM, {"dtype": "float32", "rescale": False}
    yield "raw", CAFFE, {"dtype": "float32", "scale": 1.0, "rescale": False}
    yield "raw", SAM, {"dtype": "float32", "scale": 1.0, "rescale": False}
    yield "torchvision", IMAGENET, {"dtype": "int8", "qscale": 0.0186584, "qzero": -14}
    yield "torchvision", IMAGENET, {"dtype": "uint8", "qscale": 0.0186584, "qzero": 114}
    yield "torchvision", ([], []), {"dtype": "int8", "qscale": 1 / 64, "qzero": 100}
    yield "torchvision", IMAGENET, {"dtype": "float32", "levels": 65536}
    yield "reciprocal", IMAGENET, {"dtype": "float32", "levels": 65536}
    yield "reciprocal", IMAGENET, {"dtype": "bfloat16"}
    yield "huggingface", HALF, {"dtype": "float32", "levels": 65536}


def main():
    out = []
    for arithmetic, (mean, std), fields in cases():
        case = {**DEFAULTS, **fields, "arithmetic": arithmetic, "mean": mean, "std": std}
        case["fnv1a"] = fnv1a(elements(REFERENCES[arithmetic](mean, std, case), case))
        out.append(case)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "value_tables.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in out) + "\n]\n")


if __name__ == "__main__":
    main()
