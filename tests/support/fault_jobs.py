"""Small runs of every kind, what they make undisturbed, and the judge of what they do when the system
fails them."""

import errno
import os
import re
import shutil
import signal
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from imnorm_test import DONE, NOT_DONE, SOME_FAILED, ImnormTest, binary, jpeg, pixels, sanitized
from PIL import Image

PLAN = ["--resize", "8x6", "--mean", "0.5,0.4,0.3", "--std", "0.25"]
SANITIZED = sanitized()
# No run here takes a second by itself.
BOUND = 60
# What a file of the input may be blamed for. Of all else the system has too little, or it is the
# output's.
OF_AN_INPUT = {"EIO", "EACCES", "ESTALE", "EROFS", "EPERM"}
OF_A_FOLDER = "is under its name, which a power failure may undo"
# Words for what the system has too little of.
SHORTAGES = {"ENOMEM": "no memory left|cannot map|failed to map|Out of memory|No memory|cannot create shared object"}


@dataclass
class Job:
    """A command line in the folder of outputs; IN is that of the inputs."""

    name: str
    command: list
    older: list = field(default_factory=list)  # commands whose files stand already
    keeps: bool = False  # what is done stays for the next run after an error
    shards: bool = False  # each is whole by itself

    def __str__(self):
        return self.name


JOBS = [
    Job("stats", ["stats", "IN/p", "-o", "s.json", "--per-image", "r.csv"]),
    Job("stats_stdout", ["stats", "IN/p"]),
    Job("stats_until", ["stats", "IN/p", "--until", "0.5", "-o", "s.json", "--per-image", "r.jsonl"]),
    Job("stats_tar", ["stats", "IN/t.tar", "-o", "s.json"]),
    Job("stats_list", ["stats", "--files-from", "IN/list", "-o", "s.csv", "--write-checksums", "sums"]),
    Job("npy", ["normalize", "IN/p", *PLAN, "-o", "x.npy"]),
    Job(
        "npy_force",
        ["normalize", "IN/p", *PLAN, "-o", "x.npy", "--force"],
        older=[["normalize", "IN/p", "--resize", "7x5", "--preset", "half", "-o", "x.npy"]],
    ),
    Job("npy_resume", ["normalize", "IN/p", *PLAN, "-o", "x.npy", "--resume"], keeps=True),
    Job("npy_tar", ["normalize", "IN/t.tar", *PLAN, "-o", "x.npy"]),
    Job("npy_auto", ["normalize", "IN/p", "--resize", "8x6", "--stats", "auto", "-o", "x.npy"]),
    Job("isolate", ["normalize", "IN/p", *PLAN, "--isolate", "-o", "x.npy"]),
    Job("npz", ["normalize", "IN/p", *PLAN, "-o", "x.npz"]),
    Job("safetensors", ["normalize", "IN/p", *PLAN, "-o", "x.safetensors"]),
    Job("raw", ["normalize", "IN/p", *PLAN, "-o", "x.raw", "--manifest", "m.json"]),
    Job("pipe", ["normalize", "IN/p", *PLAN, "--format", "raw", "-o", "-", "--manifest", "m.json"]),
    Job(
        "wds_shards",
        ["normalize", "IN/p", *PLAN, "-o", "x.tar", "--shard-size", "2"],
        shards=True,
    ),
    Job(
        "shards_force",
        ["normalize", "IN/p", *PLAN, "-o", "x.npy", "--shard-size", "2", "--force"],
        older=[["normalize", "IN/p", "--preset", "half", "-o", "x.npy", "--shard-size", "1"]],
        shards=True,
    ),
    Job(
        "batch",
        ["normalize", "IN/p", "--resize", "8x6", "--method", "batch", "--batch-size", "2",
         "--report-norm", "n.json", "--state-out", "s.safetensors", "-o", "x.npy"],
    ),
    Job("verify", ["verify", "IN/p", "--emit", "json"]),
    Job("compare", ["compare", "IN/a.npy", "IN/b.npy"]),
    Job("merge", ["merge", "IN/1.json", "IN/2.json", "-o", "m.json"]),
]  # fmt: skip


def shim(folder, source):
    """The environment in which a program has a library of these functions in front of the system's."""
    text, library = folder / "shim.c", folder / "shim.so"
    text.write_text(source)
    subprocess.run(
        ["g++", "-x", "c", "-O1", "-shared", "-fPIC", "-o", library, text, "-ldl"], check=True
    )
    return {
        "LD_PRELOAD": str(library),
        "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0",
    }


class Verdict(str):
    """What became of a run; a bad one says why."""

    @property
    def bad(self):
        return self.startswith("bad")


class Faults(ImnormTest):
    """Runs jobs undisturbed once and disturbed often, and counts."""

    @classmethod
    def setUpClass(cls):
        cls.home = Path(tempfile.mkdtemp(prefix="imnorm-faults-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, True)
        cls.inputs = cls.home / "in"
        cls.make_inputs(cls.inputs)
        cls.whole = {}

    @classmethod
    def make_inputs(cls, inputs):
        picture = Image.fromarray(pixels(40, 30, 7))
        for name in ("a", "b"):
            (inputs / "p" / name).mkdir(parents=True)
        (inputs / "p/a/0.jpg").write_bytes(jpeg(40, 30, seed=1))
        (inputs / "p/a/1.jpg").write_bytes(jpeg(30, 40, seed=2, progressive=True))
        picture.save(inputs / "p/a/2.png")
        picture.save(inputs / "p/b/3.webp")
        picture.save(inputs / "p/b/4.bmp")
        with tarfile.open(inputs / "t.tar", "w") as tar:
            tar.add(inputs / "p", "p")
        (inputs / "list").write_text("".join(f"{p}\n" for p in sorted(inputs.glob("p/*/*"))))
        for command in (
            ["stats", "p", "--shard", "1/2", "-o", "1.json"],
            ["stats", "p", "--shard", "2/2", "-o", "2.json"],
            ["normalize", "p", *PLAN, "-o", "a.npy"],
            ["normalize", "p", *PLAN[:2], "--preset", "half", "-o", "b.npy"],
        ):
            subprocess.run([binary(), *command], cwd=inputs, capture_output=True, check=True)

    def setUp(self):
        super().setUp()
        self.work, self.temporary = self.folder / "work", self.folder / "tmp"
        self.work.mkdir()
        self.temporary.mkdir()
        self.verdicts = {}
        self.bad = []

    def files(self):
        """{name: bytes} of all that stands in the folder of outputs, and beside it where temporary
        files go."""
        there = {}
        for root in (self.work, self.temporary):
            for path in sorted(root.rglob("*")):
                name = str(path.relative_to(root)) if root == self.work else str(path)
                there[name] = path.read_bytes() if path.is_file() else None
        return there

    def clear(self, stored=None):
        for root in (self.work, self.temporary):
            for path in root.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name, data in (stored or {}).items():
            (self.work / name).write_bytes(data)

    def command(self, job, threads=1):
        plain = [str(a).replace("IN/", f"{self.inputs}/") for a in job.command]
        spread = job.command[0] in ("stats", "normalize", "verify")
        return [binary(), *plain, *(["-j", str(threads)] if spread else [])]

    def execute(self, command, before=(), environment=None, **options):
        """Runs to the end, or to BOUND: then the exit code is None."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                   **options}  # fmt: skip
        process = subprocess.Popen(
            [*before, *command],
            cwd=self.work,
            env={**os.environ, "TMPDIR": str(self.temporary), **(environment or {})},
            start_new_session=True,
            **options,
        )
        try:
            stdout, stderr = process.communicate(timeout=BOUND)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            code = None
        return code, stdout or b"", (stderr or b"").decode(errors="replace")

    def prepare(self, job):
        """The files that stand before the run, and those and the words of an undisturbed one."""
        if job.name not in self.whole:
            self.clear()
            for older in job.older:
                code, _, told = self.execute(self.command(Job("older", older)))
                self.assertEqual(code, DONE, told)
            stored = self.files()
            code, stdout, told = self.execute(self.command(job))
            self.assertIn(code, (DONE, SOME_FAILED), told)
            self.whole[job.name] = (stored, code, stdout, self.files())
        self.clear(self.whole[job.name][0])
        return self.whole[job.name]

    def judge(self, job, result, errors=(), paths=()):
        """Whether a run came to the whole result, or to none and said why: which of `errors`, and
        where one of `paths` is known, of what."""
        stored, whole_code, whole_stdout, whole = self.whole[job.name]
        code, stdout, told = result
        there = self.files()
        if code is None:
            return Verdict(f"bad: not done after {BOUND} s")
        if code < 0 or code > NOT_DONE:
            return Verdict(f"bad: exit code {code}: {told[-300:]}")
        if code == whole_code and stdout == whole_stdout:
            wrong = sorted(n for n in {*there, *whole} if there.get(n, 0) != whole.get(n, 0))
            left = [n for n in wrong if n not in whole]
            if not wrong:
                return Verdict("same")
            if left == wrong and all(name in told for name in left):
                return Verdict("same, and what is left is named")
            return Verdict(f"bad: exit code {code} with other files: {wrong}: {told[-300:]}")
        if code == SOME_FAILED:
            if not OF_AN_INPUT.intersection(errors):
                return Verdict(f"bad: an input is blamed for {errors}: {told[-300:]}")
            # What verify finds goes to stdout, its reasons with it.
            told += stdout.decode(errors="replace") if job.name == "verify" else ""
            return self.judge_reason(told, errors, paths) or Verdict("an input failed")
        if code != NOT_DONE:
            return Verdict(f"bad: exit code {code}: {told[-300:]}")
        if job.keeps:
            there = {n: data for n, data in there.items() if not n.endswith(".partial")}
        there = {n: data for n, data in there.items() if f"{n}: is left" not in told}
        if OF_A_FOLDER in told and self.is_whole(there, whole, told):
            return Verdict("whole, but the folder could not be synced")
        wrong = [n for n in {*there, *stored} if there.get(n, 0) != stored.get(n, 0)]
        if job.shards:
            # Where inputs failed, too, shards are those of what was left.
            made = [n for n in wrong if self.is_shard(n) and (": i/o: " in told or there.get(n, 0) == whole.get(n, 0))]
            wrong = [n for n in wrong if n not in made]
        # Of an older output nothing may speak that is not said to be gone.
        wrong = [n for n in wrong if n in there or not re.search(f"gone:.*{n}|{n}.*: (is )?removed", told)]
        wrong = [n for n in wrong if f"{n} is new" not in told or there[n] != whole[n]]
        if wrong:
            return Verdict(f"bad: exit code 3 and {sorted(wrong)} changed: {told[-300:]}")
        return self.judge_reason(told, errors, paths) or Verdict("not done")

    @staticmethod
    def is_whole(there, whole, told):
        """Whether all stands; where inputs failed, too, the files are those of what was left."""
        if ": i/o: " in told:
            return sorted(there) == sorted(whole)
        return there == whole

    @staticmethod
    def is_shard(name):
        return re.fullmatch(r"x-\d+\.(tar|npy)(\.done)?", name)

    @staticmethod
    def judge_reason(told, errors, paths):
        words = [os.strerror(getattr(errno, e)) for e in errors]
        words += [word for e in errors if e in SHORTAGES for word in SHORTAGES[e].split("|")]
        if words and not any(word in told for word in words):
            return Verdict(f"bad: no reason ({words}) in: {told[-300:]}")
        # A file is known by its name, whatever is put behind it until it is whole.
        # A file without a name is known by its folder.
        paths = [p for p in paths if not p.startswith("/proc/")]
        unnamed = any(os.path.basename(p).startswith("#") for p in paths)
        paths = [os.path.dirname(p) if os.path.basename(p).startswith("#") else p for p in paths]
        names = [os.path.basename(p.rstrip("/")).removesuffix(".partial") for p in paths]
        names = [name.split(".so")[0] for name in names]
        told_of = any(name and name in told for name in names) or "the folder . cannot" in told
        told_of = told_of or (unnamed and ".: temporary file" in told)
        if any(names) and not told_of:
            return Verdict(f"bad: none of {paths} in: {told[-300:]}")
        return None

    def count(self, verdict, told):
        verdict = Verdict(verdict)
        kind = verdict.split(":")[0]
        self.verdicts[kind] = self.verdicts.get(kind, 0) + 1
        if verdict.bad:
            self.bad.append(f"{told}: {verdict}")
            print(self.bad[-1], flush=True)

    def close_count(self, what):
        """Says how many were tried and how many failed; those fail the test."""
        tried = sum(self.verdicts.values())
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.verdicts.items()))
        print(f"{what}: {tried} tried, {len(self.bad)} failed ({kinds})", flush=True)
        self.assertGreater(tried, 0)
        self.assertEqual(len(self.bad), 0, "see above")
