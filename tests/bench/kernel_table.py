"""Runs kernel_bench on each SIMD target and prints ratios beside memcpy, a bare read and Pillow.

    kernel_table.py KERNEL_BENCH [--quick]

Times are CPU times, medians of interleaved repetitions, since other work on the machine stretches
wall clocks; Pillow is timed before and after each target's run.
"""
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time

import PIL
from PIL import Image

REPETITIONS = 7

# Row of the table: what, ours, the thing compared, bar (AVX-512), bar (AVX2 forced).
AGAINST_MEMORY = [
    ("value kernel, 1 picture f32, of memcpy", "value/float32/nchw/1", "value/float32/memcpy/1", 0.95, 0.42),
    ("the same, a row a call", "value/float32/nchw-by-row/1", "value/float32/memcpy/1", None, None),
    ("the same, nhwc", "value/float32/nhwc/1", "value/float32/memcpy/1", None, None),
    ("value kernel, 1 picture f16, of memcpy", "value/float16/nchw/1", "value/float16/memcpy/1", None, None),
    ("value kernel, 64 pictures f32, of memcpy", "value/float32/nchw/64", "value/float32/memcpy/64", 1.0, 1.0),
    ("value kernel, 512 pictures f32, of memcpy", "value/float32/nchw/512", "value/float32/memcpy/512", 1.0, 1.0),
    ("sums, in L2, of an OR of all bytes", "sums/l2/sums", "sums/l2/or", 0.35, None),
    ("sums, from DRAM, of an OR of all bytes", "sums/dram/sums", "sums/dram/or", 0.95, None),
]

# Name, picture size, filter, bar (AVX-512), bar (AVX2 forced). Always to 341 x 256.
AGAINST_PILLOW = [
    ("500x375/bilinear/whole", (500, 375), Image.BILINEAR, 11, 6),
    ("500x375/bilinear/crop", (500, 375), Image.BILINEAR, 20, 10),
    ("1600x1200/bilinear/whole", (1600, 1200), Image.BILINEAR, 7, 4),
    ("4000x3000/bilinear/whole", (4000, 3000), Image.BILINEAR, 7, 4),
    ("500x375/bicubic/whole", (500, 375), Image.BICUBIC, 8, None),
    ("500x375/lanczos/whole", (500, 375), Image.LANCZOS, 8, None),
]


def noise(size):
    return Image.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))


def time_pillow(pictures, times, repetitions):
    """Adds CPU seconds of Pillow's resize to times[name]."""
    for name, size, image_filter, _, _ in AGAINST_PILLOW:
        for _ in range(repetitions):
            begin = time.process_time()
            pictures[size].resize((341, 256), image_filter)
            times.setdefault(name, []).append(time.process_time() - begin)


def run_kernels(program, target, quick):
    """Median CPU nanoseconds of every benchmark on a target, or None where it is not usable."""
    arguments = [
        program,
        "--benchmark_format=json",
        f"--benchmark_repetitions={1 if quick else REPETITIONS}",
        f"--benchmark_min_time={0.005 if quick else 0.05}",
        "--benchmark_enable_random_interleaving=true",
        "--benchmark_filter=^(value|sums|histogram)|(whole|crop)(/prepared-each-time)?$",
    ]
    done = subprocess.run(arguments, env=dict(os.environ, IMNORM_SIMD=target),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == 2:
        return None
    if done.returncode != 0:
        sys.exit(f"kernel_bench failed on {target}: {done.stderr}")
    scale = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
    times = {}
    for entry in json.loads(done.stdout)["benchmarks"]:
        if entry.get("run_type") != "aggregate":
            times.setdefault(entry["run_name"], []).append(
                entry["cpu_time"] * scale[entry["time_unit"]])
    return {name: statistics.median(values) for name, values in times.items()}


def print_row(target, what, ratio, bar):
    verdict = "" if bar is None else ("met" if ratio >= bar else "NOT met")
    print(f"| {target} | {what} | {ratio:.2f} | {'' if bar is None else bar} | {verdict} |", flush=True)


def cpu_name():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    program, quick = sys.argv[1], "--quick" in sys.argv[2:]
    pictures = {size: noise(size) for _, size, _, _, _ in AGAINST_PILLOW}
    print(f"{cpu_name()}, {os.cpu_count()} CPUs, Pillow {PIL.__version__}; ratios of CPU time, "
          f"medians of {1 if quick else REPETITIONS}\n")
    print("| target | what | ratio | bar | |\n|---|---|---|---|---|")
    for target in ("AVX3_DL", "AVX3", "AVX2", "SSE4", "NEON"):
        pillow = {}
        repetitions = 1 if quick else (REPETITIONS + 1) // 2
        time_pillow(pictures, pillow, repetitions)
        kernels = run_kernels(program, target, quick)
        if kernels is None:
            continue
        time_pillow(pictures, pillow, repetitions)
        column = {"AVX3_DL": 0, "AVX2": 1}.get(target)
        for what, ours, other, *bars in AGAINST_MEMORY:
            print_row(target, what, kernels[other] / kernels[ours],
                      None if column is None else bars[column])
        for name, _, _, *bars in AGAINST_PILLOW:
            pillow_ns = statistics.median(pillow[name]) * 1e9
            what = "resize " + name.replace("/", " ") + ", times Pillow"
            print_row(target, what, pillow_ns / kernels["resize/" + name],
                      None if column is None else bars[column])
            print_row(target, what + ", weights made each time",
                      pillow_ns / kernels["resize/" + name + "/prepared-each-time"], None)


if __name__ == "__main__":
    main()
