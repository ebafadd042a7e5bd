"""The one shrinker: finds the smallest input that still fails, whatever made it.

It works on parts that can be kept or made plain (perturbations, fields, list items, wording), never on the text; then it
bisects the numbers of what is left, and lowers the rest. Every question asked of the target counts, equal questions are asked
once, and as many as ``width`` are asked at the same time. What passed on the way is kept: its neighbour explains the failure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Generic, Protocol, TypeVar

__all__ = ["Problem", "Shrinker"]

R = TypeVar("R")


class Problem(Protocol[R]):
    """What the shrinker must know of the thing it shrinks."""

    def parts(self, thing: R) -> Sequence[str]:
        """Return the names of the parts that are not plain yet, as ``class:name``, those most likely to be needless first."""

    def keep(self, thing: R, parts: frozenset[str]) -> R | None:
        """Return the thing with every other part made plain, None when that is impossible."""

    def axes(self, thing: R) -> Mapping[str, int]:
        """Return the numbers of a thing with how many steps each is away from the plainest."""

    def at(self, thing: R, axis: str, step: int) -> R | None:
        """Return the thing with one number so many steps from the plainest, None when that is impossible."""

    def lower(self, thing: R) -> Iterable[R]:
        """Yield things with one other value lowered, the plainest first."""

    def key(self, thing: R) -> Hashable:
        """Return what makes two things the same question."""


class Shrinker(Generic[R]):
    """Minimal failing inputs within a budget of questions."""

    def __init__(self, problem: Problem[R], fails: Callable[[R], Awaitable[bool]], *, budget: int = 60, width: int = 1) -> None:
        """``fails`` asks and judges; ``budget`` bounds how often it is called, ``width`` how many calls are open at once."""
        self.problem, self._fails, self.budget, self.width = problem, fails, budget, max(1, width)
        self.asked = self.rounds = 0
        self.passing: list[R] = []
        self.beyond: dict[str, bool] = {}
        """Axis to whether the next larger value fails too."""
        self._known: dict[Hashable, bool] = {}

    async def fails(self, thing: R | None) -> bool:
        """Tell whether a thing fails; what cannot be made, or asked any more, does not."""
        return await self.first([thing]) is not None

    def failed(self, thing: R) -> bool:
        """Tell whether a thing was asked and failed."""
        return self._known.get(self.problem.key(thing), False)

    async def first(self, things: Iterable[R | None]) -> tuple[int, R] | None:
        """Return place and thing of the first that fails, None when none does; things are made and asked ``width`` at a time."""
        feed, start = iter(things), 0
        while batch := list(islice(feed, self.width)):
            fresh: dict[Hashable, R] = {}
            for thing in batch:
                if thing is not None and self.problem.key(thing) not in self._known and self.asked + len(fresh) < self.budget:
                    fresh.setdefault(self.problem.key(thing), thing)
            if fresh:
                self.asked += len(fresh)
                self.rounds += 1
                answers = await asyncio.gather(*(self._fails(t) for t in fresh.values()))
                self._known.update(zip(fresh, answers, strict=True))
                self.passing += [t for t, failed in zip(fresh.values(), answers, strict=True) if not failed]
            for i, thing in enumerate(batch, start):
                if thing is not None and self._known.get(self.problem.key(thing), False):
                    return i, thing
            start += len(batch)
        return None

    async def shrink(self, thing: R) -> R:
        """Return the smallest failing thing found; ``thing`` itself is known to fail."""
        self._known[self.problem.key(thing)] = True
        best = await self._drop(thing)
        for _ in range(3):
            before = self.problem.key(best)
            for axis in self.problem.axes(best):
                best = await self._bisect(best, axis)
            best = await self._lower(best)
            best = await self._drop(best)
            if self.problem.key(best) == before:
                break
        await self._look_beyond(best)
        return best

    async def _drop(self, thing: R) -> R:
        """Keep a minimal set of parts: none, then class by class, then delta debugging in halves and smaller pieces."""
        kept, best = list(self.problem.parts(thing)), thing
        classes = list(dict.fromkeys(p.partition(":")[0] for p in kept))
        tries: list[list[str]] = [[]] if kept else []
        if len(classes) > 1:
            tries += [[p for p in kept if p.partition(":")[0] == c] for c in reversed(classes)]
        for rest in tries:  # nothing, or one class alone
            smaller = self.problem.keep(thing, frozenset(rest))
            if await self.fails(smaller):
                assert smaller is not None
                kept, best = rest, smaller
                break
        pieces = 2
        while len(kept) > 1:
            size = max(1, -(-len(kept) // pieces))
            rests = [[*kept[:i], *kept[i + size :]] for i in range(0, len(kept), size)]
            found = await self.first(self.problem.keep(thing, frozenset(rest)) for rest in rests)
            if found is not None:
                kept, best, pieces = rests[found[0]], found[1], max(pieces - 1, 2)
            elif size == 1:
                break
            else:
                pieces = min(len(kept), pieces * 2)
        return best

    async def _bisect(self, thing: R, axis: str) -> R:
        """Return the thing with the smallest failing value of a number; the plainest is asked where dropping the part was another question."""
        low, high, best = 0, self.problem.axes(thing).get(axis, 0), thing
        plainest = self.problem.at(thing, axis, 0) if high else None
        if plainest is not None and await self.fails(plainest):
            return plainest
        before = self.problem.at(thing, axis, high - 1) if high > 1 else None
        if before is not None and self._known.get(self.problem.key(before)) is False:
            return thing
        if high > 1 and plainest is None:
            nearest = next((s for s in _leaps(high) if self.problem.at(thing, axis, s) is not None), high)
            least = self.problem.at(thing, axis, nearest) if nearest < high else None
            if await self.fails(least):
                assert least is not None
                return least
            low = nearest if nearest < high else 0
        while high - low > 1:
            count = min(self.width, high - low - 1)
            steps = [low + (high - low) * (i + 1) // (count + 1) for i in range(count)]
            found = await self.first([self.problem.at(thing, axis, s) for s in steps])
            if found is None:
                low = steps[-1]
            else:
                high, best = steps[found[0]], found[1]
                low = steps[found[0] - 1] if found[0] else low
        return best

    async def _lower(self, thing: R) -> R:
        """Follow the first lowered thing that still fails, as long as there is one."""
        for _ in range(8):
            found = await self.first(self.problem.lower(thing))
            if found is None:
                break
            thing = found[1]
        return thing

    async def _look_beyond(self, thing: R) -> None:
        """Ask whether the next larger value of each number fails too, so that "from here on" and "this one" are told apart."""
        for axis, step in self.problem.axes(thing).items():
            further = self.problem.at(thing, axis, step + 1)
            if further is not None and self.problem.key(further) != self.problem.key(thing):
                asked = self.asked
                failed = await self.fails(further)
                if failed or self.asked > asked:
                    self.beyond[axis] = failed


def _leaps(end: int) -> Iterator[int]:
    """Yield 1, 2, 3, 5, 8 ... below a number."""
    a, b = 1, 2
    while a < end:
        yield a
        a, b = b, a + b
