"""The rows of the exactness table: what imnorm is told, and what each reference makes of a file."""

from pathlib import Path

import cv2
import numpy as np

import hf_reference
import timm_reference
from opencv_reference import blob, imread, keras, letterboxed
from pillow_reference import FILTERS, LIVE, open_rgb, planes
from torchvision_reference import TRANSFORMS, load_rgb

CONFIGS = Path(__file__).resolve().parent.parent / "parity" / "configs"
HF = ("vit", "clip", "siglip", "dinov2", "convnext_224", "convnext_384", "deit")
TIMM = ("timm_resnet50", "timm_squash", "timm_border")
BYTES = ("--method", "none", "--dtype", "uint8", *LIVE)


def letterbox_640(path):
    picture = cv2.cvtColor(imread(path), cv2.COLOR_BGR2RGB)
    boxed = letterboxed(picture, 640, 640).transpose(2, 0, 1)
    return np.ascontiguousarray(boxed).astype(np.float32) / np.float32(255)


def jobs():
    """Name -> (what it is compared with, imnorm's flags, the reference of a path)."""
    found = {}
    for name in FILTERS:
        found[f"pillow-{name}"] = (
            "Pillow resize, bytes",
            (*BYTES, "--resize", "160x120", "--filter", name),
            lambda path, name=name: planes(open_rgb(path).resize((160, 120), FILTERS[name])),
        )
    for preset in TRANSFORMS:
        if preset != "none":
            found[preset] = (
                "torchvision",
                ("--preset", preset, *LIVE),
                lambda path, preset=preset: TRANSFORMS[preset](load_rgb(path)).numpy(),
            )
    for module, names, processed in (
        ("hf", HF, hf_reference.processed),
        ("timm", TIMM, timm_reference.timm_processed),
    ):
        for name in names:
            config = hf_reference.load_config(CONFIGS / f"{name}.json")
            found[f"{module}-{name.removeprefix('timm_')}"] = (
                "slow processor in numpy and Pillow" if module == "hf" else "timm's transform",
                ("--preset", CONFIGS / f"{name}.json", "--like", module, *LIVE),
                lambda path, config=config, processed=processed: processed(path, config),
            )
    for name in ("bilinear", "area"):
        found[f"opencv-{name}"] = (
            "cv2 imread, resize, blobFromImage (BGR, EXIF on)",
            ("--like", "opencv", "--resize", "224x224", "--filter", name, "--channels", "bgr",
             "--mean", "104,117,123", "--std", "1,1,1", "--scale", "1"),
            lambda path, name=name: blob(path, (224, 224), name, (104, 117, 123), 1.0, False),
        )  # fmt: skip
    found["yolo-640"] = (
        "Ultralytics' rule with cv2 (EXIF on)", ("--preset", "yolo-640"), letterbox_640
    )
    for mode in ("caffe", "tf"):
        found[mode] = (
            "Keras preprocess_input in numpy",
            ("--preset", mode),
            lambda path, mode=mode: keras(path, mode),
        )
    for word, turned in (("apply", True), ("ignore", False)):
        found[f"exif-{word}"] = (
            "Pillow exif_transpose" if turned else "Pillow open",
            (*BYTES, "--exif", word, "--resize", "128x96"),
            lambda path, turned=turned: planes(
                open_rgb(path, turned).resize((128, 96), FILTERS["bilinear"])
            ),
        )
    found["gray"] = (
        "Pillow convert L, bytes",
        (*BYTES, "--channels", "gray", "--resize", "128x96"),
        lambda path: planes(open_rgb(path).convert("L").resize((128, 96), FILTERS["bilinear"])),
    )
    return found
