"""Runs over files and folders: pictures, or a tensor, to a tensor file."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from ctypes import byref, c_char_p, c_int, c_void_p, cast, pointer
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Union

from imnorm._library import ON_FAILURE, ON_PROGRESS, STOP, CJob, CResult, c, check, sized
from imnorm.errors import NothingDoneError, class_of
from imnorm.plans import Plan, PlanLike

InputLike = Union[str, "os.PathLike[str]"]
Progress = Union[bool, Callable[[int, int, int], Any], None]


class Failure(NamedTuple):
    """An input that was not done; `code` is the word of manifests."""

    path: str
    code: str
    message: str


@dataclass
class RunResult:
    """What became of a run."""

    path: str
    shape: tuple[int, ...]
    inputs: int
    done: int
    failed: int
    passed_over: int
    seconds: float
    failures: list[Failure] = field(default_factory=list)


class _Bar:
    """Progress as tqdm shows it."""

    def __init__(self) -> None:
        from tqdm.auto import tqdm

        self._bar = tqdm(unit="picture")

    def __call__(self, finished: int, failed: int, total: int) -> None:
        self._bar.total = total
        self._bar.update(finished - self._bar.n)
        if failed:
            self._bar.set_postfix(failed=failed)

    def close(self) -> None:
        self._bar.close()


_SIGNAL_SECONDS = 0.05  # until Python's handlers of signals are asked for, at most


class Run:
    """A job of the library on its way, in a thread beside the one that waits for it.

    The waiting thread runs Python's signal handlers, so Ctrl-C ends the job, which leaves nothing
    behind. An exception of a callback ends it as well, and is raised again.
    """

    def __init__(self, inputs: InputLike | Sequence[InputLike], progress: Progress) -> None:
        if isinstance(inputs, (str, os.PathLike)):
            inputs = [inputs]
        paths = [os.fsencode(path) for path in inputs]
        self.failures: list[Failure] = []
        self.result = sized(CResult)
        self._bar = _Bar() if progress is True else None
        self._progress = self._bar or (progress if callable(progress) else None)
        self._stop = c_int(0)
        self._raised: BaseException | None = None
        self.job = sized(
            CJob,
            inputs=(c_char_p * len(paths))(*paths),
            input_count=len(paths),
            user=cast(pointer(self._stop), c_void_p),
            stop=cast(c.imnorm_stop_if_set, STOP),
            on_failure=ON_FAILURE(self._on_failure),
        )
        if self._progress is not None:
            self.job.on_progress = ON_PROGRESS(self._on_progress)

    def _on_failure(self, _user: Any, path: bytes, code: int, message: bytes) -> None:
        text = message.decode("utf-8", "backslashreplace")
        self.failures.append(Failure(os.fsdecode(path), class_of(code).code, text))

    def _on_progress(self, _user: Any, finished: int, failed: int, total: int) -> None:
        try:
            if self._progress is not None and self._raised is None:
                self._progress(finished, failed, total)
        except BaseException as error:
            self._raised = error
            self._stop.value = 1

    def finish(self, call: Callable[[], int]) -> None:
        """Runs `call`, a function of the library on the job, to its end."""
        outcome: list[BaseException | None] = []
        # The job waits at a gate, so that an interrupt while its thread starts finds none on its
        # way; and not join, which takes an interrupted wait for the thread's end.
        gate, ended = threading.Event(), threading.Event()

        def work() -> None:
            gate.wait()
            try:
                if self._stop.value == 0:
                    check(call())
                outcome.append(None)
            except BaseException as error:
                outcome.append(error)
            ended.set()

        thread = threading.Thread(target=work, name="imnorm", daemon=True)
        started = False
        try:
            thread.start()
            started = True
            gate.set()
            # A signal may reach a thread of the job, and then does not end this one's wait.
            while not ended.wait(_SIGNAL_SECONDS):
                pass
        except BaseException:
            self._stop.value = 1
            gate.set()
            if started:
                ended.wait()
            raise
        finally:
            if started:
                thread.join()
            if self._bar is not None:
                self._bar.close()
        if self._raised is not None:
            raise self._raised
        if outcome[0] is not None:
            raise outcome[0]


def normalize(
    inputs: InputLike | Sequence[InputLike],
    out: InputLike,
    plan: PlanLike = "imagenet",
    *,
    like: str | None = None,
    channels: str | None = None,
    exif: str | None = None,
    icc: str | None = None,
    dtype: Any = None,
    layout: str | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    format: str | None = None,
    overwrite: bool = False,
    strict: bool = False,
    shard: tuple[int, int] | None = None,
    threads: int = 0,
    progress: Progress = None,
) -> RunResult:
    """Pictures of files and folders, or one tensor, into a tensor file and its manifest.

    A bad picture is in `failures` and takes no row; with `strict` it is an exception. `shard` is
    (I, N), the I-th of N parts from 1. `progress` is True for tqdm's bar, or is called with
    (finished, failed, total).

    >>> import imnorm
    >>> result = imnorm.normalize("sample_images/coast", "coast.npy", "imagenet", overwrite=True)
    >>> result.shape, result.failed
    ((7, 3, 224, 224), 0)
    """
    resolved = Plan(plan, like=like, channels=channels, exif=exif, icc=icc, dtype=dtype,
                    layout=layout, mean=mean, std=std)  # fmt: skip
    run = Run(inputs, progress)
    job = run.job
    job.plan = resolved.pointer
    job.output = os.fsencode(out)
    job.format = None if format is None else format.encode()
    job.overwrite, job.strict, job.threads = overwrite, strict, threads
    if shard is not None:
        job.shard, job.shards = shard
    run.finish(lambda: c.imnorm_normalize(byref(job), byref(run.result)))
    result = run.result
    if result.done == 0:
        raise NothingDoneError(
            f"no input succeeded of {result.inputs}: nothing written", os.fspath(out), run.failures
        )
    shape = tuple(side for side in result.shape if side != 0)
    return RunResult(os.fspath(out), shape, result.inputs, result.done, result.failed,
                     result.passed_over, result.seconds, run.failures)  # fmt: skip
