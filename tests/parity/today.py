"""What scripts/parity-today runs in its environment: imnorm against each library's newest release."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import PIL
import torch
import torchvision
import transformers
from PIL import Image
from torchvision.transforms import InterpolationMode, v2

from imnorm_test import binary, encode, jpeg, pixels, png
from parity_compare import compare, run_or_stop
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
# transformers' processors whose torchvision backend is resize, crop, rescale and normalise alone.
PROCESSORS = (
    "Beit", "Bit", "Blip", "CLIP", "ChineseCLIP", "DPT", "DeiT", "MobileNetV1", "MobileNetV2", "Pvt",
    "Segformer", "Siglip", "ViT",
)  # fmt: skip


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


def transformers_jobs(folder):
    for name in PROCESSORS:
        processor = getattr(transformers, f"{name}ImageProcessor")()
        config = Path(folder, name)
        processor.save_pretrained(config)
        yield (
            f"transformers-{name}",
            ("--preset", config / "preprocessor_config.json", "--like", "hf-fast"),
            lambda path, processor=processor: np.asarray(
                processor(images=load_rgb(path), return_tensors="pt")["pixel_values"][0]
            ),
        )


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
        f"transformers {transformers.__version__}, numpy {np.__version__}\n"
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
        for jobs in (pillow_jobs(), torchvision_jobs(), transformers_jobs(configs)):
            for name, flags, reference in jobs:
                # A picture that cannot be resized to whole pixels is a failed input of both.
                run_or_stop("normalize", folder, *flags, "-o", out, "-q", "--force")
                compared, equal, largest, differences = compare(out, reference)
                print(f"| {name} | {compared} | {equal} | {largest:.3g} |", flush=True)
                good = good and 0 < compared == equal
                sentences += [f"{name}: {sentence}" for sentence in differences[:3]]
    for sentence in sentences:
        print(f"  differs: {sentence}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
