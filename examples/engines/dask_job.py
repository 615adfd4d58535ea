#!/usr/bin/env python3
"""imnorm on Dask: a future a part of the list; the scheduler gives a dead worker's to another.

python3 dask_job.py list.txt out 8      # DASK_SCHEDULER_ADDRESS names a cluster; else four workers here
"""

import subprocess
import sys
import tempfile
from glob import glob
from pathlib import Path

import dask
from distributed import Client

PLAN = ["--preset", "imagenet"]


def imnorm(*arguments, **options):
    """Runs imnorm; when the worker dies, so does it. Code 1: done, but for unreadable pictures."""
    command = ["setpriv", "--pdeathsig", "KILL", "imnorm", *map(str, arguments), "-q"]
    done = subprocess.run(command, stdout=subprocess.PIPE, **options)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"imnorm {arguments[0]} ended with {done.returncode}")
    return done.stdout


def do_part(i, count, list_file, here, out):
    part = ["--files-from", list_file, "--shard", f"{i}/{count}", "-j", 1]
    tensor = out / f"part-{i:05}.npy"
    partial = imnorm("stats", *part, cwd=here)
    imnorm("normalize", *part, *PLAN, "-o", tensor, "--resume", cwd=here)
    return partial


def main(list_file, out, count):
    out, count = Path(out).absolute(), int(count)
    out.mkdir(parents=True, exist_ok=True)
    address = dask.config.get("scheduler-address", None)
    here = {} if address else {"n_workers": 4, "threads_per_worker": 1}
    with Client(address, **here) as client:
        job = {"count": count, "list_file": list_file, "here": Path.cwd(), "out": out}
        futures = client.map(do_part, range(1, count + 1), **job, retries=3, pure=False)
        partials = client.gather(futures)
    with tempfile.TemporaryDirectory() as folder:
        for i, partial in enumerate(partials):
            Path(folder, f"{i}.json").write_bytes(partial)
        imnorm("merge", *glob(f"{folder}/*"), "-o", out / "stats.json", "--force")
    imnorm("merge", *glob(f"{out}/*.npy.manifest.json"), "-o", out / "manifest.json", "--force")


if __name__ == "__main__":
    main(*sys.argv[1:])
