"""What scripts/parity-today runs in its environment: imnorm against each library's newest release."""

import importlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import albumentations
import cv2
import numpy as np
import PIL
import torch
import torchvision
import transformers
import ultralytics
from PIL import Image
from torchvision import models
from torchvision.transforms import CenterCrop, Compose, ConvertImageDtype, InterpolationMode
from torchvision.transforms import Normalize, Resize, v2
from ultralytics.data.augment import LetterBox

from imnorm_test import DONE, binary, encode, jpeg, pixels, png, run
from parity_compare import compare, run_or_stop, worst
from pillow_reference import FILTERS, planes
from torchvision_reference import TRANSFORMS, load_rgb

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
BYTES = ("--method", "none", "--dtype", "uint8")
GEOMETRIES = {"224x224": ((224, 224), None), "256, crop 224": (256, 224), "97x61": ((61, 97), None)}
# Upright, lying, tall beyond 2:1, more than 100 times as tall as wide, tiny, the size asked for.
SHAPES = [
    (500, 375), (375, 500), (180, 600), (1000, 300), (300, 1000), (3, 400), (400, 3), (31, 64),
    (224, 224), (257, 259), (256, 262), (108, 240), (640, 480), (2, 2),
]  # fmt: skip
MODES = {
    "bilinear": InterpolationMode.BILINEAR,
    "bicubic": InterpolationMode.BICUBIC,
    "lanczos": InterpolationMode.LANCZOS,
    "nearest": InterpolationMode.NEAREST,
}
WEIGHTS = {
    "resnet50-v2": "ResNet50_Weights.IMAGENET1K_V2",
    "efficientnet-b0": "EfficientNet_B0_Weights.IMAGENET1K_V1",
    "convnext-tiny": "ConvNeXt_Tiny_Weights.IMAGENET1K_V1",
    "swin-v2-t": "Swin_V2_T_Weights.IMAGENET1K_V1",
}
NORMALISE = albumentations.Normalize(MEAN, STD)
ALBUMENTATIONS = (
    "--like", "albumentations",
    "--mean", ",".join(map(str, MEAN)), "--std", ",".join(map(str, STD)),
)  # fmt: skip
# transformers' processors that are resize, crop, rescale and normalise alone; the last have no
# Pillow backend.
PROCESSORS = (
    "Beit", "Bit", "Blip", "BridgeTower", "CLIP", "Chameleon", "ChineseCLIP", "ConvNext", "DPT",
    "DeiT", "Flava", "Gemma3", "GotOcr2", "Levit", "Llava", "MobileNetV1", "MobileNetV2", "MobileViT", "Ovis2",
    "OwlViT", "PPChart2Table", "PoolFormer", "PromptDepthAnything", "Pvt", "RTDetr", "SegGpt",
    "Segformer", "Siglip", "SuperPoint", "ViT", "VideoMAE",
)  # fmt: skip
TORCH_PROCESSORS = ("Sam2", "Sam3", "Sapiens2", "Tipsv2", "Tipsv2Dpt")
# The same, but that each picture has a size of its own: one a run.
SIZED_PROCESSORS = (
    "ConditionalDetr", "DeformableDetr", "Detr", "Eomt", "GLPN", "GroundingDino", "Mask2Former",
    "MaskFormer", "OneFormer", "Pixtral", "Vilt", "Yolos",
)  # fmt: skip

# Processors with settings of their own, as published checkpoints have them.
CONFIGURED = {
    "Depth Anything": ("DPT", {
        "size": {"height": 518, "width": 518}, "keep_aspect_ratio": True, "ensure_multiple_of": 14,
    }),
    "Mistral 3": ("Pixtral", {"size": {"longest_edge": 1540}, "patch_size": 14}),
    "YOLOS small": ("Yolos", {"size": {"shortest_edge": 512, "longest_edge": 864}}),
}  # fmt: skip


def tensor_of(path):
    """What torchvision.io.decode_image gives: the same pixels as Pillow's."""
    return torch.from_numpy(np.asarray(load_rgb(path)).transpose(2, 0, 1).copy())


def geometry_flags(resize, crop):
    to = str(resize) if isinstance(resize, int) else f"{resize[1]}x{resize[0]}"
    return ("--resize", to, "--crop", str(crop) if crop else "none")


def pillow_jobs():
    for name, number in FILTERS.items():
        for to in ((224, 224), (61, 97), (500, 40)):
            yield (
                f"pillow-{name}-{to[0]}x{to[1]}",
                (*BYTES, "--resize", f"{to[0]}x{to[1]}", "--filter", name),
                lambda path, to=to, number=number: planes(load_rgb(path).resize(to, number)),
            )


def torchvision_jobs():
    for preset, transform in TRANSFORMS.items():
        if preset == "none":  # one tensor has pictures of one size
            continue
        yield (
            f"torchvision-{preset}",
            ("--preset", preset),
            lambda path, transform=transform: transform(load_rgb(path)).numpy(),
        )
    for name, mode in MODES.items():
        for label, (resize, crop) in GEOMETRIES.items():
            steps = [v2.Resize(resize, mode)] + ([v2.CenterCrop(crop)] if crop else [])
            values = [v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
            of_pictures = v2.Compose([*steps, v2.ToImage(), *values])
            of_tensors = v2.Compose([*steps, *values])
            flags = (
                *geometry_flags(resize, crop), "--filter", name,
                "--mean", ",".join(map(str, MEAN)), "--std", ",".join(map(str, STD)),
            )  # fmt: skip
            yield (
                f"v2-pictures-{name}-{label}",
                ("--like", "torchvision-v2", *flags),
                lambda path, transform=of_pictures: np.asarray(transform(load_rgb(path))),
            )
            yield (
                f"v2-tensors-{name}-{label}",
                ("--like", "torch", *flags),
                lambda path, transform=of_tensors: transform(tensor_of(path)).numpy(),
            )


def torch_float_jobs():
    for name in ("nearest", "bilinear", "bicubic"):
        for label, (resize, crop) in GEOMETRIES.items():
            steps = [Resize(resize, MODES[name])] + ([CenterCrop(crop)] if crop else [])
            transform = Compose([*steps, ConvertImageDtype(torch.float32), Normalize(MEAN, STD)])
            yield (
                f"v1-tensors-{name}-{label}",
                (
                    "--like", "torch-float", *geometry_flags(resize, crop), "--filter", name,
                    "--mean", ",".join(map(str, MEAN)), "--std", ",".join(map(str, STD)),
                ),
                lambda path, transform=transform: transform(tensor_of(path)).numpy(),
            )  # fmt: skip
    for preset, weights in WEIGHTS.items():
        transform = models.get_weight(weights).transforms()
        yield (
            f"{weights}-tensors",
            ("--preset", preset, "--like", "torch-float"),
            lambda path, transform=transform: transform(tensor_of(path)).numpy(),
        )


def augmented(transform, path):
    values = transform(image=np.asarray(load_rgb(path)))["image"]
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def albumentations_jobs():
    crop = albumentations.CenterCrop(64, 48)
    for name, mode in (("bilinear", cv2.INTER_LINEAR), ("area", cv2.INTER_AREA)):
        for label, resize, words in (
            ("Resize", albumentations.Resize(97, 61, interpolation=mode), "61x97"),
            ("SmallestMaxSize", albumentations.SmallestMaxSize(101, interpolation=mode), "101"),
        ):
            transform = albumentations.Compose([resize, crop, NORMALISE])
            yield (
                f"albumentations-{label}-{name}",
                (*ALBUMENTATIONS, "--resize", words, "--filter", name, "--crop", "48x64"),
                lambda path, transform=transform: augmented(transform, path),
            )


def longest_jobs():
    resize = albumentations.LongestMaxSize(203)
    yield (
        "albumentations-LongestMaxSize",
        (*ALBUMENTATIONS, "--resize", "long:203"),
        lambda path: augmented(albumentations.Compose([resize, NORMALISE]), path),
    )


def ultralytics_jobs():
    for auto, words in ((False, "letterbox:640"), (True, "letterbox:640,stride:32")):
        letterbox = LetterBox(640, auto=auto, stride=32)
        yield (
            f"ultralytics-auto-{auto}",
            (*BYTES, "--resize", words),
            lambda path, letterbox=letterbox: planes(letterbox(image=np.asarray(load_rgb(path)))),
        )


def class_of(name):
    """A class of transformers: by its name, or where only the models' own modules have it."""
    if hasattr(transformers, name):
        return getattr(transformers, name)
    models = Path(transformers.__file__).parent / "models"
    for module in models.glob("*/image_processing*.py"):
        if f"class {name}(" in module.read_text(encoding="utf-8"):
            path = f"transformers.models.{module.parent.name}.{module.stem}"
            return getattr(importlib.import_module(path), name)
    raise LookupError(name)


def processor_and_config(name, folder, settings=None, label=""):
    """A processor by its settings, and its config under its own name (the library drops Pil)."""
    processor = class_of(name)(**(settings or {}))
    path = Path(folder, name + label, "preprocessor_config.json")
    processor.save_pretrained(path.parent)
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, "image_processor_type": name}), encoding="utf-8")
    return processor, path


def processed(processor, path):
    text = {"task_inputs": ["semantic"]} if "OneFormer" in type(processor).__name__ else {}
    values = processor(images=load_rgb(path), return_tensors="np", **text)["pixel_values"]
    return np.asarray(values).squeeze()


def transformers_jobs(folder):
    names = [f"{name}ImageProcessor" for name in PROCESSORS + TORCH_PROCESSORS]
    names += [f"{name}ImageProcessorPil" for name in PROCESSORS]
    for name in names:
        processor, config = processor_and_config(name, folder)
        yield (
            name,
            ("--preset", config),
            lambda path, processor=processor: processed(processor, path),
        )


def sized_processor_jobs(configs):
    named = [(p, p, {}) for p in SIZED_PROCESSORS]
    named += [(label, p, settings) for label, (p, settings) in CONFIGURED.items()]
    for (label, stem, settings), end in itertools.product(named, ("", "Pil")):
        name = f"{stem}ImageProcessor{end}"
        processor, config = processor_and_config(name, configs, settings, label)
        yield (
            name if label == stem else f"{name} ({label})",
            ("--preset", config),
            lambda path, processor=processor: processed(processor, path),
        )


def sized_rows(pictures, jobs, out):
    """(name, compared, equal, differences) of jobs whose outputs differ in size."""
    paths = sorted(path for path in Path(pictures).rglob("*") if path.is_file())[:20]
    for name, flags, reference in jobs:
        compared, differences = 0, []
        for path in paths:
            result = run("normalize", path, *flags, "-o", out, "-q", "--force")
            if result.returncode != DONE:
                continue  # neither can make whole pixels of it
            compared += 1
            difference = worst(np.load(out).squeeze(), reference(str(path)).squeeze())
            if difference:
                differences.append(f"{path}: {difference[1]}")
        yield name, compared, compared - len(differences), differences


def write_pictures(folder):
    for i, (width, height) in enumerate(SHAPES):
        Path(folder, f"{i:02}.png").write_bytes(png(width, height, i))
        Path(folder, f"{i:02}.jpg").write_bytes(jpeg(width, height, i, quality=90))
    grey = Image.fromarray(pixels(300, 200, 77)[..., 0])
    Path(folder, "grey.png").write_bytes(encode(grey, "PNG"))


def main():
    version = subprocess.check_output([binary(), "--version"], text=True).splitlines()[0]
    print(
        f"{version}; Pillow {PIL.__version__}, torch {torch.__version__} "
        f"({torch.backends.cpu.get_cpu_capability()}), torchvision {torchvision.__version__}, "
        f"transformers {transformers.__version__}, OpenCV {cv2.__version__}, "
        f"albumentations {albumentations.__version__}, ultralytics {ultralytics.__version__}, "
        f"numpy {np.__version__}\n"
    )
    print("| job | pictures | equal, bit for bit | worst difference |")
    print("|---|---:|---:|---:|")
    good, sentences = True, []
    with tempfile.TemporaryDirectory() as temporary:
        folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(temporary, "pictures")
        if len(sys.argv) < 2:
            os.mkdir(folder)
            write_pictures(folder)
        out = f"{temporary}/out.npy"
        configs = os.path.join(temporary, "configs")
        for jobs in (
            pillow_jobs(),
            torchvision_jobs(),
            torch_float_jobs(),
            albumentations_jobs(),
            transformers_jobs(configs),
        ):
            for name, flags, reference in jobs:
                # A picture that cannot be resized to whole pixels is a failed input of both.
                run_or_stop("normalize", folder, *flags, "-o", out, "-q", "--force")
                compared, equal, largest, differences = compare(out, reference)
                print(f"| {name} | {compared} | {equal} | {largest:.3g} |", flush=True)
                good = good and 0 < compared == equal
                sentences += [f"{name}: {sentence}" for sentence in differences[:3]]
        sized = itertools.chain(
            sized_processor_jobs(configs), longest_jobs(), ultralytics_jobs()
        )
        for name, compared, equal, differences in sized_rows(folder, sized, out):
            print(f"| {name} | {compared} | {equal} | |", flush=True)
            good = good and 0 < compared == equal
            sentences += [f"{name}: {sentence}" for sentence in differences[:3]]
    for sentence in sentences:
        print(f"  differs: {sentence}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
