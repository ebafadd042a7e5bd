"""t-way coverage of what a selection offers: domain and task, language, kind, perturbation.

A perturbation fits a task when it changes at least one of a few clean cases; pairs that no case can hold are no
combinations. Rows cover every allowed pair (or triple); what is claimed is counted again by the verifier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import msgspec

from robustgen.core.case import Kind
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.plugins import PERTURBATIONS, PerturbationSpec
from robustgen.errors import RobustgenError
from robustgen.generate.build import build
from robustgen.generate.catalogued import Entry, entries, entry_recipe
from robustgen.generate.placing import Placing
from robustgen.generate.recipe import Recipe
from robustgen.generate.selection import Cell, Selection
from robustgen.grammar.cover import Row, cover, verify
from robustgen.packs.cache import code_digest, remembered
from robustgen.packs.pack import load_pack

__all__ = ["Covering"]

PROBES = 8
CATALOGUE = "catalogue"
"""Stands for "no perturbation": alone for a clean case, else followed by a colon and the id of a catalogue entry."""


class Maker(Protocol):
    """What the rows need of a generator."""

    selection: Selection
    cells: list[Cell]
    kinds: list[Kind]

    def recipe(self, cell: Cell, seed: int) -> Recipe:
        """Return the recipe of a clean case."""

    def fitting(self, kind: Kind, tag: str, domain: str) -> list[PerturbationSpec]:
        """Return the perturbations of a kind that fit a language."""


class Covering:
    """The rows of a selection and what they cover."""

    def __init__(self, generator: Maker, strength: int) -> None:
        """Find out what fits, then build the rows."""
        self.generator, self.strength = generator, strength
        self.cells: dict[tuple[str, str], Cell] = {(f"{c.domain} {c.task}", c.tag): c for c in generator.cells}
        self._fits: dict[tuple[str, ...], bool] = {}
        self._placing = Placing(generator.cells)
        self.factors = self._factors()
        self.rows: list[Row] = remembered(self._key(), lambda: cover(self.factors, strength, self.forbidden))

    def _key(self) -> Iterator[bytes]:
        """Yield all that the rows depend on."""
        yield b"covering 1"
        yield code_digest()
        yield msgspec.json.encode((self.strength, self.generator.selection, self.factors))
        for domain in dict.fromkeys(c.domain for c in self.generator.cells):
            yield load_pack(domain).version.encode()

    def _factors(self) -> dict[str, list[str]]:
        kinds = [k.value for k in self.generator.kinds]
        ours = {"", *(c.domain for c in self.generator.cells)}
        names = [n for n, s in PERTURBATIONS.items() if set(s.kinds) & set(self.generator.kinds) and s.domain in ours]
        wanted = self.generator.selection.perturbations
        return {
            "task": list(dict.fromkeys(t for t, _ in self.cells)),
            "language": list(dict.fromkeys(g for _, g in self.cells)),
            "kind": kinds,
            "perturbation": [*self._entries, *(n for n in names if (n in wanted if wanted else PERTURBATIONS.get(n).default))],
        }

    @cached_property
    def _entries(self) -> dict[str, dict[tuple[str, str], Entry]]:
        """Catalogue entries by name, with the task and language of each cell that has them; ``catalogue`` alone stands for clean cases."""
        found: dict[str, dict[tuple[str, str], Entry]] = {CATALOGUE: {}}
        if self.generator.selection.perturbations:
            return found
        for kind in self.generator.kinds:
            for domain, tag in dict.fromkeys((c.domain, c.tag) for c in self.generator.cells):
                tasks = [c.task for c in self.generator.cells if (c.domain, c.tag) == (domain, tag)]
                for entry in entries(domain, tag, tasks, kind):
                    places = found.setdefault(f"{CATALOGUE}:{entry.id}", {})
                    places.update({(f"{domain} {task}", tag): entry for task in entry.tasks})
        return found

    def entry(self, name: str, kind: Kind, cell: Cell) -> Entry:
        """Return the catalogue entry that a row names."""
        return self._entries[name][f"{cell.domain} {cell.task}", cell.tag]

    def forbidden(self, row: Mapping[str, str]) -> bool:
        """Tell whether a partial row can be part of no case."""
        task, tag, kind, name = (row.get(f) for f in ("task", "language", "kind", "perturbation"))
        if task and tag and (task, tag) not in self.cells:
            return True
        if name is None:
            return False
        if kind and not self._of_kind(kind, name):
            return True
        if name == CATALOGUE:
            return False
        if name.startswith(CATALOGUE):
            return not any(self._makes(name, t, g) for t, g in self._entries[name] if (not task or t == task) and (not tag or g == tag))
        if task or tag:
            kinds = [kind] if kind else [k.value for k in PERTURBATIONS.get(name).kinds if k in self.generator.kinds]
            return not any(self._fit(t, g, name, k) for t, g in self.cells if (not task or t == task) and (not tag or g == tag) for k in kinds)
        return False

    def _of_kind(self, kind: str, name: str) -> bool:
        if name == CATALOGUE:
            return kind == Kind.clean.value
        if name.startswith(CATALOGUE):
            return any(e.kind.value == kind for e in self._entries[name].values())
        return Kind(kind) in PERTURBATIONS.get(name).kinds

    def _makes(self, name: str, task: str, tag: str) -> bool:
        """Tell whether an entry makes a case of any of a few records of a task."""
        key = (task, tag, name)
        if key not in self._fits:
            self._fits[key] = any(self._made(self._entries[name][task, tag], self.cells[task, tag], i) for i in range(PROBES))
        return self._fits[key]

    def _made(self, entry: Entry, cell: Cell, i: int) -> bool:
        seed = seed_of("probe", entry.id, cell.task, cell.tag, i)
        try:
            build(entry_recipe(entry, self.generator.recipe(cell, seed), RandomDraw(seed)))
        except RobustgenError:
            return False
        return True

    def _fit(self, task: str, tag: str, name: str, kind: str) -> bool:
        """Tell whether a perturbation makes a variant of a kind of a task: tried in the first two languages that have what it needs."""
        spec = PERTURBATIONS.get(name)
        domain = task.partition(" ")[0]
        if not self._spoken(spec, tag, domain):
            return False
        key = (task, name, kind)
        if key not in self._fits:
            cells = [c for (t, g), c in self.cells.items() if t == task and self._spoken(spec, g, domain)]
            self._fits[key] = any(self._placing.makes(spec, c, Kind(kind)) for c in cells[:2])
        return self._fits[key]

    def _spoken(self, spec: PerturbationSpec, tag: str, domain: str) -> bool:
        return spec in self.generator.fitting(spec.kinds[0], tag, domain)

    def verify(self, rows: Sequence[Row] | None = None) -> tuple[int, int]:
        """Return (covered, feasible) combinations of some rows, or of all."""
        return verify(self.rows if rows is None else rows, self.factors, self.strength, self.forbidden)
