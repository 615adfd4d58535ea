"""Work spread over threads that stay: calls of the library leave the GIL free."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

# By process and number of threads: a child that was forked has none of its parent's threads.
_pools: dict[tuple[int, int], ThreadPoolExecutor] = {}


def usable_cpus() -> int:
    """The CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pool(threads: int) -> ThreadPoolExecutor:
    key = (os.getpid(), threads)
    if key not in _pools:
        _pools[key] = ThreadPoolExecutor(threads, "imnorm")
    return _pools[key]


def for_each(count: int, threads: int, work: Callable[[int], None]) -> None:
    """Calls work(0) .. work(count - 1) and raises the exception of the first that fails."""
    threads = min(threads or usable_cpus(), count)
    if threads <= 1:
        for i in range(count):
            work(i)
        return
    turns = itertools.count()
    failed: dict[int, BaseException] = {}
    stopped = False

    def take_turns() -> None:
        # Every turn up to one that failed is taken, so the first failure is the same every time.
        for i in iter(turns.__next__, None):
            if i >= count or failed or stopped:
                return
            try:
                work(i)
            except BaseException as error:
                failed[i] = error

    running = [_pool(threads).submit(take_turns) for _ in range(threads)]
    try:
        wait(running)
    except BaseException:  # Ctrl-C: nobody may write into `out` once this returns
        stopped = True
        wait(running)
        raise
    if failed:
        raise failed[min(failed)]
