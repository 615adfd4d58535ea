"""timm's and open_clip's evaluation transforms, as the installed libraries make them, in float32.

today_timm.py [FOLDER]. No weights are loaded: timm's configs are those of its pretrained models,
each read both as a file and by the model's name; open_clip's are its pretrained models' or settings
on top of one.
"""

import json
import os
import random
import sys
import tempfile
from pathlib import Path

import open_clip
import timm
from open_clip.transform import PreprocessCfg, image_transform_v2, merge_preprocess_dict
from timm.data import create_transform, resolve_data_config

from imnorm_test import jpeg, png
from parity_compare import compare, run_or_stop
from today import write_pictures
from torchvision_reference import load_rgb

TIMM = (
    "resnet50.a1_in1k",
    "vit_base_patch16_224.augreg2_in21k_ft_in1k",
    "convnext_tiny.in12k_ft_in1k",
    "efficientnet_b0.ra_in1k",
    "swin_tiny_patch4_window7_224.ms_in1k",
    "vit_base_patch14_dinov2.lvd142m",
    "vit_base_patch16_siglip_256.webli",
    "mobilenetv3_large_100.ra_in1k",
    "tf_efficientnetv2_s.in21k_ft_in1k",
    "vit_so150m2_patch16_reg1_gap_384.sbb_e200_in12k_ft_in1k",
    "vit_base_patch16_clip_224.openai",
    "naflexvit_base_patch16_gap.e300_s576_in1k",
    "eva02_base_patch14_448.mim_in22k_ft_in22k_in1k",
)
# Label: model, weights, settings of its own.
OPEN_CLIP = {
    "ViT-B-32, shortest": ("ViT-B-32", "openai", {}),
    "ViT-B-16-SigLIP-256, squash": ("ViT-B-16-SigLIP-256", "webli", {}),
    "ViT-H-14-378, squash": ("ViT-H-14-378-quickgelu", "dfn5b", {}),
    "longest": ("ViT-B-32", "openai", {"resize_mode": "longest", "fill_color": 127}),
    "bilinear": ("ViT-B-32", "openai", {"interpolation": "bilinear"}),
    "random": ("ViT-B-32", "openai", {"interpolation": "random"}),
}
MADE = 50


def transformed(transform):
    return lambda path: transform(load_rgb(path)).numpy()


def timm_jobs(folder):
    for name in TIMM:
        pretrained = timm.get_pretrained_cfg(name).to_dict()
        path = Path(folder, name + ".json")
        hub = {"architecture": pretrained["architecture"], "pretrained_cfg": pretrained}
        path.write_text(json.dumps(hub), encoding="utf-8")
        reference = transformed(
            create_transform(**resolve_data_config({}, pretrained_cfg=pretrained))
        )
        yield f"timm {name}", ("--preset", path), reference
        yield f"timm {name}, by name", ("--preset", name), reference


def open_clip_jobs(folder):
    for label, (model, weights, settings) in OPEN_CLIP.items():
        architecture = open_clip.get_model_config(model)
        side = architecture["vision_cfg"]["image_size"]
        pretrained = open_clip.get_pretrained_cfg(model, weights)
        known = {key: pretrained[key] for key in pretrained if key in vars(PreprocessCfg())}
        merged = {**merge_preprocess_dict(PreprocessCfg(size=side), known), **settings}
        path = Path(folder, label + ".json")
        hub = {"model_cfg": architecture, "preprocess_cfg": merged}
        path.write_text(json.dumps(hub), encoding="utf-8")
        transform = image_transform_v2(PreprocessCfg(**merged), is_train=False)
        yield f"open_clip {label}", ("--preset", path), transformed(transform)


def write_all(folder):
    os.mkdir(folder)
    write_pictures(folder)
    numbers = random.Random(6)
    for i in range(MADE - len(os.listdir(folder))):
        width, height = numbers.randint(90, 900), numbers.randint(90, 900)
        kind, written = (("jpg", jpeg), ("png", png))[i % 2]
        Path(folder, f"any-{i}.{kind}").write_bytes(written(width, height, i))


def main():
    good, sentences = True, []
    print(f"timm {timm.__version__}, open_clip {open_clip.__version__}, float32\n")
    print("| job | pictures | equal, bit for bit | worst difference |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = sys.argv[1] if len(sys.argv) > 1 else f"{temporary}/pictures"
        if len(sys.argv) < 2:
            write_all(folder)
        out = f"{temporary}/out.npy"
        for jobs in (timm_jobs(temporary), open_clip_jobs(temporary)):
            for name, flags, reference in jobs:
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
