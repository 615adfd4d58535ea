"""Exact statistics of data sets."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from ctypes import byref, c_char_p, c_double, c_void_p
from typing import Any

from imnorm._library import c, check, take_text
from imnorm.errors import NothingDoneError
from imnorm.plans import Plan, PlanLike
from imnorm.runs import Failure, InputLike, Progress, Run


class Stats:
    """Statistics of pictures or of a tensor, as JSON of schema imnorm.stats/1 and as numbers.

    Equal pictures give equal statistics, bit for bit, whatever the threads and shards.

    >>> import imnorm
    >>> halves = [imnorm.stats("sample_images/garden", shard=(i, 2)) for i in (1, 2)]
    >>> halves[0] + halves[1] == imnorm.stats("sample_images/garden")
    True
    """

    def __init__(self, text: str) -> None:
        self.json = text
        self.data: dict[str, Any] = json.loads(text)
        self.failures: list[Failure] = []

    @classmethod
    def load(cls, path: InputLike) -> Stats:
        """Statistics of a file that `imnorm stats` or `save` wrote."""
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return merged([cls(file.read())])

    def save(self, path: InputLike) -> None:
        """Writes the file that `imnorm stats -o` writes."""
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(self.json)

    @property
    def images(self) -> int:
        return self.data["images"]

    @property
    def pixels(self) -> int:
        return self.data["pixels"]

    @property
    def mean(self) -> list[float]:
        """A channel's mean over all pixels, on the scale [0, 1] for pictures."""
        return self.data["mean"]

    @property
    def std(self) -> list[float]:
        """A channel's standard deviation over all pixels."""
        return self.data["std"]

    @property
    def min(self) -> list[float]:
        return self.data["min"]

    @property
    def max(self) -> list[float]:
        return self.data["max"]

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The inputs that could not be measured, each with its path and reason."""
        return self.data["failed"]

    @property
    def histogram(self) -> Any:
        """Counts a channel and level, if they were asked for, as an array (channels, levels)."""
        import numpy as np

        counts = self.data["exact"].get("histogram")
        return None if counts is None else np.array(counts, np.uint64)

    def emit(self, format: str = "torchvision") -> str:
        """The numbers ready to paste: torchvision, hf, timm, opencv, openvino, csv or json.

        >>> import imnorm
        >>> imnorm.stats("sample_images/garden").emit("torchvision")[:31]
        'transforms.Normalize(mean=[0.41'
        """
        text = c_void_p()
        check(c.imnorm_statistics_emit(self._bytes(), format.encode(), byref(text)))
        return take_text(text)

    def __add__(self, other: Stats) -> Stats:
        return merged([self, other])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stats) and self.json == other.json

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __repr__(self) -> str:
        def numbers(key: str) -> str:
            return ", ".join(f"{value:.4g}" for value in self.data.get(key) or [])

        return (
            f"<imnorm.Stats of {self.images} images, {len(self.failed)} failed: "
            f"mean [{numbers('mean')}] std [{numbers('std')}]>"
        )

    def _bytes(self) -> bytes:
        return self.json.encode("utf-8", "surrogateescape")


def merged(parts: Sequence[Stats]) -> Stats:
    """The statistics of shards added up: once none is missing, those of one run."""
    texts = (c_char_p * len(parts))(*(part._bytes() for part in parts))
    text = c_void_p()
    check(c.imnorm_statistics_merge(texts, len(parts), byref(text)))
    return Stats(take_text(text))


def stats(
    inputs: InputLike | Sequence[InputLike],
    plan: PlanLike | None = None,
    *,
    histogram: bool = False,
    percentiles: Sequence[float] = (),
    per_class: bool = False,
    strict: bool = False,
    shard: tuple[int, int] | None = None,
    threads: int = 0,
    progress: Progress = None,
) -> Stats:
    """Measures pictures of files and folders, or one tensor.

    Every pixel of the pictures as they are counts, or with a `plan` what its geometry makes of them.
    `percentiles` asks for these beside the usual ones, `per_class` for numbers of each folder.

    >>> import imnorm
    >>> found = imnorm.stats("sample_images", histogram=True)
    >>> found.images, len(found.failed), found.histogram.shape
    (22, 3, (3, 256))
    """
    run = Run(inputs, progress)
    job = run.job
    resolved = None if plan is None else Plan(plan)
    if resolved is not None:
        job.plan = resolved.pointer
    job.strict, job.threads, job.per_class = strict, threads, per_class
    job.histogram = histogram or len(percentiles) > 0
    job.percentiles = (c_double * len(percentiles))(*percentiles)
    job.percentile_count = len(percentiles)
    if shard is not None:
        job.shard, job.shards = shard
    text = c_void_p()
    run.finish(lambda: c.imnorm_measure(byref(job), byref(text), byref(run.result)))
    found = Stats(take_text(text))
    if run.result.done == 0 and shard is None:
        raise NothingDoneError(
            f"no input succeeded of {run.result.inputs}", None, run.failures
        )
    found.failures = run.failures
    return found
