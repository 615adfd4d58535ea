#!/usr/bin/env python3
"""A data set for PyTorch over a .npy and the labels in its manifest.

imnorm normalize photos/ --preset imagenet -o train.npy     # photos/CLASS/PICTURE
python3 torch_npy.py train.npy
"""

import json
import sys

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class NpyDataset(Dataset):
    def __init__(self, path):
        self.path, self.rows = path, None
        with open(f"{path}.manifest.json", encoding="utf-8") as file:
            items = [item for item in json.load(file)["items"] if "row" in item]
        self.labels = [item.get("class", -1) for item in sorted(items, key=lambda i: i["row"])]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, row):
        if self.rows is None:  # each worker maps the file for itself: nothing is copied to it
            self.rows = np.load(self.path, mmap_mode="r")
        return torch.from_numpy(np.array(self.rows[row])), self.labels[row]


def main(path):
    loader = DataLoader(NpyDataset(path), batch_size=8, shuffle=True, num_workers=2)
    for images, labels in loader:
        print(tuple(images.shape), images.dtype, labels.tolist())


if __name__ == "__main__":
    main(*sys.argv[1:])
