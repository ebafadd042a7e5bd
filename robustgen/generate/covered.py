"""What a run of cases covered of what its selection offers, and what it never produced.

Per domain and language: productions, paths of two and three productions, surface forms, boundary values by field; over the whole
selection: pairs of task, language, kind and perturbation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Self

import msgspec

from robustgen.core.case import Case, Kind
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.generate.catalogued import boundary_values
from robustgen.generate.covering import CATALOGUE
from robustgen.generate.generator import Generator
from robustgen.generate.selection import Cell
from robustgen.grammar.coverage import TRACE, Production, Seen, forms_of, paths_of
from robustgen.packs.pack import load_pack

__all__ = ["Counted", "Coverage"]

FACTORS = ("task", "language", "kind", "perturbation")
MANY = 200_000
"""Paths of three productions are counted only up to this many."""


class Counted(msgspec.Struct, frozen=True):
    """One measure: what was reached of what there is, and a few of what never was."""

    measure: str
    scope: str
    reached: int
    total: int
    never: list[str] = []

    @property
    def share(self) -> float:
        """Reached by total, 1 where there is nothing."""
        return self.reached / self.total if self.total else 1.0


class Coverage:
    """Watches the cases of a generator go by; productions are traced only inside ``with``."""

    def __init__(self, generator: Generator) -> None:
        """Keep the generator whose selection says what is offered."""
        self.generator = generator
        self._rows: set[tuple[str, str, str, str]] = set()
        self._boundaries: dict[str, set[str]] = {}

    def __enter__(self) -> Self:
        """Trace from now on."""
        TRACE.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Trace no longer."""
        TRACE.stop()

    def watch(self, cases: Iterable[Case]) -> Iterator[Case]:
        """Yield the cases unchanged, counting them."""
        for case in cases:
            entry = str(case.choices.get("entry", ""))
            name = f"{CATALOGUE}:{entry.partition(':')[0]}" if entry else CATALOGUE
            steps = [s.perturbation for s in case.trail] or [name]
            for kind in case.kinds:
                for step in steps:
                    self._rows.add((f"{case.domain} {case.task}", case.tag, kind.value, step))
            if entry.startswith("boundary:"):
                self._boundaries.setdefault(f"{case.domain} {case.task}", set()).add(entry.removeprefix("boundary:"))
            yield case

    def report(self, named: int = 8) -> list[Counted]:
        """Return every measure; ``named`` is how many never-produced items each names."""
        found: list[Counted] = []
        for domain, tag in sorted({(c.domain, c.tag) for c in self.generator.cells}):
            found += self._grammar(domain, tag, TRACE.seen.get((domain, tag), Seen()), named)
        if Kind.edge in self.generator.kinds:
            found.append(self._edges(named))
        found.append(self._pairs(named))
        return found

    def _grammar(self, domain: str, tag: str, seen: Seen, named: int) -> Iterator[Counted]:
        pack = load_pack(domain)
        say = pack.say(tag)
        wanted = {c.task for c in self.generator.cells if (c.domain, c.tag) == (domain, tag)}
        tasks = {n: t for n, t in pack.tasks.items() if n in wanted}
        for k, measure in ((1, "productions"), (2, "paths of two"), (3, "paths of three")):
            every = paths_of(say, tasks, k)
            if len(every) > MANY:
                continue
            yield _counted(measure, f"{domain} {tag}", every & seen.paths, every, named, _path)
        forms = forms_of(say)
        yield _counted("surface forms", f"{domain} {tag}", forms & seen.forms, forms, named, " ".join)

    def _edges(self, named: int) -> Counted:
        every = {f"{c.domain} {c.task} {path}" for c in self.generator.cells for path in _edge_paths(c)}
        reached = {f"{task} {path}" for task, paths in self._boundaries.items() for path in paths}
        return _counted("fields at a boundary", "all", every & reached, every, named, str)

    def _pairs(self, named: int) -> Counted:
        """Count the pairs that rows of the whole selection hold; what no case can hold is not asked for."""
        covering = self.generator.covering if self.generator.selection.cover != "none" else None
        reached = {_pair(a, b, row) for row in self._rows for a, b in combinations(range(4), 2)}
        if covering is None:
            return Counted("pairs of task, language, kind, perturbation", "all", len(reached), len(reached))
        every = {_pair(a, b, [r[f] for f in FACTORS]) for r in covering.rows for a, b in combinations(range(4), 2)}
        return _counted("pairs of task, language, kind, perturbation", "all", every & reached, every, named, " + ".join)


def _pair(a: int, b: int, row: Any) -> tuple[str, str]:
    return f"{FACTORS[a]} {row[a]}", f"{FACTORS[b]} {row[b]}"


def _edge_paths(cell: Cell) -> set[str]:
    """Return the fields of a task that have boundary values in one drawn record, list positions left out."""
    pack = load_pack(cell.domain)
    type_ = pack.schema(cell.tag).types[pack.task(cell.task).type.name]
    facts = type_.draw(RandomDraw(seed_of("boundaries", cell.task)))
    return {"".join(c for c in path if c not in "[]0123456789") for path, values in boundary_values(type_, facts) if values}


def _path(path: Iterable[Production]) -> str:
    return " > ".join(f"{name}[{wording}]" for name, wording in path)


def _counted(measure: str, scope: str, reached: set[Any], every: set[Any], named: int, show: Any) -> Counted:
    never = sorted(show(item) for item in every - reached)
    return Counted(measure, scope, len(reached), len(every), never[:named])


def by_scope(counted: Iterable[Counted]) -> Mapping[str, list[Counted]]:
    """Return the measures by domain and language."""
    found: dict[str, list[Counted]] = {}
    for item in counted:
        found.setdefault(item.scope, []).append(item)
    return found
