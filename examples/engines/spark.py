#!/usr/bin/env python3
"""imnorm on Spark: N parts of a list over the executors, statistics and tensors of each part.

spark-submit --master 'local-cluster[4,1,1024]' spark.py list.txt out 8
"""

import subprocess
import sys
import tempfile
from glob import glob
from pathlib import Path

from pyspark.sql import SparkSession

PLAN = ["--preset", "imagenet"]


def imnorm(*arguments, **options):
    """Runs imnorm; when the worker dies, so does it. Code 1: done, but for unreadable pictures."""
    command = ["setpriv", "--pdeathsig", "KILL", "imnorm", *map(str, arguments), "-q"]
    done = subprocess.run(command, stdout=subprocess.PIPE, **options)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"imnorm {arguments[0]} ended with {done.returncode}")  # Spark retries
    return done.stdout


def main(list_file, out, count):
    here, out, count = Path.cwd(), Path(out).absolute(), int(count)
    out.mkdir(parents=True, exist_ok=True)
    context = SparkSession.builder.appName("imnorm").getOrCreate().sparkContext
    paths = context.broadcast(Path(list_file).read_bytes())

    def do_parts(numbers):
        for i in numbers:
            part = ["--files-from", "-", "--shard", f"{i}/{count}", "-j", 1]
            tensor = out / f"part-{i:05}.npy"
            job = {"input": paths.value, "cwd": here}
            partial = imnorm("stats", *part, **job)
            imnorm("normalize", *part, *PLAN, "-o", tensor, "--resume", **job)
            yield partial

    partials = context.parallelize(range(1, count + 1), count).mapPartitions(do_parts).collect()
    with tempfile.TemporaryDirectory() as folder:
        for i, partial in enumerate(partials):
            Path(folder, f"{i}.json").write_bytes(partial)
        imnorm("merge", *glob(f"{folder}/*"), "-o", out / "stats.json", "--force")
    imnorm("merge", *glob(f"{out}/*.npy.manifest.json"), "-o", out / "manifest.json", "--force")


if __name__ == "__main__":
    main(*sys.argv[1:])
