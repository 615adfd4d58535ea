"""Kills and signals at any instant, two runs on one output, folders without locks."""

import os
import random
import signal
import subprocess
import time
import unittest

from fault_jobs import JOBS, PLAN, Faults, Job, Verdict, shim
from imnorm_test import DONE, NOT_DONE, SLOW, USAGE, jpeg

# Runs of some tenths of a second.
KILLED = [
    Job("kill_stats", ["stats", "IN/many", "-o", "s.json", "--per-image", "r.csv"]),
    Job("kill_npy", ["normalize", "IN/many", "--resize", "48x48", *PLAN[2:], "-o", "x.npy"]),
    Job("kill_shards", ["normalize", "IN/many", *PLAN, "-o", "x.tar", "--shard-size", "50"], shards=True),
]
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
NO_LOCKS = r"""
#include <errno.h>
#include <stdlib.h>
int flock(int fd, int how) { errno = atoi(getenv("IMNORM_NO_LOCKS")); return -1; }
"""


class Kills(Faults):
    @classmethod
    def make_inputs(cls, inputs):
        super().make_inputs(inputs)
        (inputs / "many").mkdir()
        for i in range(6):
            (inputs / f"many/{i}.jpg").write_bytes(jpeg(400, 300, seed=i))
        for i in range(6, 600):
            os.link(inputs / f"many/{i % 6}.jpg", inputs / f"many/{i}.jpg")

    def strike(self, job, which, after):
        """Starts a run and sends it a signal after so many seconds; its exit code and words."""
        process = subprocess.Popen(
            self.command(job, threads=2),
            cwd=self.work,
            env={**os.environ, "TMPDIR": str(self.temporary)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(after)
        process.send_signal(which)
        stdout, told = process.communicate(timeout=60)
        return process.returncode, stdout, told.decode(errors="replace")

    def judge_struck(self, job, which, result):
        stored, _, _, whole = self.whole[job.name]
        code, _, told = result
        there = self.files()
        final = {name: data for name, data in there.items() if not name.endswith(".partial")}
        wrong = [name for name, data in final.items() if data != whole.get(name, 0)]
        if wrong:
            return Verdict(f"bad: {wrong} under final names: {told[-200:]}")
        if code == DONE:
            left = sorted({*there} ^ {*whole})
            return Verdict(f"bad: done with {left}" if left else "done before")
        if which == signal.SIGKILL:
            return Verdict("killed") if code == -which else Verdict(f"bad: exit code {code}: {told}")
        # Before main a signal does what it does to any program.
        if code not in (CODES[which], -which):
            return Verdict(f"bad: exit code {code}: {told[-200:]}")
        left = [name for name in there if not (job.shards and self.is_shard(name))]
        if left:
            return Verdict(f"bad: stopped, and {left} is left")
        return Verdict("stopped")

    def resume(self, job):
        """Why the run that goes on does not end in the same bytes, or None."""
        code, _, told = self.execute(self.command(Job("again", [*job.command, "--resume"]), 2))
        files, whole = self.files(), self.whole[job.name][3]
        if code == USAGE and "exists already" in told and job.shards:
            # Shards that a stopped run has finished; without its journal none is believed.
            return None
        if code == DONE and files == whole:
            return None
        wrong = sorted(n for n in {*files, *whole} if files.get(n, 0) != whole.get(n, 0))
        return f"exit code {code}, other files {wrong}: {told[-300:]}"

    def battery(self, jobs, times):
        chance = random.Random(11)
        for job in jobs:
            self.prepare(job)
            begun = time.monotonic()
            self.execute(self.command(job, threads=2))
            self.clear()
            self.execute(self.command(job, threads=2))
            seconds = (time.monotonic() - begun) / 2
            for which in (signal.SIGKILL, *CODES):
                for _ in range(times):
                    after = chance.uniform(0, 1.1 * seconds)
                    self.prepare(job)
                    verdict = self.judge_struck(job, which, self.strike(job, which, after))
                    self.count(verdict, f"{job} {which.name} after {after:.3f} s")
                    fault = self.resume(job)
                    if fault:
                        verdict = Verdict(f"bad: resumed: {fault}")
                        self.count(verdict, f"{job} {which.name} after {after:.3f} s")
        self.close_count("kills and signals")

    @unittest.skipUnless(SLOW, "minutes")
    def test_at_a_hundred_instants_each(self):
        self.battery(KILLED, 100)

    def test_at_some_instants(self):
        self.battery(KILLED, 2)

    def test_a_second_run_on_the_same_output_is_refused_and_the_first_is_not_disturbed(self):
        for job in KILLED:
            self.prepare(job)
            for _ in range(20 if SLOW else 2):
                self.prepare(job)
                runs = [
                    subprocess.Popen(
                        self.command(job),
                        cwd=self.work,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.PIPE,
                        text=True,
                    )
                    for _ in range(2)
                ]
                told = [run.communicate(timeout=60)[1] for run in runs]
                codes = sorted(run.returncode for run in runs)
                words = "".join(told)
                verdict = Verdict("one of two")
                if codes[0] != DONE or codes[1] not in (USAGE, NOT_DONE):
                    verdict = Verdict(f"bad: exit codes {codes}: {words[-300:]}")
                elif "another run" not in words and "exists already" not in words:
                    verdict = Verdict(f"bad: no reason: {words[-300:]}")
                elif self.files() != self.whole[job.name][3]:
                    verdict = Verdict(f"bad: other files: {sorted(self.files())}")
                self.count(verdict, f"{job} twice")
        self.close_count("two runs at once")

    def test_a_folder_without_locks_is_said_and_works(self):
        environment = shim(self.folder, NO_LOCKS)
        for job in JOBS:
            if "-o" not in job.command or job.name == "pipe":
                continue
            for error in ("37", "95"):  # ENOLCK, EOPNOTSUPP
                self.prepare(job)
                result = self.execute(
                    self.command(job), environment=environment | {"IMNORM_NO_LOCKS": error}
                )
                verdict = self.judge(job, result)
                if verdict == "same" and "no locks there" not in result[2]:
                    verdict = Verdict(f"bad: not said: {result[2][-200:]}")
                elif verdict != "same":
                    verdict = Verdict(f"bad: {verdict}")
                self.count(verdict, f"{job} without locks")
        self.close_count("folders without locks")


if __name__ == "__main__":
    unittest.main()
