"""The garbage collector during a run: packs and grammars, which live to the end, are not searched again and again."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

__all__ = ["calm_collector", "search_seldom"]

YOUNGEST, EACH = 20_000, 60
"""Objects made before the youngest are searched, at least and for each request in flight, which has some hundred and ends before long."""
OLDER = 20
"""Searches of the younger before the older are searched."""


def search_seldom() -> None:
    """Search less often in a process of our own: grammars are opened piece by piece and live to the end, and hardly anything else is a cycle."""
    if gc.isenabled():
        gc.set_threshold(max(gc.get_threshold()[0], YOUNGEST), OLDER, OLDER)


@contextlib.contextmanager
def calm_collector(at_once: int) -> Iterator[None]:
    """Leave what is there now out of every search, and search less often with so many requests in flight; afterwards all is as before.

    Nothing changes where the program around us has frozen objects itself or switched the collector off.
    """
    if gc.get_freeze_count() or not gc.isenabled():
        yield
        return
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(max(before[0], YOUNGEST, EACH * at_once), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
