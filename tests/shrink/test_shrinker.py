"""The shrinker alone: on things of its own, with budgets, width, and targets that fail at times only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest

from robustgen.shrink import Shrinker


class Thing(NamedTuple):
    """A few switches and a number."""

    on: frozenset[str]
    number: int = 0


class Switches:
    """A problem whose plainest thing has every switch off and the number 0."""

    def parts(self, thing: Thing) -> Sequence[str]:
        """Return the switches that are on."""
        return [*sorted(thing.on), *(["value:number"] if thing.number else [])]

    def keep(self, thing: Thing, parts: frozenset[str]) -> Thing | None:
        """Return the thing with other switches off."""
        return Thing(thing.on & parts, thing.number if "value:number" in parts else 0)

    def axes(self, thing: Thing) -> Mapping[str, int]:
        """Return the number."""
        return {"number": thing.number} if thing.number else {}

    def at(self, thing: Thing, axis: str, step: int) -> Thing | None:
        """Return the thing with another number."""
        return thing._replace(number=step) if 0 <= step <= 1000 else None

    def lower(self, thing: Thing) -> Iterator[Thing]:
        """Nothing else can be lowered."""
        return iter(())

    def key(self, thing: Thing) -> Hashable:
        """Return the thing."""
        return thing


FULL = Thing(frozenset(f"{c}:{i}" for c in "ab" for i in range(8)), 731)


def shrunk(fails: Callable[[Thing], bool], *, budget: int = 60, width: int = 1) -> tuple[Shrinker[Thing], Thing, list[Thing]]:
    """Shrink the full thing; return what was asked, too."""
    asked: list[Thing] = []

    async def judged(thing: Thing) -> bool:
        asked.append(thing)
        await asyncio.sleep(0)
        return fails(thing)

    shrinker = Shrinker(Switches(), judged, budget=budget, width=width)
    return shrinker, asyncio.run(shrinker.shrink(FULL)), asked


@pytest.mark.parametrize("width", [1, 2, 5, 16])
@pytest.mark.parametrize(
    ("fails", "smallest"),
    [
        (lambda t: True, Thing(frozenset())),
        (lambda t: "a:3" in t.on, Thing(frozenset({"a:3"}))),
        (lambda t: {"a:3", "b:7"} <= t.on, Thing(frozenset({"a:3", "b:7"}))),
        (lambda t: t.number >= 417, Thing(frozenset(), 417)),
        (lambda t: t.number >= 417 and "b:0" in t.on, Thing(frozenset({"b:0"}), 417)),
    ],
)
def test_the_smallest_thing_is_found(fails: Callable[[Thing], bool], smallest: Thing, width: int) -> None:
    """Whatever the width, nothing needless is left, numbers stand at their border, nothing is asked twice."""
    shrinker, found, asked = shrunk(fails, width=width, budget=200)
    assert found == smallest
    assert len(asked) == len(set(asked)) == shrinker.asked
    assert shrinker.rounds <= shrinker.asked
    assert all(not fails(t) for t in shrinker.passing)


def test_width_saves_rounds() -> None:
    """Asking more at once takes fewer rounds of waiting."""
    narrow = shrunk(lambda t: t.number >= 417 and "b:0" in t.on)[0]
    wide = shrunk(lambda t: t.number >= 417 and "b:0" in t.on, width=8, budget=200)[0]
    assert wide.rounds < narrow.rounds * 0.75


@pytest.mark.parametrize("budget", [0, 1, 5, 12])
def test_the_budget_is_kept(budget: int) -> None:
    """Never more questions than the budget; what is returned fails all the same."""
    shrinker, found, asked = shrunk(lambda t: {"a:3", "b:7"} <= t.on and t.number >= 417, budget=budget)
    assert len(asked) == shrinker.asked <= budget
    assert {"a:3", "b:7"} <= found.on
    assert found.number >= 417


def test_from_here_on_and_this_one_are_told_apart() -> None:
    """The value after the smallest failing one is asked: a border goes on, a single value does not."""
    assert shrunk(lambda t: t.number >= 417)[0].beyond == {"number": True}
    assert shrunk(lambda t: t.number == 731)[0].beyond == {"number": False}
