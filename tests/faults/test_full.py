"""Full disks, quotas, closed and broken streams, few descriptors, little address space: a run ends with
its whole result, or says what there is too little of, and leaves nothing behind."""

import os
import resource
import subprocess
import sys
import unittest
from dataclasses import replace

from fault_jobs import JOBS, SANITIZED, Faults, Job, Verdict
from imnorm_test import NOT_DONE, SLOW, binary

# Runs of some hundred kilobytes: SIDE by SIDE pictures.
SIDE = "64x64"
LARGE = [
    Job(job.name, [SIDE if a == "8x6" else a for a in job.command], job.older, job.keeps, job.shards)
    for job in JOBS
]
# Mounts a small file system where the run works, and brings what is left there into $2.
INSIDE = """
mount -t tmpfs -o "$1" small "$2" || exit 99
cd "$2" && shift 2
kept=$1 && shift
"$@"
code=$?
cp -a . "$kept"
exit $code
"""


def namespace():
    """What a command is put behind to have mounts of its own; none where that may not be."""
    for user in ([], ["--map-root-user"]):
        before = ["unshare", *user, "--mount", "sh", "-c"]
        looked = subprocess.run(
            [*before, "mount -t tmpfs -o size=4k small /mnt"], capture_output=True
        )
        if looked.returncode == 0:
            return before
    return None


class Full(Faults):
    def sizes(self, last, step):
        return range(step, last, step) if SLOW else range(step, last, (last // step // 8) * step)

    def chosen(self):
        names = ("stats", "npy", "npz", "wds_shards", "batch")
        return [job for job in LARGE if SLOW or job.name in names]

    def judge_limit(self, job, result, words, told):
        """A run under a limit: whole, or not done with one of the words for the reason."""
        verdict = self.judge(job, result)
        if verdict == "not done" and not any(word in result[2] for word in words):
            verdict = Verdict(f"bad: no reason in {result[2][-300:]!r}")
        if verdict == "an input failed":
            verdict = Verdict(f"bad: an input is blamed: {result[2][-300:]!r}")
        self.count(verdict, f"{job} {told}")

    def test_a_full_disk(self):
        before = namespace()
        if before is None:
            print("NO FULL DISK WAS TRIED: no tmpfs can be mounted here", file=sys.stderr)
            self.skipTest("no tmpfs can be mounted here")
        disk = self.folder / "disk"
        disk.mkdir()
        for job in self.chosen():
            if job.older or job.name in ("pipe", "verify", "compare", "stats_stdout"):
                continue  # the disk is to be empty at first, and written to
            options = [f"size={size}k" for size in self.sizes(320, 4)]
            options += [f"size=1m,nr_inodes={number}" for number in range(1, 9)]
            for option in options:
                self.prepare(job)
                mounted = [*before, INSIDE, "sh", option, str(disk), str(self.work)]
                result = self.execute(self.command(job), before=mounted)
                self.assertNotEqual(result[0], 99, result[2])
                self.judge_limit(job, result, ["No space left on device"], option)
        self.close_count("full disks")

    def limited(self, job, which, value, words):
        self.prepare(job)
        limit = {"preexec_fn": lambda: resource.setrlimit(which, (value, value))}
        if self.execute([binary(), "--version"], **limit, stdout=subprocess.DEVNULL)[0] != 0:
            return  # the system cannot start it
        result = self.execute(self.command(job, threads=4), **limit)
        self.judge_limit(job, result, words, f"limit {which} = {value}")

    def test_a_quota_of_bytes_a_file(self):
        for job in self.chosen():
            for size in (0, 1, 100, *(n * 1024 for n in self.sizes(280, 8))):
                self.limited(job, resource.RLIMIT_FSIZE, size, ["File too large"])
        self.close_count("quotas of bytes a file")

    @unittest.skipIf(SANITIZED, "a sanitizer's runtime opens files of its own")
    def test_few_descriptors(self):
        for job in self.chosen():
            for number in range(4, 20):
                words = ["Too many open files", "ulimit -n"]
                self.limited(job, resource.RLIMIT_NOFILE, number, words)
        self.close_count("few descriptors")

    @unittest.skipIf(SANITIZED, "sanitizers reserve terabytes")
    def test_little_address_space(self):
        words = ["no memory left", "Cannot allocate memory", "failed to map", "cannot map", "cannot create"]
        step = 1 if SLOW else 6
        for job in self.chosen():
            if job.command[0] in ("stats", "normalize", "verify"):  # else it follows the limit
                job = replace(job, command=[*job.command, "--memory", "64M"])
            for number in range(4, 64, step):
                self.limited(job, resource.RLIMIT_AS, number << 20, words)
        self.close_count("little address space")

    def test_full_devices_and_broken_pipes(self):
        for job in self.chosen():
            for name, told in (("stdout", "stdout"), ("stderr", "")):
                self.prepare(job)
                with open("/dev/full", "wb") as full:
                    result = self.execute(self.command(job), **{name: full})
                self.judge_stream(job, result, name, told)
                self.prepare(job)
                reader, writer = os.pipe()
                os.close(reader)
                result = self.execute(self.command(job), **{name: writer})
                os.close(writer)
                self.judge_stream(job, result, f"broken {name}", "")
        self.close_count("full devices and broken pipes")

    def judge_stream(self, job, result, what, told):
        code, stdout, said = result
        prints = bool(self.whole[job.name][2])
        if code == NOT_DONE and told in said and ("stdout" in what) and prints:
            verdict = Verdict("not done")
        elif "stdout" in what and prints and code not in (NOT_DONE, None) and what != "stdout":
            # Nobody reads on: no error, and the files are as they would be.
            verdict = Verdict("quiet" if not said or "picture" in said else f"bad: {said!r}")
        else:
            # What went to the device is not seen here.
            result = (code, self.whole[job.name][2], said) if "stdout" not in what else result
            verdict = self.judge(job, result)
        self.count(verdict, f"{job} {what}")

    def test_closed_streams(self):
        for job in self.chosen():
            for closed in ("<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
                self.prepare(job)
                shell = ["sh", "-c", f'exec "$@" {closed}', "sh"]
                code, stdout, told = self.execute(self.command(job), before=shell)
                prints = bool(self.whole[job.name][2]) and ">&-" in closed.replace("2>&-", "")
                if prints and code == NOT_DONE:
                    verdict = Verdict("not done")
                else:
                    verdict = self.judge(job, (code, stdout, told))
                self.count(verdict, f"{job} {closed}")
        self.close_count("closed streams")


if __name__ == "__main__":
    unittest.main()
