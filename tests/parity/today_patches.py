"""Processors that make rows of patches: every output tensor of imnorm against transformers' own.

today_patches.py [FOLDER [LABEL...]]. One run of imnorm makes the rows of all pictures; transformers
is asked picture by picture, and once with all of them, of which the rows are one after another.
"""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import transformers

from imnorm_test import manifest_of, path_of, png
from parity_compare import run_or_stop, worst
from today import processor_and_config, write_pictures
from torchvision_reference import load_rgb

LIMITS = {"shortest_edge": 65536, "longest_edge": 262144}
STEMS = (
    "CohereCompass", "Cosmos3Edge", "Ernie4_5_VLMoe", "Glm46V", "Glm4v", "GlmImage", "Glmga",
    "HYV4VL", "HunYuanVL", "PaddleOCRVL", "Qwen2VL", "VideoLlama3",
)  # fmt: skip
TORCH_STEMS = ("MiniMaxM3VL",)
# As published checkpoints have them, and settings that reach the rarer branches.
CONFIGURED = {
    "Qwen2.5-VL": ("Qwen2VL", {"size": {"shortest_edge": 3136, "longest_edge": 12845056}}),
    "Qwen3-VL": ("Qwen2VL", {
        "patch_size": 16, "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
        "size": {"shortest_edge": 65536, "longest_edge": 16777216},
    }),
    "small": ("Qwen2VL", {"size": LIMITS}),
    "limits above size": ("Qwen2VL", {"size": dict(LIMITS), "max_pixels": 100000}),
    "lanczos": ("Qwen2VL", {"resample": 1, "size": LIMITS}),
    "three frames": ("Qwen2VL", {"temporal_patch_size": 3, "merge_size": 1, "size": LIMITS}),
    "no normalise": ("Qwen2VL", {"do_normalize": False, "size": LIMITS}),
    "two frames": ("Cosmos3Edge", {"temporal_patch_size": 2, "size": LIMITS}),
    "below": ("Glm4v", {"size": {"shortest_edge": 12544, "longest_edge": 200000}}),
    "half": ("PaddleOCRVL", {
        "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
        "size": {"shortest_edge": 147384, "longest_edge": 2822400},
    }),
    "no lanczos": ("HunYuanVL", {"resample": 1, "size": LIMITS}),
}  # fmt: skip
# Thin and tiny ones; a side of 27 is below the multiple.
EDGES = ((20, 300), (900, 10), (40, 1500), (27, 27), (13, 40), (200, 9), (121, 68), (28, 28))


def jobs(labels):
    named = [(s, s, {}, end) for s in STEMS for end in ("", "Pil")]
    named += [(s, s, {}, "") for s in TORCH_STEMS]
    named += [(label, s, settings, "") for label, (s, settings) in CONFIGURED.items()]
    return [job for job in named if not labels or job[0] in labels]


def tensors_of(path):
    if path.endswith(".npz"):
        with np.load(path) as archive:
            return {name: archive[name] for name in archive.files}
    from safetensors.numpy import load_file

    return load_file(path)


def of_picture(tensors, item, number):
    """What transformers gives of one picture, from what imnorm gives of all."""
    rows = slice(item["row"], item["row"] + item["rows"])
    beside = {name: array[number : number + 1] for name, array in tensors.items()}
    return {**beside, "pixel_values": tensors["pixel_values"][rows]}


def differences(ours, theirs):
    for name, array in theirs.items():
        array = np.asarray(array)
        difference = worst(np.ascontiguousarray(ours[name]), np.ascontiguousarray(array))
        if difference:
            yield f"{name}: {difference[1]}"


def compare(processor, out):
    """(pictures, equal ones, sentences) of one output."""
    tensors, equal, sentences, pictures = tensors_of(out), 0, [], []
    items = [item for item in manifest_of(out)["items"] if "row" in item]
    for number, item in enumerate(items):
        path = os.fsdecode(path_of(item))
        pictures.append(load_rgb(path))
        theirs = processor(images=pictures[-1], return_tensors="np")
        found = list(differences(of_picture(tensors, item, number), theirs))
        equal += not found
        sentences += [f"{path}: {sentence}" for sentence in found]
    together = processor(images=pictures, return_tensors="np")
    sentences += [f"together: {sentence}" for sentence in differences(tensors, together)]
    return len(items), equal, sentences


def main():
    good, sentences = True, []
    print(f"transformers {transformers.__version__}, every output tensor\n")
    print("| job | pictures | equal, bit for bit |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = sys.argv[1] if len(sys.argv) > 1 else f"{temporary}/pictures"
        if len(sys.argv) < 2:
            os.mkdir(folder)
            write_pictures(folder)
            for i, (width, height) in enumerate(EDGES):
                Path(folder, f"edge-{i}.png").write_bytes(png(width, height, i))
        for i, (label, stem, settings, end) in enumerate(jobs(sys.argv[2:])):
            name = f"{stem}ImageProcessor{end}"
            processor, config = processor_and_config(name, temporary, settings, label)
            out = f"{temporary}/out.{('safetensors', 'npz')[i % 2]}"
            run_or_stop("normalize", folder, "--preset", config, "-o", out, "-q", "--force")
            compared, equal, found = compare(processor, out)
            job = name if label == stem else f"{name} ({label})"
            print(f"| {job} | {compared} | {equal} |", flush=True)
            good = good and 0 < compared == equal and not found
            sentences += [f"{job}: {sentence}" for sentence in found[:3]]
    for sentence in sentences:
        print(f"  differs: {sentence}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
