"""The one shrinker: finds the smallest input that still fails, whatever made it.

It works on parts that can be kept or made plain (perturbations, fields, list items, wording), never on the text, and then
lowers the values of what is left. Every question asked of the target counts; equal questions are asked once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, Protocol, TypeVar

__all__ = ["Problem", "Shrinker"]

R = TypeVar("R")


class Problem(Protocol[R]):
    """What the shrinker must know of the thing it shrinks."""

    def parts(self, thing: R) -> Sequence[str]:
        """Return the names of the parts that are not plain yet, those most likely to be needless first."""

    def keep(self, thing: R, parts: frozenset[str]) -> R | None:
        """Return the thing with every other part made plain, None when that is impossible."""

    def lower(self, thing: R) -> Sequence[R]:
        """Return things with one value lowered, the plainest first."""

    def key(self, thing: R) -> Hashable:
        """Return what makes two things the same question."""


class Shrinker(Generic[R]):
    """Minimal failing inputs within a budget of questions."""

    def __init__(self, problem: Problem[R], fails: Callable[[R], Awaitable[bool]], *, budget: int = 60) -> None:
        """``fails`` asks and judges; ``budget`` bounds how often it is called."""
        self.problem, self._fails, self.budget = problem, fails, budget
        self.asked = 0
        self._known: dict[Hashable, bool] = {}

    async def fails(self, thing: R | None) -> bool:
        """Tell whether a thing fails; what cannot be made, or asked any more, does not."""
        if thing is None:
            return False
        key = self.problem.key(thing)
        if key not in self._known:
            if self.asked >= self.budget:
                return False
            self.asked += 1
            self._known[key] = await self._fails(thing)
        return self._known[key]

    async def shrink(self, thing: R) -> R:
        """Return the smallest failing thing found; ``thing`` itself is known to fail."""
        self._known[self.problem.key(thing)] = True
        best = await self._drop(thing)
        for _ in range(8):
            lower = await self._lower(best)
            if lower is None:
                break
            best = lower
        return await self._drop(best)

    async def _drop(self, thing: R) -> R:
        """Keep a minimal set of parts (delta debugging): halves first, then smaller pieces."""
        kept = list(self.problem.parts(thing))
        best = thing
        pieces = 1
        while kept:
            size = max(1, -(-len(kept) // pieces))
            chunks = [kept[i : i + size] for i in range(0, len(kept), size)]
            for chunk in chunks:
                rest = [p for p in kept if p not in chunk]
                smaller = self.problem.keep(thing, frozenset(rest))
                if smaller is not None and await self.fails(smaller):
                    kept, best = rest, smaller
                    pieces = max(pieces - 1, 1)
                    break
            else:
                if size == 1:
                    break
                pieces = min(len(kept), pieces * 2)
        return best

    async def _lower(self, thing: R) -> R | None:
        """Return the first lowered thing that still fails."""
        for lower in self.problem.lower(thing):
            if await self.fails(lower):
                return lower
        return None
