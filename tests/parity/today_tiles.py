"""Processors that cut a picture into tiles: every output tensor of imnorm against transformers' own.

today_tiles.py [FOLDER [LABEL...]]. One run of imnorm makes the tiles of all pictures; transformers
is asked picture by picture. It gives masks too, which have to be ones throughout: imnorm, whose
tiles are not padded, writes none.
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
from today_patches import tensors_of
from torchvision_reference import load_rgb

TILES = {"crop_to_patches": True, "size": {"height": 112, "width": 112}}
# Label: class, settings, whether there is a Pillow backend. Small tiles reach every grid.
JOBS = {
    "InternVL": ("GotOcr2", {**TILES, "size": {"height": 448, "width": 448}}, True),
    "small": ("GotOcr2", TILES, True),
    "2 to 7": ("GotOcr2", {**TILES, "min_patches": 2, "max_patches": 7}, False),
    "nearest": ("GotOcr2", {**TILES, "resample": 0}, False),
    "Cohere2Vision": ("Cohere2Vision", {}, False),
    "Cohere2Vision, 2": ("Cohere2Vision", {"max_patches": 2, "min_patches": 2}, False),
    "Cohere2Vision, small": ("Cohere2Vision", {"size": {"height": 96, "width": 96}}, False),
    "Ovis2": ("Ovis2", {"crop_to_patches": True, "size": {"height": 448, "width": 448}}, True),
    "Ovis2, small": ("Ovis2", {**TILES, "max_patches": 9}, True),
    "Ovis2, ratio": ("Ovis2", {**TILES, "use_covering_area_grid": False}, True),
    "PerceptionLM": ("PerceptionLM", {}, False),
    "PerceptionLM, 5": ("PerceptionLM", {"max_num_tiles": 5, "tile_size": 64}, False),
    "PerceptionLM, vanilla": ("PerceptionLM", {"vision_input_type": "vanilla"}, False),
    "GraniteDocling": ("GraniteDocling", {}, False),
}  # fmt: skip
# Thin and tiny ones, and ratios at which two grids are equally near.
EDGES = ((20, 300), (900, 10), (40, 1500), (27, 27), (200, 9), (150, 150), (300, 400), (120, 80))


def differences(theirs, ours, count):
    for name, array in theirs.items():
        array = np.asarray(array)
        if name.endswith("mask"):
            if not array.all() or array.shape[1] != count:
                yield f"{name}: not ones"
            continue
        if array.size == ours[name].size:
            array = array.reshape(ours[name].shape)  # dimensions of 1 that one picture has
        difference = worst(np.ascontiguousarray(ours[name]), np.ascontiguousarray(array))
        if difference:
            yield f"{name}: {difference[1]}"


def compare(processor, out):
    """(pictures, equal ones, sentences) of one output."""
    tensors, equal, sentences = tensors_of(out), 0, []
    items = [item for item in manifest_of(out)["items"] if "row" in item]
    for number, item in enumerate(items):
        path = os.fsdecode(path_of(item))
        theirs = processor(images=load_rgb(path), return_tensors="np")
        ours = {name: array[number] for name, array in tensors.items()}
        ours["pixel_values"] = tensors["pixel_values"][item["row"] : item["row"] + item["rows"]]
        found = list(differences(theirs, ours, item["rows"]))
        equal += not found
        sentences += [f"{path}: {sentence}" for sentence in found]
    return len(items), equal, sentences


def main():
    good, sentences = True, []
    print(f"transformers {transformers.__version__}, tiles, every output tensor\n")
    print("| job | pictures | equal, bit for bit |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = sys.argv[1] if len(sys.argv) > 1 else f"{temporary}/pictures"
        if len(sys.argv) < 2:
            os.mkdir(folder)
            write_pictures(folder)
            for i, (width, height) in enumerate(EDGES):
                Path(folder, f"edge-{i}.png").write_bytes(png(width, height, i))
        wanted = sys.argv[2:] or JOBS
        names = [(label, end) for label in wanted for end in ("", "Pil")[: 1 + JOBS[label][2]]]
        for i, (label, end) in enumerate(names):
            stem, settings, _ = JOBS[label]
            name = f"{stem}ImageProcessor{end}"
            processor, config = processor_and_config(name, temporary, settings, label)
            out = f"{temporary}/out.{('safetensors', 'npz')[i % 2]}"
            run_or_stop("normalize", folder, "--preset", config, "-o", out, "-q", "--force")
            compared, equal, found = compare(processor, out)
            print(f"| {name} ({label}) | {compared} | {equal} |", flush=True)
            good = good and 0 < compared == equal
            sentences += [f"{name} ({label}): {sentence}" for sentence in found[:3]]
    for sentence in sentences:
        print(f"  differs: {sentence}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
