#!/usr/bin/env python3
"""Reads input_list.txt and its files as the tools of SNPE and QNN do.

imnorm normalize photos/ --preset imagenet --layout nhwc --split -o calibration.raw
python3 snpe_input_list.py input_list.txt 224x224x3
"""

import sys

import numpy as np


def pictures(path, shape, dtype="float32"):
    """The array of each line: a path, after `name:=` where a network has several inputs."""
    with open(path, encoding="utf-8") as lines:
        for line in map(str.strip, lines):
            if line and line[0] not in "#%":  # those name outputs
                for entry in line.split():
                    file = entry.rpartition(":=")[2]  # relative to where the tool is started
                    yield file, np.fromfile(file, dtype).reshape(shape)


def main(path, shape, dtype="float32"):
    for file, picture in pictures(path, [int(side) for side in shape.split("x")], dtype):
        print(file, picture.shape, picture.dtype, picture.min(), picture.max())


if __name__ == "__main__":
    main(*sys.argv[1:])
