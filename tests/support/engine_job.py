"""A job for the recipes of examples/engines: pictures, what one run makes of them, the death of a
worker in the middle, and the comparison of what comes out with that one run."""

import json
import os
import signal
import subprocess
import threading
from pathlib import Path

import numpy as np
from PIL import Image

from imnorm_test import SOURCE, binary, manifest_of

ENGINES = SOURCE / "examples/engines"
PLAN = ["--preset", "imagenet"]


def write_photos(folder, count):
    """Pictures of soft colours in four classes, and two that cannot be read. Returns their list."""
    for i in range(count):
        rng = np.random.default_rng(i)
        colours = Image.fromarray(rng.integers(0, 256, (12, 16, 3), np.uint8))
        path = folder / "photos" / "abcd"[i % 4] / f"{i:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        if i in (count // 3, count // 2):
            path.write_bytes(b"\xff\xd8\xff\xe0 a download that broke off")
        else:
            colours.resize((800, 600), Image.BICUBIC).save(path, quality=90)
    paths = sorted(str(path.relative_to(folder)) for path in folder.glob("photos/*/*.jpg"))
    (folder / "list.txt").write_text("".join(f"{path}\n" for path in paths))
    return folder / "list.txt"


def process_that_writes(tensor):
    """The id of the imnorm whose output is named so, or None."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"normalize" in words and os.path.basename(words[0]) == b"imnorm":
            outputs = [word for word in words if os.fsdecode(os.path.basename(word)) == tensor]
            if outputs:
                return int(folder.name)
    return None


def parent_of(pid):
    """(parent, name of the parent)"""
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return parent, Path(f"/proc/{parent}/comm").read_text().strip()


def ancestor(*names):
    """Whom to kill: the nearest process above imnorm that is called so."""

    def find(pid):
        while pid > 1:
            pid, name = parent_of(pid)
            if name.startswith(names):
                return pid
        raise AssertionError(f"no {names} above imnorm")

    return find


class Death(threading.Thread):
    """Kills one worker when its imnorm has done some of the rows of a part, and not all of them."""

    def __init__(self, folder, victim=lambda pid: pid):
        super().__init__(daemon=True)
        self.folder, self.victim = Path(folder), victim
        self.over, self.error = threading.Event(), None
        self.rows = self.tensor = None  # of the part that was killed, where it was

    def run(self):
        try:
            while self.rows is None and not self.over.wait(0.002):
                for journal in self.folder.rglob("*.journal.partial"):
                    self.kill(journal)
        except Exception as error:  # shown where the thread is joined
            self.error = error

    def kill(self, journal):
        try:
            rows = journal.read_bytes().count(b"\n")
        except FileNotFoundError:
            return  # it was done just now
        tensor = journal.with_name(journal.name.removesuffix(".journal.partial"))
        if rows < 60 or self.rows is not None:
            return
        pid = process_that_writes(tensor.name)
        if pid is None:
            return
        os.kill(pid, signal.SIGSTOP)  # it goes no further while we look for whom to kill
        if journal.exists() and not tensor.exists():
            self.rows, self.tensor = journal.read_bytes().count(b"\n"), tensor.name
            os.kill(self.victim(pid), signal.SIGKILL)
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            pass  # it was the victim, or died with it

    def end(self):
        self.over.set()
        self.join()
        if self.error:
            raise self.error
        if self.rows is None:
            raise AssertionError("nothing was killed: the job was over too soon")


class Job:
    """`count` pictures in a folder and what a single run makes of them."""

    def __init__(self, folder, count):
        self.folder, self.count = folder, count
        self.list = write_photos(folder, count)
        tools = folder / "bin"
        tools.mkdir()
        (tools / "imnorm").symlink_to(Path(binary()).resolve())
        self.path = f"{tools}:{os.environ['PATH']}"
        self.start()
        self.run(["imnorm", "stats", "--files-from", "list.txt", "-o", "one.json", "-q"], code=1)
        self.run(
            ["imnorm", "normalize", "--files-from", "list.txt", *PLAN, "-o", "one.npy", "-q"],
            code=1,
        )
        self.seconds = self.seconds_until("one.npy.manifest.json")
        self.table = []

    def start(self):
        """A job begins now: figures are the time from this file's making to that of a later one."""
        (self.folder / "start").write_bytes(b"")

    def seconds_until(self, name):
        ends = [(self.folder / file).stat().st_mtime for file in ("start", name)]
        return ends[1] - ends[0]

    def run(self, command, code=0, timeout=600, **environment):
        """Runs a command in the folder, with imnorm in its PATH. None takes a variable away."""
        variables = {**os.environ, "PATH": self.path, **environment}
        done = subprocess.run(
            [os.fspath(word) for word in command],
            cwd=self.folder,
            env={name: value for name, value in variables.items() if value is not None},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
        )
        if done.returncode != code:
            raise AssertionError(
                f"{command} ended with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
            )
        return done.stdout

    def fails(self, command, **environment):
        """Whether a command ends with anything but 0."""
        try:
            self.run(command, **environment)
        except AssertionError:
            return True
        return False

    def run_and_kill(self, engine, work, out, victim=lambda pid: pid, died=None):
        """Runs an engine's job while one of its workers dies, whose files are in `died`, else `out`;
        what it made must be the one run's."""
        death = Death(self.folder / (died or out), victim)
        death.start()
        self.start()
        try:
            work()
        finally:
            death.over.set()
        death.end()
        self.compare(out)
        # Until the last file was there: sbatch --wait, for one, looks half a minute later.
        seconds = self.seconds_until(f"{out}/manifest.json")
        self.table.append((engine, seconds, death.tensor, death.rows))

    def compare(self, out):
        """Statistics byte for byte, every row of every part, and the manifest's account of each."""
        out = self.folder / out
        if (out / "stats.json").read_bytes() != (self.folder / "one.json").read_bytes():
            raise AssertionError("the merged statistics are not those of one run")
        whole = np.load(self.folder / "one.npy", mmap_mode="r")
        manifest = json.loads((out / "manifest.json").read_bytes())
        one = manifest_of(self.folder / "one.npy")
        for key in ("items", "plan", "list_hash", "rows", "failed"):
            if manifest[key] != one[key]:
                raise AssertionError(f"the merged manifest has other {key} than one run's")
        first = 0
        for shard in manifest["shards"]:
            part = np.load(out / shard["path"], mmap_mode="r")
            if part.tobytes() != whole[first : first + len(part)].tobytes():
                raise AssertionError(f"{shard['path']} is not rows {first} and on of one run")
            first += len(part)
        if first != len(whole) or first != self.count - 2:
            raise AssertionError(f"{first} rows in place of {len(whole)}")

    def report(self):
        """The figures, as Markdown."""
        lines = ["| engine | seconds | killed |", "|---|---|---|"]
        lines.append(f"| none: one run, one process | {self.seconds:.1f} | |")
        for engine, seconds, tensor, rows in self.table:
            lines.append(f"| {engine} | {seconds:.1f} | {tensor} at row {rows} |")
        return "\n".join(lines)
