"""Whenever the power fails: under a final name stands nothing, the older file or the whole new one, no
manifest stands beside the tensor of another run, and the run that is done again ends in the same bytes."""

import random
import sys
import unittest

from disk_model import TRACED, Recording
from fault_jobs import JOBS, PLAN, SANITIZED, Faults, Job, Verdict, shim
from imnorm_test import DONE, SLOW, USAGE
from kill_at_a_call import SHIM
from test_calls import traces

OLDER_STATS = ["stats", "IN/p", "--ddof", "1", "-o", "s.json", "--per-image", "r.csv"]
MORE = [
    Job("stats_force", ["stats", "IN/p", "-o", "s.json", "--per-image", "r.csv", "--force"],
        older=[OLDER_STATS]),
    Job("shards", ["normalize", "IN/p", *PLAN, "-o", "x.npz", "--shard-size", "2"]),
    Job("split", ["normalize", "IN/p", *PLAN, "-o", "x.raw", "--split"]),
    Job("merge_force", ["merge", "IN/1.json", "IN/2.json", "-o", "m.json", "--force"],
        older=[["stats", "IN/p", "-o", "m.json"]]),
]  # fmt: skip
WRITES = [job for job in [*JOBS, *MORE] if {"-o", "IN/1.json"} & set(job.command)]
WRITES = [job for job in WRITES if job.name not in ("pipe", "isolate", "npy_tar", "stats_tar")]
# A file that speaks of another.
PAIRS = [("x.npy", "x.npy.manifest.json"), ("s.json", "r.csv"), ("x.npy", "x.npy.classes.json")]


class Power(Faults):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shim = shim(cls.home, SHIM)

    def setUp(self):
        super().setUp()
        if not traces():
            print("NOTHING WAS TRIED: strace is missing or may not trace", file=sys.stderr)
            self.skipTest("strace is missing or may not trace")

    def record(self, job):
        stored, *_ = self.prepare(job)
        trace = str(self.folder / "trace")
        # Time flies, so that short runs note how far they are.
        hurry = [f"-E{name}={value}" for name, value in self.shim.items()] + ["-EIMNORM_HURRY=1"]
        strace = ["strace", "-f", "-qq", "-xx", "-s", "100000000", "-o", trace, *hurry]
        code, _, told = self.execute(self.command(job), before=[*strace, f"--trace={TRACED}"])
        self.assertEqual(code, DONE, told)
        recording = Recording(stored).read(trace)
        whole = self.whole[job.name][3]
        ended = recording.state(len(recording.operations), random.Random(0), "all")
        self.assertEqual({name: data for name, (data, _) in ended.items()}, whole, "the model is wrong")
        return recording, whole

    def fault_of(self, state, stored, whole):
        """What is wrong with what a disk holds, or None."""
        files = {n: data for n, (data, _) in state.items() if not n.endswith(".partial")}
        for name, data in files.items():
            if data not in (stored.get(name), whole.get(name)):
                return f"{name} is neither the old nor the new one ({len(data)} bytes)"
        for main, side in PAIRS:
            if main not in files or side not in files or stored.get(side) == whole.get(side):
                continue
            if (files[main] == whole.get(main)) != (files[side] == whole.get(side)):
                return f"{side} speaks of another {main}"
        return None

    def again(self, job, state, whole):
        """Why the run that is done after the failure does not end in the same bytes, or None."""
        self.clear({name: data for name, (data, _) in state.items()})
        for name, (_, mode) in state.items():
            (self.work / name).chmod(mode)
        command = list(job.command)
        resumable = not job.older and {"--method", "auto", "merge", "s.csv"}.isdisjoint(command)
        if resumable and "--resume" not in command:
            command.append("--resume")
        code, _, told = self.execute(self.command(Job("again", command)))
        files = self.files()
        if code == USAGE and "exists already" in told and not job.older:
            # All of it stands, but the manifest or the classes that came last: said, not overwritten.
            standing = {n: data for n, data in files.items() if not n.endswith(".partial")}
            return None if standing.items() <= whole.items() else f"refused: {told[-200:]}"
        if code != DONE or files != whole:
            wrong = sorted(n for n in {*files, *whole} if files.get(n) != whole.get(n))
            return f"exit code {code}, other files {wrong}: {told[-300:]}"
        return None

    def battery(self, jobs, each, most):
        """`each` states of a way behind each operation, and of all that differ `most` runs."""
        chance = random.Random(7)
        for job in jobs:
            recording, whole = self.record(job)
            stored = self.whole[job.name][0]
            end = len(recording.operations)
            states = {}
            for at in range(end + 1):
                for way, times in (("all", 1), ("least", 1), ("ordered", each), ("loose", each)):
                    for _ in range(times):
                        state = recording.state(at, chance, way)
                        fault = self.fault_of(state, stored, whole)
                        if at == end and {n: d for n, (d, _) in state.items()}.items() < whole.items():
                            fault = "the run was over, and not all of it is on the disk"
                        if fault:
                            self.count(Verdict(f"bad: {fault}"), f"{job} {way} after {at} of {end}")
                        states.setdefault(hash(frozenset(state.items())), (state, f"{way} after {at}"))
            for state, told in chance.sample(list(states.values()), min(most, len(states))):
                fault = self.again(job, state, whole)
                self.count(Verdict(f"bad: {fault}" if fault else "same bytes"), f"{job} {told}")
        self.close_count("disks after a power failure")

    @unittest.skipUnless(SLOW, "minutes")
    def test_any_run(self):
        self.battery(WRITES, 20, 400)

    @unittest.skipIf(SANITIZED, "slow there")
    def test_some_runs(self):
        names = ("stats", "npy_force", "wds_shards")
        self.battery([job for job in WRITES if job.name in names], 2, 20)


if __name__ == "__main__":
    unittest.main()
