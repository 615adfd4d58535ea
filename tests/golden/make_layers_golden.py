#!/usr/bin/env python3
"""Makes layers_golden.json: what torch's normalisation layers make of made samples, in float64.

Run it with torch 2.15 from PyPI. Each case is a layer's name and arguments and the shape of its
batches. Samples and parameters are whole numbers by the formulas below; the file holds the results
of three batches in training and of one in evaluation, and the state at the end, rounded to float32
once (and the running statistics after every batch, as a layer of float32 keeps them).
"""

import json
from pathlib import Path

import torch

CASES = [
    ("BatchNorm", {"num_features": 3}, (4, 3, 5, 7)),
    ("BatchNorm", {"num_features": 3, "momentum": None, "eps": 0.01}, (2, 3, 4)),
    ("BatchNorm", {"num_features": 5, "affine": False, "momentum": 0.25}, (6, 5)),
    ("BatchNorm", {"num_features": 3, "track_running_stats": False}, (4, 3, 2, 2)),
    ("BatchNorm", {"num_features": 2}, (2, 2, 3, 2, 2)),
    ("InstanceNorm", {"num_features": 3}, (2, 3, 5, 7)),
    ("InstanceNorm", {"num_features": 3, "affine": True, "track_running_stats": True}, (2, 3, 9)),
    ("LayerNorm", {"normalized_shape": [3, 5, 7]}, (2, 3, 5, 7)),
    ("LayerNorm", {"normalized_shape": 7}, (2, 3, 7)),
    ("LayerNorm", {"normalized_shape": [5, 7], "elementwise_affine": False}, (2, 3, 5, 7)),
    ("LayerNorm", {"normalized_shape": [4, 6], "bias": False, "eps": 0.5}, (3, 4, 6)),
    ("GroupNorm", {"num_groups": 2, "num_channels": 6}, (2, 6, 3, 5)),
    ("GroupNorm", {"num_groups": 6, "num_channels": 6, "affine": False}, (2, 6, 9)),
    ("GroupNorm", {"num_groups": 3, "num_channels": 12}, (4, 12)),
]  # fmt: skip


def samples(shape, batch):
    """Whole numbers below 1009, no two channels alike; tests/python/test_layers.py has the same."""
    count = 1
    for side in shape:
        count *= side
    number = torch.arange(count, dtype=torch.int64) + 1000 * batch
    return ((number * number * 7919 + number * 104729) % 1009).reshape(shape)


def parameter(shape, seed):
    count = 1
    for side in shape:
        count *= side
    number = torch.arange(count, dtype=torch.int64)
    return ((number * 37 + seed) % 64 - 31).reshape(shape)


def layer_of(name, arguments, shape):
    arguments = dict(arguments)
    if name in ("BatchNorm", "InstanceNorm"):
        name += {2: "1d", 3: "1d", 4: "2d", 5: "3d"}[len(shape)]
    layer = getattr(torch.nn, name)(**arguments).double()
    with torch.no_grad():
        for seed, value in enumerate(layer.parameters(), 1):
            value.copy_(parameter(value.shape, 16 * seed) / 16)
    return layer


def keep_as_float32(layer):
    for name, value in layer.named_buffers():
        if name != "num_batches_tracked":
            value.copy_(value.float())


def listed(tensor):
    """Nine digits say which float32 it is."""
    return [float(f"{value:.9g}") for value in tensor.detach().float().reshape(-1).tolist()]


def run(name, arguments, shape):
    layer = layer_of(name, arguments, shape)
    results = []
    for batch in range(4):
        layer.train(batch < 3)
        results.append(listed(layer(samples(shape, batch).double())))
        keep_as_float32(layer)
    state = {key: listed(value) for key, value in layer.state_dict().items()}
    return {"layer": name, "arguments": arguments, "shape": shape, "results": results, "state": state}


def main():
    target = Path(__file__).with_name("layers_golden.json")
    cases = [run(*case) for case in CASES]
    lines = ",\n".join(json.dumps(case) for case in cases)
    head = json.dumps({"torch": torch.__version__})[1:-1]
    target.write_text(f'{{{head}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
