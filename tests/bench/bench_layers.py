"""Times normalisation layers against torch's: bench_layers.py LAYER_BENCH [THREADS [ROUNDS]].

Rounds alternate between the two; medians are printed as ratios. The allocator is told to keep what
is freed, so that torch, which writes to new memory every time, does not wait for fresh pages.
"""

import os
import statistics
import subprocess
import sys
import time

import torch
from torch.nn import functional


def torch_times(x, groups):
    cases = {
        "batch": lambda: functional.batch_norm(x, None, None, training=True),
        "layer": lambda: functional.layer_norm(x, x.shape[1:]),
        "instance": lambda: functional.instance_norm(x),
        "group": lambda: functional.group_norm(x, groups),
    }
    times = {}
    for name, case in cases.items():
        start = time.perf_counter()
        case()
        times[name] = time.perf_counter() - start
    return times


KEEP = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "8589934592",
        "MALLOC_TOP_PAD_": "1073741824"}


def main():
    if any(os.environ.get(name) != value for name, value in KEEP.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **KEEP})
    bench = sys.argv[1]
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    torch.set_num_threads(threads)
    for shape, groups in (((64, 256, 56, 56), 32), ((32, 3, 224, 224), 3)):
        ours, theirs = {}, {}
        x = torch.rand(shape)
        with torch.no_grad():
            torch_times(x, groups)
            for _ in range(rounds):
                for name, seconds in torch_times(x, groups).items():
                    theirs.setdefault(name, []).append(seconds)
                command = [bench, *map(str, shape), str(groups), str(threads), "2"]
                lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                for line in lines.splitlines()[5:]:  # the first round touches the memory
                    name, seconds = line.split()
                    ours.setdefault(name, []).append(float(seconds))
        copy = statistics.median(ours.pop("memcpy"))
        print(f"{shape} float32, {threads} thread(s); memcpy {copy * 1e3:.1f} ms")
        for name, times in ours.items():
            mine, other = statistics.median(times), statistics.median(theirs[name])
            print(f"  {name:9} {mine * 1e3:7.1f} ms, torch {other * 1e3:7.1f} ms: "
                  f"{other / mine:.2f}x torch, {mine / copy:.2f}x memcpy's time")


if __name__ == "__main__":
    main()
