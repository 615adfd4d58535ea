"""imnorm in Python beside torchvision and transformers, in pairs: the same tensors, ratios of times.

    scripts/bench FOLDER --python [--quick]

FOLDER holds class folders of pictures, or pictures: then some of them are put into two classes. Runs in
the environment of scripts/parity-today. Each pair runs in turn, ours and theirs, and again; ratios are
medians of the pairs' ratios, of time, and of CPU time, which others on the machine hardly change.
Tensors are compared first: where a value differs, no time is taken.
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

import torch
import torchvision
import transformers
from PIL import Image
from torchvision import transforms as t

import imnorm
from imnorm.huggingface import ImageProcessor
from imnorm.torch import IMG_EXTENSIONS, ImageFolder, ToTensor

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
TRANSFORM = t.Compose([t.Resize(256), t.CenterCrop(224), t.ToTensor(), t.Normalize(MEAN, STD)])
WORKERS = 2
BATCH = 32


def class_folders(folder, at_least):
    """A folder of two classes of links to the pictures, each as often as it takes to be so many."""
    paths = sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in IMG_EXTENSIONS)
    if not paths:
        sys.exit(f"{folder} holds no pictures")
    made = tempfile.TemporaryDirectory()
    for i in range(max(at_least, len(paths))):
        place = Path(made.name) / ("a", "b")[i % 2]
        place.mkdir(exist_ok=True)
        path = paths[i % len(paths)]
        (place / f"{i:05}{path.suffix}").symlink_to(path.resolve())
    return made


def cpu_seconds():
    """CPU time of this process and of its workers."""
    ticks = 0
    for process in multiprocessing.active_children():
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def taken(work):
    begun, before = time.perf_counter(), cpu_seconds()
    work()
    return time.perf_counter() - begun, cpu_seconds() - before


def pairs(ours, theirs, rounds):
    """Our median time, theirs, then ratios as text: of time, the least and the most, of CPU time."""
    ours(), theirs()
    runs = [(taken(ours), taken(theirs)) for _ in range(rounds)]
    ratios = [b[0] / a[0] for a, b in runs]
    of_cpu = statistics.median(b[1] / a[1] for a, b in runs if a[1] > 0)
    return (
        statistics.median(a[0] for a, _ in runs), statistics.median(b[0] for _, b in runs),
        f"{statistics.median(ratios):.2f} | {min(ratios):.2f} to {max(ratios):.2f} | {of_cpu:.2f}",
    )  # fmt: skip


def loader(data):
    return torch.utils.data.DataLoader(data, BATCH, num_workers=WORKERS, persistent_workers=True)


def epoch(batches):
    def run():
        for _ in batches:
            pass

    return run


def compare_loaders(ours, theirs):
    for (a, labels), (b, their_labels) in zip(ours, theirs, strict=True):
        if not torch.equal(a, b) or not torch.equal(labels, their_labels):
            sys.exit("the loaders' tensors differ: no time is taken")


def opened(path):
    with Image.open(path) as picture:
        return picture.convert("RGB")


def latency_pairs(path):
    """(name, ours, theirs, whether equal) for one picture of a file."""
    ours = ToTensor("imagenet")
    yield ("`transforms.Compose`, of a file", lambda: ours(path), lambda: TRANSFORM(opened(path)),
           torch.equal)  # fmt: skip
    picture = opened(path)
    picture.load()
    yield ("`transforms.Compose`, of a PIL picture", lambda: ours(picture),
           lambda: TRANSFORM(picture), torch.equal)  # fmt: skip
    for name in ("CLIPImageProcessor", "CLIPImageProcessorPil", "ViTImageProcessor"):
        theirs = getattr(transformers, name)()
        mine = ImageProcessor(theirs)
        yield (
            f"transformers' `{name}`, of a file",
            lambda mine=mine: mine(path, return_tensors="pt")["pixel_values"],
            lambda theirs=theirs: theirs(opened(path), return_tensors="pt")["pixel_values"],
            torch.equal,
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    rounds = 1 if arguments.quick else 9
    made = class_folders(arguments.folder, 10 if arguments.quick else 1000)
    ours, theirs = ImageFolder(made.name, "imagenet"), torchvision.datasets.ImageFolder(made.name, TRANSFORM)
    mine, other = loader(ours), loader(theirs)
    compare_loaders(mine, other)
    print(f"torchvision {torchvision.__version__}, torch {torch.__version__}, transformers "
          f"{transformers.__version__}, imnorm {imnorm.__version__}; {os.cpu_count()} CPUs")  # fmt: skip
    print()
    a, b, ratios = pairs(epoch(mine), epoch(other), rounds)
    print(f"| {WORKERS} workers, {len(ours)} pictures | imnorm | torchvision | ratio | of pairs | CPU |")
    print("|---|---|---|---|---|---|")
    print(f"| pictures a second | {len(ours) / a:.0f} | {len(ours) / b:.0f} | {ratios} |")
    print()
    print("| one picture | imnorm, ms | theirs, ms | ratio | of pairs | CPU |")
    print("|---|---|---|---|---|---|")
    path = ours.samples[0][0]
    for name, mine, other, equal in latency_pairs(path):
        if not equal(mine(), other()):
            sys.exit(f"{name}: tensors differ: no time is taken")
        calls = 1 if arguments.quick else 40
        a, b, ratios = pairs(
            lambda mine=mine: [mine() for _ in range(calls)],
            lambda other=other: [other() for _ in range(calls)], rounds,
        )  # fmt: skip
        print(f"| {name} | {a / calls * 1e3:.2f} | {b / calls * 1e3:.2f} | {ratios} |")


if __name__ == "__main__":
    main()
