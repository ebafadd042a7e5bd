"""Where a perturbation finds a place: asked of a few clean cases of a task in a language, the same on every machine."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence

import msgspec

from robustgen.core.case import Case, Effect, Kind
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.plugins import NotApplicable, PerturbationSpec, Proposal
from robustgen.errors import GrammarError
from robustgen.generate.build import Unfit, apply_op, build
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op, Recipe
from robustgen.generate.selection import Cell
from robustgen.generate.tools import CaseTools
from robustgen.packs.pack import load_pack

__all__ = ["Nowhere", "Placing", "propose"]

PROBES = 8
"""Clean cases asked at most, each of another wording."""
TRIES = 4
OPEN = 1024
"""Cells whose clean cases are kept for the next perturbation that asks."""


class Nowhere(Unfit):
    """A perturbation finds no place in any task of a domain and language: asking again is of no use."""


def propose(spec: PerturbationSpec, base: Case, tools: CaseTools, draw: RandomDraw, strength: float | None) -> tuple[Op, Proposal]:
    """Return an operation with what it proposes; raises ``Unfit`` where it does not apply, changes nothing or brings in words of the pack."""
    used = tools.strength = spec.strength if strength is None else strength
    why = "changed nothing"
    for attempt in range(TRIES):
        inner = RandomDraw(seed_of(draw.below(1 << 30), attempt))
        proposal = spec.fn(base, inner, tools)
        if isinstance(proposal, NotApplicable):
            raise Unfit(f"{spec.name}: {proposal.why}")
        if not any(e.old != e.new for e in proposal.edits):
            continue
        brought = _noise(spec, proposal) and tools.words.brings(base.text, proposal.edits)
        if not brought:
            return Op(spec.name, used, inner.choices), proposal
        why = f"would bring in '{brought}'"
    raise Unfit(f"{spec.name}: {why}")


def _noise(spec: PerturbationSpec, proposal: Proposal) -> bool:
    """Tell whether what a proposal adds must say nothing of the matter: not so in another language, nor where an attacker speaks."""
    return spec.effect is Effect.preserves and Kind.adversarial not in spec.kinds and not proposal.language


class Placing:
    """Remembers which perturbations find a place in which cells."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        """Keep the cells that a selection has."""
        self.cells = cells
        self._fits: dict[tuple[str, Cell], bool] = {}
        self._opened: OrderedDict[Cell, _Probes] = OrderedDict()
        self._nowhere: dict[tuple[str, str, str], str] = {}
        self._siblings: dict[tuple[str, str], list[int]] = {}
        for i, cell in enumerate(cells):
            self._siblings.setdefault((cell.domain, cell.tag), []).append(i)

    def where(self, spec: PerturbationSpec, own: int, turn: int) -> int:
        """Return the index of a cell for a perturbation: ``own`` where it fits, else another task of that domain and language; raises ``Unfit``."""
        if self.fits(spec, self.cells[own]):
            return own
        here = self.cells[own]
        why = self._nowhere.get((spec.name, here.domain, here.tag))
        if why is not None:
            raise Nowhere(why)
        others = self._siblings[here.domain, here.tag]
        start = turn % len(others)
        found = next((i for i in [*others[start:], *others[:start]] if self.fits(spec, self.cells[i])), None)
        if found is None:
            why = self._nowhere[spec.name, here.domain, here.tag] = f"{spec.name}: finds no place in any task of '{here.domain}' in '{here.tag}'"
            raise Nowhere(why)
        return found

    def cells_of(self, like: Cell, tasks: Sequence[str]) -> list[int]:
        """Return the indices of the cells of some tasks, in the domain and language of a cell."""
        return [i for i in self._siblings[like.domain, like.tag] if self.cells[i].task in tasks]

    def fits(self, spec: PerturbationSpec, cell: Cell) -> bool:
        """Tell whether a perturbation proposes anything for one of a few clean cases of a cell."""
        key = (spec.name, cell)
        if key not in self._fits:
            self._fits[key] = any(self._finds(spec, *b) for b in self._probes(cell))
        return self._fits[key]

    def makes(self, spec: PerturbationSpec, cell: Cell, kind: Kind) -> bool:
        """Tell whether a perturbation makes a proved variant of a kind from one of a few clean cases of a cell."""
        key = (f"{spec.name} {kind.value}", cell)
        if key not in self._fits:
            self._fits[key] = any(self._proves(spec, kind, *b) for b in self._probes(cell))
        return self._fits[key]

    @staticmethod
    def _proves(spec: PerturbationSpec, kind: Kind, base: Case, tools: CaseTools) -> bool:
        try:
            op, proposal = propose(spec, base, tools, RandomDraw(seed_of("probe", spec.name, base.id)), None)
            made = apply_op(base, op, tools.pack, tools.task, (proposal, tools))
        except GrammarError:
            return False
        return not prove(base, msgspec.structs.replace(made, kinds=[kind]))

    @staticmethod
    def _finds(spec: PerturbationSpec, base: Case, tools: CaseTools) -> bool:
        try:
            propose(spec, base, tools, RandomDraw(seed_of("probe", spec.name, base.id)), None)
        except GrammarError:
            return False
        return True

    def _probes(self, cell: Cell) -> _Probes:
        found = self._opened.get(cell)
        if found is None:
            found = self._opened[cell] = _Probes(cell)
            if len(self._opened) > OPEN:
                self._opened.popitem(last=False)
        return found


class _Probes:
    """A few clean cases of a cell, each made when it is asked for: most perturbations find a place in the first."""

    def __init__(self, cell: Cell) -> None:
        self._make = _probe(cell)
        self._made: list[tuple[Case, CaseTools] | None] = []

    def __iter__(self) -> Iterator[tuple[Case, CaseTools]]:
        for i in range(PROBES):
            if i == len(self._made):
                self._made.append(self._make(i))
            found = self._made[i]
            if found is not None:
                yield found


def _probe(cell: Cell) -> Callable[[int], tuple[Case, CaseTools] | None]:
    """Return a maker of clean cases by number: each of another wording where there are enough."""
    pack = load_pack(cell.domain)
    task, say = pack.task(cell.task), pack.say(cell.tag)
    type_ = pack.schema(cell.tag).types[task.type.name]
    every = say.alternatives("documents", cell.task)

    def make(i: int) -> tuple[Case, CaseTools] | None:
        draw = RandomDraw(seed_of("probe", cell.task, cell.tag, i))
        wording = every[i * len(every) // PROBES]
        try:
            facts = type_.draw(draw)
            said = say.write(wording, type_, facts, draw)
            recipe = Recipe(domain=cell.domain, task=cell.task, tag=cell.tag, facts=facts, surface={}, kinds=("clean",))
            base = build(recipe, said=(said, wording))
        except GrammarError:
            return None
        return base, CaseTools(pack, task, base, 0.0)

    return make
