"""Work in chunks: one protocol, in this process, in several, or on a cluster. Results come in the order of the specs."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Protocol, TypeVar

from robustgen.errors import MissingExtra, UsageError

__all__ = ["ENGINES", "MapChunks", "engine"]

S = TypeVar("S")
R = TypeVar("R")
AHEAD = 4
"""Chunks a worker that may be under way before the first is fetched."""
LOST = 5
"""How often worker processes that were lost are replaced."""


class MapChunks(Protocol):
    """Runs a function over specs and yields results in their order; a spec may be run more than once, so the function must not mind."""

    def __call__(self, function: Callable[[S], R], specs: Iterable[S]) -> Iterator[R]:
        """Yield the results."""


def _serial(workers: int, address: str) -> MapChunks:
    """Everything in this process."""

    def run(function: Callable[[S], R], specs: Iterable[S]) -> Iterator[R]:
        yield from map(function, specs)

    return run


def _process(workers: int, address: str) -> MapChunks:
    """Several processes of this machine, at work from the first chunk on; chunks of one that was lost are made again by fresh ones."""

    def run(function: Callable[[S], R], specs: Iterable[S]) -> Iterator[R]:
        from concurrent.futures import Future, ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        waiting: deque[tuple[S, Future[R]]] = deque()
        rest, lost = iter(specs), 0
        while lost <= LOST:
            pool = ProcessPoolExecutor(workers, mp_context=get_context("fork" if sys.platform == "linux" else "spawn"))
            waiting = deque((spec, pool.submit(function, spec)) for spec, _ in waiting)
            try:
                while True:
                    waiting.extend((spec, pool.submit(function, spec)) for spec in islice(rest, workers * AHEAD - len(waiting)))
                    if not waiting:
                        return
                    yield waiting[0][1].result()
                    waiting.popleft()
            except BrokenProcessPool:
                lost += 1
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
        raise UsageError(f"{lost} times a worker process was lost, perhaps for want of memory", mend="run the same command with --resume and fewer --workers")

    return run


def _dask(workers: int, address: str) -> MapChunks:
    """A Dask cluster by its address (``tcp://host:8786``), else one of this machine; a chunk of a lost worker is made again elsewhere."""

    def run(function: Callable[[S], R], specs: Iterable[S]) -> Iterator[R]:
        try:
            import distributed as found
        except ImportError:
            raise MissingExtra("the engine 'dask'", "dask") from None
        dask: Any = found  # its classes carry no types
        cluster = None if address else dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
        try:
            with dask.Client(address or cluster) as client:
                yield from _ordered(client, function, specs, max(1, len(client.scheduler_info()["workers"])) * AHEAD)
        finally:
            if cluster is not None:
                cluster.close()

    return run


def _ordered(client: Any, function: Callable[[S], R], specs: Iterable[S], most: int) -> Iterator[R]:
    """Keep so many chunks under way and yield results in order; a result is let go once it was fetched."""
    waiting: deque[Any] = deque()
    for spec in specs:
        waiting.append(client.submit(function, spec, pure=False, retries=3))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


ENGINES: dict[str, Callable[[int, str], MapChunks]] = {"serial": _serial, "process": _process, "dask": _dask}


def engine(name: str, workers: int, address: str = "") -> MapChunks:
    """Return an engine by name; raises ``UsageError`` for one that there is not."""
    if name not in ENGINES:
        raise UsageError(f"there is no engine '{name}'", mend=f"engines: {', '.join(ENGINES)}")
    return ENGINES["serial" if name == "process" and workers == 1 else name](workers, address)
