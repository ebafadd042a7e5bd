"""t-way coverage of what a selection offers: domain and task, language, kind, perturbation.

A perturbation fits a task when it changes at least one of a few clean cases; pairs that no case can hold are no
combinations. Rows cover every allowed pair (or triple); what is claimed is counted again by the verifier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from robustgen.core.case import Kind
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.plugins import PERTURBATIONS, PerturbationSpec, Proposal
from robustgen.errors import RobustgenError
from robustgen.generate.build import apply_op, build
from robustgen.generate.catalogued import edge
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op, Recipe
from robustgen.generate.selection import Cell, Selection
from robustgen.generate.tools import CaseTools
from robustgen.grammar.cover import Row, cover, verify
from robustgen.packs.pack import load_pack

__all__ = ["Covering"]

PROBES = 8
CATALOGUE = "catalogue"
"""Stands for "no perturbation": clean, edge and catalogued ambiguous cases."""


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
        self.factors = self._factors()
        self._fits: dict[tuple[str, str, str], bool] = {}
        self.rows = cover(self.factors, strength, self.forbidden)

    def _factors(self) -> dict[str, list[str]]:
        kinds = [k.value for k in self.generator.kinds]
        ours = {"", *(c.domain for c in self.generator.cells)}
        names = [n for n, s in PERTURBATIONS.items() if set(s.kinds) & set(self.generator.kinds) and s.domain in ours]
        wanted = self.generator.selection.perturbations
        return {
            "task": list(dict.fromkeys(t for t, _ in self.cells)),
            "language": list(dict.fromkeys(g for _, g in self.cells)),
            "kind": kinds,
            "perturbation": [CATALOGUE, *(n for n in names if (n in wanted if wanted else PERTURBATIONS.get(n).default))],
        }

    def forbidden(self, row: Mapping[str, str]) -> bool:
        """Tell whether a partial row can be part of no case."""
        task, tag, kind, name = (row.get(f) for f in ("task", "language", "kind", "perturbation"))
        if task and tag and (task, tag) not in self.cells:
            return True
        if kind and name and not self._of_kind(kind, name):
            return True
        if name and name != CATALOGUE and tag and not self._speaks(name, tag):
            return True
        if task and kind and name == CATALOGUE and not self._catalogued(task, tag, kind):
            return True
        if task and name and name != CATALOGUE:
            return not any(self._fit(t, g, name) for t, g in self.cells if t == task and (not tag or g == tag))
        return False

    @staticmethod
    def _of_kind(kind: str, name: str) -> bool:
        if name == CATALOGUE:
            return kind in {"clean", "ambiguous", "edge"}
        return Kind(kind) in PERTURBATIONS.get(name).kinds

    def _speaks(self, name: str, tag: str) -> bool:
        spec = PERTURBATIONS.get(name)
        domains = [spec.domain] if spec.domain else [self.generator.cells[0].domain]
        return any(s.name == name for d in domains for s in self.generator.fitting(spec.kinds[0], tag, d))

    def _catalogued(self, task: str, tag: str | None, kind: str) -> bool:
        if kind == "edge":
            return any(self._edges(t, g) for t, g in self.cells if t == task and (not tag or g == tag))
        if kind != "ambiguous":
            return True
        domain, _, name = task.partition(" ")
        pack = load_pack(domain)
        tags = [g for t, g in self.cells if t == task and (not tag or g == tag)]
        return any(name in a.tasks and pack.say(g).alternatives("ambiguous", a.id) for a in pack.ambiguities.values() for g in tags)

    def _edges(self, task: str, tag: str) -> bool:
        """Tell whether a task has catalogued edge cases or fields with boundaries."""
        key = (task, tag, CATALOGUE)
        if key not in self._fits:
            cell = self.cells[task, tag]
            self._fits[key] = False
            for i in range(PROBES):
                try:
                    recipe = self.generator.recipe(cell, seed_of("probe", cell.task, cell.tag, i))
                    self._fits[key] |= edge(recipe, RandomDraw(i)) is not None
                except RobustgenError:
                    continue
        return self._fits[key]

    def _fit(self, task: str, tag: str, name: str) -> bool:
        """Tell whether a perturbation changes any of a few clean cases of a task."""
        key = (task, tag, name)
        if key not in self._fits:
            cell = self.cells[task, tag]
            here = PERTURBATIONS.get(name).domain in {"", cell.domain}
            self._fits[key] = here and self._speaks(name, tag) and self._probe(cell, name)
        return self._fits[key]

    def _probe(self, cell: Cell, name: str) -> bool:
        spec, pack = PERTURBATIONS.get(name), load_pack(cell.domain)
        for i in range(PROBES):
            try:
                case = build(self.generator.recipe(cell, seed_of("probe", cell.task, cell.tag, i)))
                draw = RandomDraw(seed_of("probe", name, i))
                made = spec.fn(case, draw, CaseTools(pack, pack.task(cell.task), case, spec.strength))
                if isinstance(made, Proposal) and any(e.old != e.new for e in made.edits):
                    variant = apply_op(case, Op(name, spec.strength, draw.choices), pack, pack.task(cell.task))
                    if not prove(case, variant):
                        return True
            except RobustgenError:
                continue
        return False

    def verify(self, rows: Sequence[Row] | None = None) -> tuple[int, int]:
        """Return (covered, feasible) combinations of some rows, or of all."""
        return verify(self.rows if rows is None else rows, self.factors, self.strength, self.forbidden)
