"""Whole runs of imnorm held against references, value by value."""

import json
import os
import sys
import tempfile

import numpy as np

from imnorm_test import DONE, SOME_FAILED, manifest_of, path_of, run
from torchvision_reference import load_rgb


def run_or_stop(*arguments, **environment):
    result = run(*arguments, timeout=None, **environment)
    if result.returncode not in (DONE, SOME_FAILED):
        sys.stderr.write(result.stderr)
        sys.exit(f"imnorm ended with {result.returncode}")
    return result.stdout


def reads(path):
    try:
        load_rgb(path)
        return True
    except Exception:  # Pillow raises many kinds for damaged files
        return False


def worst(ours, theirs):
    """None where the bits are the same, else (largest difference, a sentence on its place)."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return float("inf"), f"{ours.dtype}{ours.shape}, reference {theirs.dtype}{theirs.shape}"
    if ours.tobytes() == theirs.tobytes():
        return None
    gap = np.abs(ours.astype(np.float64) - theirs.astype(np.float64))
    place = np.unravel_index(np.argmax(gap), gap.shape)
    count = int((ours != theirs).sum())
    at = ", ".join(str(int(i)) for i in place)
    return float(gap.max()), (
        f"{count} of {ours.size} values differ, worst at [channel, y, x] = [{at}]: "
        f"{ours[place]!r}, reference {theirs[place]!r}"
    )


def compare(out, reference):
    """(pictures compared, pictures equal, worst difference, differences as sentences)."""
    tensor = np.load(out, mmap_mode="r")
    compared, equal, largest, differences = 0, 0, 0.0, []
    for item in manifest_of(out)["items"]:
        path = os.fsdecode(path_of(item))
        if "row" not in item or not reads(path):
            continue
        compared += 1
        difference = worst(np.array(tensor[item["row"]]), np.ascontiguousarray(reference(path)))
        if difference is None:
            equal += 1
            continue
        largest = max(largest, difference[0])
        differences.append((difference[0], f"{path}: {difference[1]}"))
    differences.sort(key=lambda pair: -pair[0])
    return compared, equal, largest, [sentence for _, sentence in differences]


def sums_of(folder):
    """(pictures compared, whether stats' integer sums are numpy's over Pillow's pixels)."""
    result = json.loads(run_or_stop("stats", folder, "-q"))
    failed = {os.fsdecode(path_of(item)) for item in result["failed"]}
    totals = {"sum": [0] * 3, "sum_squares": [0] * 3}
    compared = 0
    with tempfile.TemporaryDirectory() as temporary:  # for the list of what imnorm takes
        out = f"{temporary}/out.npy"
        run_or_stop("normalize", folder, "--preset", "tf", "-o", out, "-q")
        paths = [os.fsdecode(path_of(item)) for item in manifest_of(out)["items"]]
    for path in paths:
        if path in failed:
            continue
        if not reads(path):
            return compared, None
        compared += 1
        flat = np.asarray(load_rgb(path)).reshape(-1, 3).astype(np.int64)
        for c in range(3):
            totals["sum"][c] += int(flat[:, c].sum())
            totals["sum_squares"][c] += int((flat[:, c] ** 2).sum())
    equal = all(list(map(int, result["exact"][key])) == totals[key] for key in totals)
    return compared, equal
