#!/usr/bin/env python3
"""imnorm on Ray: a remote task a part of the list, retried wherever there is room.

python3 ray_job.py list.txt out 8       # RAY_ADDRESS names a cluster; else one is started here
"""

import subprocess
import sys
import tempfile
from glob import glob
from pathlib import Path

import ray

PLAN = ["--preset", "imagenet"]


def imnorm(*arguments, **options):
    """Runs imnorm; when the worker dies, so does it. Code 1: done, but for unreadable pictures."""
    command = ["setpriv", "--pdeathsig", "KILL", "imnorm", *map(str, arguments), "-q"]
    done = subprocess.run(command, stdout=subprocess.PIPE, **options)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"imnorm {arguments[0]} ended with {done.returncode}")
    return done.stdout


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def do_part(paths, here, i, count, out):
    part = ["--files-from", "-", "--shard", f"{i}/{count}", "-j", 1]
    tensor = out / f"part-{i:05}.npy"
    partial = imnorm("stats", *part, input=paths, cwd=here)
    imnorm("normalize", *part, *PLAN, "-o", tensor, "--resume", input=paths, cwd=here)
    return partial


def main(list_file, out, count):
    out, count = Path(out).absolute(), int(count)
    out.mkdir(parents=True, exist_ok=True)
    ray.init()
    paths = ray.put(Path(list_file).read_bytes())
    job = paths, Path.cwd()
    partials = ray.get([do_part.remote(*job, i, count, out) for i in range(1, count + 1)])
    with tempfile.TemporaryDirectory() as folder:
        for i, partial in enumerate(partials):
            Path(folder, f"{i}.json").write_bytes(partial)
        imnorm("merge", *glob(f"{folder}/*"), "-o", out / "stats.json", "--force")
    imnorm("merge", *glob(f"{out}/*.npy.manifest.json"), "-o", out / "manifest.json", "--force")


if __name__ == "__main__":
    main(*sys.argv[1:])
