"""examples/engines: with each, four workers make what one run makes, byte for byte, though one of
them is killed in the middle.

`scripts/test-slow engines` runs them all over 2,000 pictures and prints the figures; whatever is not
installed is named there and fails. Without it only what needs no engine is run: the command of the
Kubernetes manifest.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine_job import ENGINES, Job, ancestor
from imnorm_test import SLOW, wait_until
from slurm_here import Slurm, free_ports

COUNT = 2000 if SLOW else 30
BIN = Path(sys.executable).parent  # of the environment that has the engines
RECIPES = [
    "spark.py", "ray_job.py", "dask_job.py", "parallel.sh", "mpi.sh", "slurm.sbatch",
    "slurm_merge.sbatch", "indexed-job.yaml", "s3_part.sh", "requirements.txt", "README.md",
]  # fmt: skip


def manifest_command():
    """The shell text that indexed-job.yaml gives to a container, and the number of its parts."""
    text = (ENGINES / "indexed-job.yaml").read_text(encoding="utf-8")
    block = re.search(r"- /bin/sh\n +- -c\n( +)- \|\n((?:\1  .*\n)+)", text)
    lines = [line[len(block.group(1)) + 2 :] for line in block.group(2).splitlines()]
    return "\n".join(lines) + "\n", int(re.search(r"completions: (\d+)", text).group(1))


class Engines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="imnorm-engines-")
        cls.addClassCleanup(cls.holder.cleanup)
        cls.job = Job(Path(cls.holder.name), COUNT)
        cls.left_out = []

    @classmethod
    def tearDownClass(cls):
        if SLOW:
            print(f"\n{COUNT} pictures, {os.cpu_count()} CPUs\n{cls.job.report()}")
        for name in cls.left_out:
            print(f"NOT RUN: {name}", file=sys.stderr)

    def need(self, *programs):
        """Ends a test that cannot be run: as a failure where all must be."""
        if not SLOW:
            self.skipTest("scripts/test-slow engines runs it")
        lacking = [program for program in programs if self.which(program) is None]
        if lacking:
            self.left_out.append(f"{self.id().rpartition('.')[2]}: no {', '.join(lacking)}")
            self.fail(self.left_out[-1])

    @staticmethod
    def which(program):
        return shutil.which(program, path=f"{BIN}:{os.environ['PATH']}:/usr/sbin:/sbin")

    def work(self, out, *command, **environment):
        """What runs a recipe into `out`, which is removed when the test is over."""
        self.addCleanup(shutil.rmtree, self.job.folder / out, True)
        return lambda: self.job.run(
            [ENGINES / command[0], *command[1:]] if command[0] in RECIPES else command,
            **environment,
        )

    def test_every_recipe_is_run_here(self):
        self.assertEqual(sorted(RECIPES), sorted(path.name for path in ENGINES.iterdir()))
        for name in RECIPES:
            if name.endswith(("sh", "sbatch")):
                subprocess.run(["sh", "-n", ENGINES / name], check=True)

    def test_gnu_parallel(self):
        self.need("parallel")
        self.job.run_and_kill(
            "GNU parallel", self.work("p", "parallel.sh", "list.txt", "p", "8"), "p"
        )

    def test_mpi(self):
        self.need("mpirun")
        root = {
            "OMPI_ALLOW_RUN_AS_ROOT": "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            "OMPI_MCA_rmaps_base_oversubscribe": "1",
            "OMPI_MCA_btl": "self,vader",
            "OMPI_MCA_oob_tcp_if_include": "lo",
        }
        self.job.run_and_kill(
            "MPI (Open MPI's mpirun)", self.work("m", "mpi.sh", "list.txt", "m", "4", **root), "m"
        )

    def test_mpi_of_mpich(self):
        self.need("mpirun.mpich")
        tools = self.job.folder / "mpich"
        tools.mkdir()
        (tools / "mpirun").write_text('#!/bin/sh\nexec mpirun.mpich "$@"\n')
        (tools / "mpirun").chmod(0o755)
        work = self.work("h", "mpi.sh", "list.txt", "h", "4", PATH=f"{tools}:{self.job.path}")
        self.job.run_and_kill("MPI (MPICH's mpirun)", work, "h")

    def test_slurm(self):
        self.need("munged", "slurmctld", "slurmd", "sbatch", "scontrol")
        (self.job.folder / "l").mkdir()
        head = (ENGINES / "slurm.sbatch").read_text(encoding="utf-8")
        lines = [line[4:] for line in head.splitlines() if re.match(r"#   (mkdir|job=|sbatch)", line)]
        self.assertEqual(len(lines), 3)
        script = "\n".join(lines[1:]).replace("slurm", f"{ENGINES}/slurm").replace(" out", " l")
        with Slurm(self.job.folder / "slurm") as environment:
            work = self.work("l", "bash", "-euc", script, **environment)
            self.job.run_and_kill("Slurm array", work, "l")

    def test_dask(self):
        self.need("dask")
        work = self.work("d", BIN / "python", ENGINES / "dask_job.py", "list.txt", "d", "8")
        self.job.run_and_kill("Dask, LocalCluster", work, "d", ancestor("python"))

    def test_ray(self):
        self.need("ray")
        port = free_ports(1)[0]
        environment = {**os.environ, "PATH": self.job.path, "RAY_USAGE_STATS_ENABLED": "0"}
        log = open(self.job.folder / "ray.log", "wb")
        self.addCleanup(log.close)
        head = subprocess.Popen(
            [
                BIN / "ray", "start", "--head", "--block", "--num-cpus=4", f"--port={port}",
                "--node-ip-address=127.0.0.1", "--include-dashboard=false",
                f"--temp-dir={self.job.folder}/ray",
            ],  # fmt: skip
            env=environment, cwd=self.job.folder, stdout=log, stderr=log,
        )  # fmt: skip

        def end():
            head.terminate()
            head.wait(60)

        self.addCleanup(end)
        status = [BIN / "ray", "status", f"--address=127.0.0.1:{port}"]
        wait_until(lambda: subprocess.run(status, capture_output=True).returncode == 0, head)
        work = self.work("r", BIN / "python", ENGINES / "ray_job.py", "list.txt", "r", "8",
                         RAY_ADDRESS=f"127.0.0.1:{port}")  # fmt: skip
        self.job.run_and_kill("Ray, four workers", work, "r", ancestor("ray::"))

    def test_spark(self):
        self.need("java", "spark-submit")
        work = self.work(
            "s", BIN / "spark-submit", "--master", "local-cluster[4,1,1024]", ENGINES / "spark.py",
            "list.txt", "s", "8",
            PYSPARK_PYTHON=str(BIN / "python"), SPARK_LOCAL_IP="127.0.0.1",
        )  # fmt: skip
        self.job.run_and_kill("Spark, local-cluster of four executors", work, "s", ancestor("java"))

    def test_the_command_of_the_kubernetes_manifest(self):
        command, count = manifest_command()
        self.addCleanup(shutil.rmtree, self.job.folder / "k", True)
        environment = {"LIST": "list.txt", "OUT": "k"}

        def pod(index):
            """What a Job does with an index: again, three times at most, until it ends with 0."""
            for left in (3, 2, 1, 0):
                try:
                    return self.job.run(["/bin/sh", "-c", command],
                                        JOB_COMPLETION_INDEX=str(index), **environment)  # fmt: skip
                except AssertionError:
                    if left == 0:
                        raise

        def work():
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(pod, range(count)))
            self.merge("k")

        if not SLOW:  # too few pictures to die between
            work()
            return self.job.compare("k")
        self.validate_manifest()
        self.job.run_and_kill("Kubernetes: the manifest's command, no cluster", work, "k")

    def test_pictures_in_a_bucket(self):
        self.need("rclone", "moto_server", "aws")
        port = free_ports(1)[0]
        server = subprocess.Popen(
            [BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        where = f"http://127.0.0.1:{port}"
        # One server for both clients, with keys that mean nothing.
        keys = {
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CA_BUNDLE": None,  # rclone's client fails over one
            "AWS_ENDPOINT_URL": where,
            "RCLONE_CONFIG_S3_TYPE": "s3",
            "RCLONE_CONFIG_S3_PROVIDER": "Other",
            "RCLONE_CONFIG_S3_ENV_AUTH": "true",
            "RCLONE_CONFIG_S3_ENDPOINT": where,
            "RCLONE_CONFIG": "/dev/null",
            "PATH": f"{self.job.path}:{BIN}",
        }
        wait_until(lambda: not self.job.fails(["aws", "s3", "mb", "s3://photos"], **keys), server)
        self.job.run(["aws", "s3", "mb", "s3://made"], **keys)
        self.job.run(["rclone", "copy", "--transfers", "8", ".", "s3:photos", "--include",
                      "/photos/**"], **keys)  # fmt: skip
        head = (ENGINES / "s3_part.sh").read_text(encoding="utf-8")
        listing = re.search(r"^#   (rclone lsf .*) > list.txt$", head, re.M).group(1)
        listed = self.job.run(["bash", "-c", listing], **keys)
        self.assertEqual(listed, self.job.list.read_text())

        def part(i):
            """As any engine: again where it died."""
            command = [ENGINES / "s3_part.sh", "list.txt", "s3:photos", "s3:made", str(i), "8"]
            if self.job.fails(command, TMPDIR=str(self.scratch), **keys):
                self.job.run(command, TMPDIR=str(self.scratch), **keys)

        def work():
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(part, range(1, 9)))
            self.job.run(["rclone", "copy", "s3:made", "b"], **keys)
            self.merge("b")

        self.scratch = self.job.folder / "scratch"
        self.scratch.mkdir()
        self.addCleanup(shutil.rmtree, self.scratch, True)
        self.addCleanup(shutil.rmtree, self.job.folder / "b", True)
        self.job.run_and_kill("S3 (moto_server, rclone), four shells", work, "b", died="scratch")
        # A tar in a bucket, through a pipe: README's command.
        self.job.run(["bash", "-ec", "tar --sort=name -cf - photos | aws s3 cp - s3://made/photos.tar"],
                     **keys)  # fmt: skip
        text = (ENGINES / "README.md").read_text(encoding="utf-8")
        line = re.search(r"^ +(aws s3 cp .* \| imnorm stats - .*)$", text, re.M).group(1)
        self.job.run(["bash", "-c", line], code=1, **keys)
        self.job.run(["imnorm", "stats", "photos", "-o", "folder.json", "-q"], code=1)
        exact = [json.loads((self.job.folder / name).read_text())["exact"]
                 for name in ("stats.json", "folder.json")]  # fmt: skip
        for one in exact:
            one.pop("list", None)
        self.assertEqual(*exact)

    def merge(self, out):
        """As README says it for recipes that do not merge by themselves."""
        text = (ENGINES / "README.md").read_text(encoding="utf-8")
        lines = re.findall(r"^    (imnorm merge out/.*)$", text, re.M)
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.job.run(["bash", "-c", line.replace("out/", f"{out}/")], code=1)

    def validate_manifest(self):
        import kubernetes_validate
        import yaml

        manifest = yaml.safe_load((ENGINES / "indexed-job.yaml").read_text(encoding="utf-8"))
        container = manifest["spec"]["template"]["spec"]["containers"][0]
        self.assertEqual(container["command"][2], manifest_command()[0])
        kubernetes_validate.validate(manifest, "1.33", strict=True)


if __name__ == "__main__":
    unittest.main()
