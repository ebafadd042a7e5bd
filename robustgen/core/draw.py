"""The one source of choices: ``below(n)`` and ``group(label, fn)``; 0 is always the simplest choice.

Generation never touches a global generator or the clock: every function takes its Draw. A group opens a stream of its own,
seeded from its label, so that dropping one part of a case leaves the wording of the others as it was. What was
drawn is recorded as ``{label: [choice, ...]}`` and replays to the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Protocol, TypeVar
from zlib import crc32

__all__ = ["LETTERS", "OUT", "STEP", "Choices", "Draw", "RandomDraw", "ReplayDraw", "choose", "seed_of", "weighted"]

T = TypeVar("T")
Choices = dict[str, list[int]]
OUT = "~"
"""The group of a record that holds no choices but the numbers of the passages that are left out."""
"""Recorded choices: the group's label (``""`` outside every group) to the numbers drawn in it."""


class STEP:
    """One step of the stream: ``state * factor + add``, 64 bits kept (Knuth's MMIX constants)."""

    mask = (1 << 64) - 1
    factor = 6364136223846793005
    add = 1442695040888963407


LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Capital letters that are not taken for digits."""
_MASK, _A, _C = STEP.mask, STEP.factor, STEP.add
_GOLDEN = 0x9E3779B97F4A7C15


class Draw(Protocol):
    """What a generator may ask for."""

    def below(self, n: int) -> int:
        """Return an integer in ``range(n)``; 0 is the simplest."""

    def group(self, label: str, fn: Callable[[], T]) -> T:
        """Run ``fn`` in a stream of its own."""


def seed_of(*parts: object) -> int:
    """Return a 64-bit seed that depends on the parts only, on any machine."""
    digest = blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big")


class RandomDraw:
    """Pseudo-random choices from a 64-bit linear congruential generator (Knuth's MMIX constants), recorded."""

    __slots__ = ("_here", "_state", "_where", "choices")

    def __init__(self, seed: int) -> None:
        """Start from ``seed``; equal seeds give equal choices."""
        self._state = (seed * _GOLDEN + _C) & _MASK
        self._here: list[int] = []
        self._where = ""
        self.choices: Choices = {"": self._here}

    def below(self, n: int) -> int:
        """Return an integer in ``range(n)``, recorded."""
        self._state = state = (self._state * _A + _C) & _MASK
        if n > 0x10000000:
            self._state = more = (state * _A + _C) & _MASK
            value = (((state >> 24) << 40 | more >> 24) * n) >> 80
        else:
            value = ((state >> 32) * n) >> 32
        self._here.append(value)
        return value

    def group(self, label: str, fn: Callable[[], T]) -> T:
        """Run ``fn`` on a stream seeded by the label; the outer stream goes on as if nothing was drawn."""
        state, here, where = self._state, self._here, self._where
        self._where = inner = f"{where}/{label}" if where else label
        self._state = ((state ^ (crc32(label.encode()) * _GOLDEN)) * _A + _C) & _MASK
        self._here = self.choices.setdefault(inner, [])
        try:
            return fn()
        finally:
            self._state, self._here, self._where = (state * _A + _C) & _MASK, here, where


class ReplayDraw:
    """Choices from a record; 0 where the record is exhausted, clamped where it is too large."""

    __slots__ = ("_given", "_out", "_used", "_where", "choices", "gaps", "passages")

    def __init__(self, choices: Mapping[str, Sequence[int]] | Sequence[int] = ()) -> None:
        """Replay ``choices``: a record of groups, or the bare list of the outer stream."""
        self._given = choices if isinstance(choices, Mapping) else {"": choices}
        self._used: dict[str, int] = {}
        self._where = ""
        self.choices: Choices = {"": []}
        self._out = frozenset(self._given.get(OUT, ()))
        self.passages = 0
        """How many passages have been asked for."""
        self.gaps: list[int] = []
        """Where in what is written something was left out."""

    def leaves_out(self) -> bool:
        """Tell whether the passage that comes next is to be left out; passages are numbered as they come."""
        self.passages += 1
        return self.passages - 1 in self._out

    def below(self, n: int) -> int:
        """Return the next recorded choice, made to fit ``range(n)``."""
        where = self._where
        given = self._given.get(where, ())
        at = self._used.get(where, 0)
        self._used[where] = at + 1
        value = min(given[at], n - 1) if at < len(given) else 0
        self.choices.setdefault(where, []).append(value)
        return value

    def group(self, label: str, fn: Callable[[], T]) -> T:
        """Run ``fn`` on the record of that label."""
        where = self._where
        self._where = f"{where}/{label}" if where else label
        self.choices.setdefault(self._where, [])
        try:
            return fn()
        finally:
            self._where = where


def weighted(draw: Draw, bounds: Sequence[int]) -> int:
    """Return an index by cumulative integer weights, e.g. ``(3, 4, 6)`` for weights 3, 1, 2."""
    value = draw.below(bounds[-1])
    low = 0
    while value >= bounds[low]:
        low += 1
    return low


def choose(draw: Draw, items: Sequence[T], count: int) -> list[T]:
    """Return ``count`` different items in their order of standing; draws one choice an item taken."""
    left = list(range(len(items)))
    taken = [left.pop(draw.below(len(left))) for _ in range(min(count, len(items)))]
    return [items[i] for i in sorted(taken)]
