#!/usr/bin/env python3
"""Shards of a WebDataset through WebDataset's own loader.

imnorm normalize photos/ --preset imagenet --shard-size 1000 -o train.tar
python3 webdataset_loader.py train-*.tar
"""

import sys

import webdataset


def samples(paths):
    """(array, class) of each sample; the shards are divided among a DataLoader's workers."""
    return (
        webdataset.WebDataset(list(paths), shardshuffle=False, empty_check=False)
        .decode()  # .npy to arrays, .cls to numbers, .json to what the manifest says of a picture
        .to_tuple("npy", "cls")
    )


def main(*paths):
    loader = webdataset.WebLoader(samples(paths).batched(8), batch_size=None, num_workers=2)
    for images, labels in loader:
        print(tuple(images.shape), images.dtype, labels.tolist())


if __name__ == "__main__":
    main(*sys.argv[1:])
