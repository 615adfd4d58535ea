"""Whichever system call fails, and how: a run ends with its whole result, or says what it could not
do and why, and leaves nothing behind."""

import re
import shutil
import subprocess
import sys
import unittest

from fault_jobs import JOBS, SANITIZED, Faults
from imnorm_test import SLOW, binary

# The errors that each call may meet on a disk, a network file system or a system short of something.
ERRORS = {
    "openat": "EIO EACCES EMFILE ENFILE ENOMEM EINTR ENOSPC EDQUOT EROFS ESTALE",
    "read": "EIO EINTR ENOMEM ESTALE",
    "pread64": "EIO EINTR ENOMEM ESTALE",
    "write": "ENOSPC EIO EINTR EAGAIN EDQUOT",
    "pwrite64": "ENOSPC EDQUOT EIO EINTR ENOMEM EFBIG ESTALE",
    "mmap": "ENOMEM",
    "fsync": "EIO ENOSPC EDQUOT EINTR ESTALE",
    "rename": "EIO EACCES ENOSPC EROFS ESTALE",
    "renameat2": "EIO EACCES ENOSPC EROFS ESTALE EINVAL ENOSYS",
    "unlink": "EIO EACCES EROFS ESTALE",
    "ftruncate": "EIO ENOSPC EINTR EROFS",
    "fallocate": "ENOSPC EDQUOT EOPNOTSUPP EINTR EFBIG EIO",
    "newfstatat": "EIO ENOMEM EACCES ESTALE",
    "getdents64": "EIO ENOMEM ESTALE EINTR",
    "close": "EIO EINTR ENOSPC EDQUOT",
    "mkdir": "EIO EACCES ENOSPC EROFS EDQUOT",
    "flock": "EINTR ENOLCK EOPNOTSUPP EIO",
    "fcntl": "EMFILE EIO",
    "fchmod": "EPERM EIO EROFS ENOSPC",
    "readlink": "EIO EACCES ESTALE",
    "poll": "EINTR ENOMEM",
    "lseek": "EIO",
}
# A call that is interrupted for ever is made for ever.
NOT_FOR_EVER = {"EINTR", "EAGAIN"}
# What only a file that is made meets.
OF_NEW_FILES = {"ENOSPC", "EDQUOT", "EROFS"}
LINE = re.compile(r"^\d+ +(\w+)\((.*)")
# Names in quotes, those of descriptors, and what renames have.
NAMES = re.compile(r'"((?:[^"\\]|\\.)*)"|\d+<([^>]*)>')


def paths_of(call, arguments):
    """The files that a traced call is about."""
    names = [a or b for a, b in NAMES.findall(arguments.split(") = ")[0])]
    if call in ("read", "pread64", "write", "pwrite64"):
        names = names[:1]
    names = ["stdout" if name.startswith("pipe:") else name for name in names]
    return [name.removesuffix(" (deleted)") for name in names if name]


def traces():
    """Whether strace may look into processes here."""
    if not shutil.which("strace"):
        return False
    looked = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True)
    return looked.returncode == 0


class Calls(Faults):
    def strace(self, calls, *more):
        return ["strace", "-f", "-qq", "-y", "-s", "200", "-o", self.trace, f"--trace={calls}",
                "--seccomp-bpf", *more]  # fmt: skip

    def setUp(self):
        super().setUp()
        self.trace = str(self.folder / "trace")
        if not traces():
            print("NOTHING WAS TRIED: strace is missing or may not trace", file=sys.stderr)
            self.skipTest("strace is missing or may not trace")

    def calls_of(self, job):
        """{call: (those before main, all)} of an undisturbed run, each as strace prints it."""
        self.prepare(job)
        self.execute(self.command(job), before=self.strace("file,desc,memory,poll"))
        counts, begun = {}, False
        with open(self.trace) as lines:
            for line in lines:
                found = LINE.match(line)
                if not found:
                    continue
                call = found.group(1)
                begun = begun or (call == "fcntl" and "F_GETFD" in line)  # main looks at the streams
                early, late = counts.setdefault(call, ([], []))
                if not begun:
                    early.append(line)
                late.append(line)
        return counts

    def places(self, call, error, early, late):
        """Which calls fail: `N` one, `N+` that and all after it."""
        every = [
            number
            for number in range(len(early) + 1, len(late) + 1)
            if call != "openat" or error not in OF_NEW_FILES or "O_CREAT" in late[number - 1]
        ]
        if not SLOW and every:
            every = sorted({every[0], every[len(every) // 2], every[-1]})
        yield from (str(n) for n in every)
        if every and error not in NOT_FOR_EVER:
            yield from sorted({f"{every[0]}+", f"{every[len(every) // 2]}+"})

    def inject(self, job, call, error, place):
        self.prepare(job)
        result = self.execute(
            self.command(job),
            before=self.strace(call, f"--inject={call}:error={error}:when={place}"),
        )
        with open(self.trace, errors="replace") as lines:
            injected = [line for line in lines if "(INJECTED)" in line and LINE.match(line)]
        if not injected:
            return
        paths = [p for line in injected for p in paths_of(call, LINE.match(line).group(2))]
        # What cannot be said on stderr is not said.
        dumb = any(" write(2<" in line for line in injected)
        verdict = self.judge(job, result, [] if dumb else [error], [] if dumb else paths)
        self.count(verdict, f"{job} {call} {error} {place} {paths[:2]}")

    def battery(self, jobs, calls=None):
        for job in jobs:
            for call, (early, late) in sorted(self.calls_of(job).items()):
                if call not in (calls or ERRORS):
                    continue
                for error in ERRORS[call].split():
                    for place in self.places(call, error, early, late):
                        self.inject(job, call, error, place)
        self.close_count("calls that fail")

    @unittest.skipUnless(SLOW, "minutes")
    @unittest.skipIf(SANITIZED, "sanitizers make calls of their own")
    def test_any_call_of_any_run(self):
        # strace lets no call through that it makes fail: pipes between processes would stay open.
        self.battery([job for job in JOBS if job.name != "isolate"])

    @unittest.skipIf(SANITIZED, "sanitizers make calls of their own")
    def test_some_calls_of_two_runs(self):
        chosen = [job for job in JOBS if job.name in ("stats", "npy_force")]
        self.battery(chosen, ["fsync", "renameat2", "rename", "unlink", "pwrite64"])


if __name__ == "__main__":
    unittest.main()
