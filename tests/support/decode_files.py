"""Runs the decode driver over files and compares what it says with Pillow."""

import json
import os
import subprocess

import numpy as np
from imnorm_test import sanitized
from PIL import Image

DRIVER = os.environ.get(
    "IMNORM_DECODE_DRIVER",
    os.path.join(os.path.dirname(__file__), "../../build/dev/tests/decode_driver"),
)


def decode(files, *flags, env=None):
    """One dict for each file, in order; fails where the driver crashes or prints to stderr."""
    done = subprocess.run(
        [DRIVER, *flags, *files],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **(env or {})},
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    # A sanitizer's runtime stands before the silence that a module gives its library.
    assert done.stderr == "" or sanitized(), done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in answers:
        check_probe(answer, flags)
    return answers


def check_probe(answer, flags):
    """What is decoded was told of before: the headers alone say its format, size and channels."""
    if not answer["ok"]:
        return
    told = answer["probe"]
    assert isinstance(told, dict), answer
    assert told["format"] == answer["format"], answer
    assert told["orientation"] == answer["orientation"], answer
    if "--window" not in flags:
        turned = "--exif" in flags or told["format"] in ("tiff", "jpegxl")
        transposed = turned and told["orientation"] > 4
        assert answer["size"] == told["size"][:: -1 if transposed else 1], answer
    if "native" in flags and "mask" not in flags:
        assert answer["channels"] == told["channels"], answer


def pixels(answer):
    """The samples of a --raw answer as an array [height, width, channels]."""
    dtype = {"u8": np.uint8, "u16": np.uint16, "f32": np.float32}[answer["type"]]
    width, height = answer["size"]
    flat = np.frombuffer(bytes.fromhex(answer["raw"]), dtype)
    return flat.reshape(height, width, answer["channels"])


def pillow(path, mode="RGB"):
    """Pillow's conversion of a file, as an array [height, width, channels]."""
    with Image.open(path) as image:
        array = np.array(image.convert(mode))
    return array.reshape(array.shape[0], array.shape[1], -1)
