#!/usr/bin/env python3
"""Checks a .raw as trtexec reads it, and prints the flags that make trtexec read it.

imnorm normalize photos/ --preset imagenet -o batch.raw
python3 trtexec_input.py input batch.raw
"""

import json
import os
import sys

# What imnorm calls a type -> what trtexec calls it, and its bytes.
TYPES = {"float32": ("fp32", 4), "float16": ("fp16", 2), "bfloat16": ("bf16", 2)}
TYPES |= {"int8": ("int8", 1), "uint8": ("uint8", 1)}


def main(name, path):
    with open(f"{path}.manifest.json", encoding="utf-8") as file:
        manifest = json.load(file)
    shape = manifest["shape"]
    word, size = TYPES[manifest["plan"]["values"]["dtype"]]
    for side in shape:
        size *= side
    found = os.path.getsize(path)
    if found != size:  # trtexec: "Unexpected file size for input file"
        sys.exit(f"{path} has {found} bytes, the binding {size}")
    sides = "x".join(map(str, shape))  # "chw" is dense rows, whatever the sides are
    print(f"--shapes={name}:{sides} --inputIOFormats={word}:chw --loadInputs={name}:{path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
