#!/usr/bin/env python3
"""A data set for PyTorch over `images` and `labels` of a .safetensors, bfloat16 included.

imnorm normalize photos/ --preset imagenet --dtype bfloat16 -o train.safetensors
python3 torch_safetensors.py train.safetensors
"""

import sys

from safetensors import safe_open
from torch.utils.data import DataLoader, Dataset


class SafetensorsDataset(Dataset):
    def __init__(self, path):
        self.path, self.images = path, None
        with safe_open(path, framework="pt") as file:
            self.plan = file.metadata()  # what made them: plan, hash of the list
            self.labels = file.get_tensor("labels")

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, row):
        if self.images is None:  # each worker opens the file for itself
            self.images = safe_open(self.path, framework="pt").get_slice("images")
        return self.images[row : row + 1][0], self.labels[row]


def main(path):
    loader = DataLoader(SafetensorsDataset(path), batch_size=8, shuffle=True, num_workers=2)
    for images, labels in loader:
        print(tuple(images.shape), images.dtype, labels.tolist())


if __name__ == "__main__":
    main(*sys.argv[1:])
