"""Case *i* of a selection: a pure function of (versions, seed, selection, i), made in any order, anywhere."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from math import sqrt
from typing import Any, NamedTuple

import msgspec

from robustgen.core.case import Case, Effect, Facts, Kind
from robustgen.core.draw import RandomDraw, ReplayDraw, seed_of, weighted
from robustgen.core.language import Language
from robustgen.core.plugins import PERTURBATIONS, PerturbationSpec, Realised
from robustgen.errors import GrammarError, UsageError
from robustgen.generate.build import Unfit, apply_op, build, finished
from robustgen.generate.catalogued import Entry, entries, entry_recipe
from robustgen.generate.covering import CATALOGUE, Covering
from robustgen.generate.placing import Nowhere, Placing, propose
from robustgen.generate.profiled import as_users_write
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op, Recipe
from robustgen.generate.selection import Cell, Selection
from robustgen.generate.tools import CaseTools
from robustgen.grammar.coverage import TRACE
from robustgen.grammar.say import Alternative, Say
from robustgen.grammar.schema import RecordType
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack

__all__ = ["FAMILY", "Generator"]

FAMILY = 4
"""Emitted cases that share one clean base."""
ATTEMPTS = 600
_CACHED = 256
ROW_TRIES = 40
TURN_TRIES = 6
PROFILE_TRIES = 40
COMPOSED = 6
"""One noisy case of so many is perturbed twice, and one in three of these a third time."""
STRIDE = 7919
"""A prime larger than the number of perturbations: stepping by it visits all of them."""


_SURFACE = seed_of("surface")


class _Open(NamedTuple):
    """What a cell needs, looked up once."""

    type: RecordType
    say: Say
    wordings: list[Alternative]

    @classmethod
    def of(cls, cell: Cell) -> _Open:
        """Open a cell."""
        pack = load_pack(cell.domain)
        task, say = pack.task(cell.task), pack.say(cell.tag)
        return cls(pack.schema(cell.tag).types[task.type.name], say, say.alternatives("documents", task.name))


class Generator:
    """Makes the cases of a selection."""

    def __init__(self, selection: Selection, seed: int = 0, given: Sequence[Mapping[str, Any]] = (), *, certify: bool = True) -> None:
        """Keep what is asked; ``given`` are a user's own records, realised in turn; ``certify`` proves every ``preserves`` variant."""
        self.certify = certify
        self.selection, self.seed, self.given = selection, seed, given
        self.digest = selection.digest
        self.cells = _fitting_cells(selection.cells(), given) if given else selection.cells()
        self.kinds = [Kind(k) for k in selection.kinds]
        self._one_kind = len([k for k in self.kinds if k is not Kind.clean]) == 1
        self.size = 1 if self.kinds == [Kind.clean] or selection.cover != "none" else FAMILY
        self._offset = seed_of(seed, self.digest, "cells") % len(self.cells)
        self._opened: dict[Cell, _Open] = {}
        self._bases: OrderedDict[int, tuple[Recipe, Case, CaseTools]] = OrderedDict()
        self._placing = Placing(self.cells)
        self._choice: dict[tuple[Kind, str, str], list[PerturbationSpec | Entry]] = {}
        self._fitting: dict[tuple[Kind, str, str], list[PerturbationSpec]] = {}

    def language(self, tag: str) -> Language:
        """Return the resources of a case's language."""
        return load_language(tag)

    def cases(self, start: int = 0, count: int = 1) -> Iterator[Case]:
        """Yield emitted cases by index."""
        for i in range(start, start + count):
            yield self.case(i)

    def families(self, start: int = 0, count: int = 1) -> Iterator[tuple[Case | None, list[Case]]]:
        """Yield (clean base, emitted cases) family by family; the base is None for cases that stand alone."""
        groups: OrderedDict[str, tuple[Case | None, list[Case]]] = OrderedDict()
        number = start // self.size
        for i in range(start, start + count):
            if i // self.size != number:
                yield from groups.values()
                groups, number = OrderedDict(), i // self.size
            case = self.case(i)
            base = case if case.kinds == [Kind.clean] and self.selection.cover == "none" else self.base(case)
            groups.setdefault(case.family, (base, []))[1].append(case)
        yield from groups.values()

    def base(self, case: Case) -> Case | None:
        """Return the clean case of a family, None for a case that stands alone."""
        if case.base is None and case.kinds != [Kind.clean]:
            return None
        if self.selection.cover != "none":
            return build(msgspec.structs.replace(self.recipe_of(case), ops=(), kinds=("clean",)), seed=self.seed, index=case.index, selection=self.digest)
        found = self._base(int(case.choices.get("family", 0)))[1]
        return found if found.id == case.family else None

    def peek(self, index: int) -> Case | None:
        """Return the clean case of an index's family, None where it cannot be made."""
        try:
            return self._base(index // self.size)[1]
        except GrammarError:
            return None

    def case(self, index: int) -> Case:
        """Return emitted case ``index``; raises ``UsageError`` when the selection can make none."""
        if self.size == 1 and self.selection.cover == "none":
            return self._new_base(index)[1]
        why: dict[str, int] = {}
        skipped = 0
        for attempt in range(ATTEMPTS):
            if attempt < skipped:
                continue
            draw = RandomDraw(seed_of(self.seed, self.digest, index, attempt))
            number, slot = divmod(index, self.size)
            try:
                if self.selection.cover != "none":
                    made = self._row(index, attempt, draw)
                else:
                    made = self._make(self._kind(draw, slot), number, index, attempt, draw)
            except (Unfit, GrammarError) as error:
                why[error.what] = why.get(error.what, 0) + 1
                if isinstance(error, Nowhere) and self._one_kind:  # no draw of this turn would make it another perturbation's
                    skipped = (attempt // TURN_TRIES + 1) * TURN_TRIES
                continue
            return made if made.index == index else msgspec.structs.replace(made, index=index)
        reason = max(why, key=lambda w: why[w], default="")
        raise UsageError(f"case {index}: nothing fits after {ATTEMPTS} tries, most often: {reason}", mend="widen --kind, --perturb or --task")

    @cached_property
    def covering(self) -> Covering:
        """The rows of ``--cover``."""
        return Covering(self, 3 if self.selection.cover == "t3" else 2)

    def _row(self, index: int, attempt: int, draw: RandomDraw) -> Case:
        """Return the case of a covering row; rows repeat with other facts when more cases are asked for."""
        rows = self.covering.rows
        # a row that a language turns out not to make gives its place to another one
        row = rows[(index + attempt // ROW_TRIES * STRIDE) % len(rows)]
        cell = self.covering.cells[row["task"], row["language"]]
        recipe, said = self._said(cell, seed_of(self.seed, self.digest, "row", index, attempt), index)
        base = build(recipe, seed=self.seed, index=index, selection=self.digest, said=said)
        kind, name = Kind(row["kind"]), row["perturbation"]
        if not name.startswith(CATALOGUE):
            pack = load_pack(recipe.domain)
            return self._perturbed(recipe, base, PERTURBATIONS.get(name), CaseTools(pack, pack.task(recipe.task), base, 0.0), draw, index, kind)
        if kind is Kind.clean:
            return base
        entry = entry_recipe(self.covering.entry(name, kind, cell), recipe, draw)
        return build(entry, seed=self.seed, index=index, selection=self.digest)

    def _kind(self, draw: RandomDraw, slot: int) -> Kind:
        if Kind.clean in self.kinds and (slot == 0 or len(self.kinds) == 1):
            return Kind.clean
        others = [k for k in self.kinds if k is not Kind.clean]
        return others[weighted(draw, self._shares)] if len(others) > 1 else others[0]

    @cached_property
    def _shares(self) -> list[int]:
        """Cumulative weights of the kinds: one with many perturbations and catalogue entries gets more cases, by their root."""
        others = [k for k in self.kinds if k is not Kind.clean]
        here = dict.fromkeys((c.tag, c.domain) for c in self.cells)
        counts = [sum(len(self._options(k, *h)) for h in here) / len(here) for k in others]
        return list(accumulate(max(1, round(10 * sqrt(n))) for n in counts))

    def _make(self, kind: Kind, number: int, index: int, attempt: int, draw: RandomDraw) -> Case:
        if kind is Kind.clean:
            return self._base(number)[1]
        # whatever has its turn stays for some tries: where this base offers it no place, another base or another task may
        own = (number + self._offset) % len(self.cells)
        if kind is Kind.noisy and self.selection.profile:
            return self._as_users(number, index, attempt, draw)
        option = self._turn(kind, self.cells[own], index, attempt // TURN_TRIES)
        if isinstance(option, Entry):
            fitting = self._placing.cells_of(self.cells[own], option.tasks)
            cell = own if own in fitting and not attempt else fitting[index % len(fitting)]
            recipe = self.recipe(self.cells[cell], seed_of(self.seed, self.digest, "entry", index, attempt), number)
            return build(entry_recipe(option, recipe, draw), seed=self.seed, index=index, selection=self.digest)
        cell = own if self.given else self._placing.where(option, own, number)
        recipe, base, tools = self._base(number if cell == own and attempt % TURN_TRIES == 0 else self._away(cell, index * ATTEMPTS + attempt + 1))
        return self._perturbed(recipe, base, option, tools, draw, index, kind)

    def _away(self, cell: int, serial: int) -> int:
        """Return the number, below zero, of a family of its own in a cell."""
        top = -serial * len(self.cells)
        return top - (top + self._offset - cell) % len(self.cells)

    def _perturbed(self, recipe: Recipe, base: Case, spec: PerturbationSpec, tools: CaseTools, draw: RandomDraw, index: int, kind: Kind) -> Case:
        """Return a variant, proved where it promises to preserve."""
        op, proposal = propose(spec, base, tools, draw, self.selection.strength)
        perturbed = msgspec.structs.replace(recipe, ops=(op,), kinds=(kind.value,) if kind in spec.kinds else ())
        left = apply_op(base, op, tools.pack, tools.task, (proposal, tools))
        made = finished(left, perturbed, base, (self.seed, index, self.digest))
        if self.certify:
            broken = prove(base, made)
            if broken:
                raise Unfit(f"{spec.name}: {broken[0]}")
        if self.selection.cover == "none" and kind is Kind.noisy and spec.effect is Effect.preserves and not draw.below(COMPOSED):
            return self._composed(perturbed, base, tools, draw, (left, made))
        return made

    def _composed(self, recipe: Recipe, base: Case, tools: CaseTools, draw: RandomDraw, single: tuple[Case, Case]) -> Case:
        """Return a variant by one or two perturbations more, each at a falling share of its strength; the single one where none fits."""
        left, made = single  # what the first perturbation left of the base, and the case made of it
        for number in range(2, 2 + 1 + (not draw.below(3))):
            options = self.fitting(Kind.noisy, made.tag, recipe.domain)
            spec = options[draw.below(len(options))]
            if spec.effect is not Effect.preserves or any(op.perturbation == spec.name for op in recipe.ops) or Kind.adversarial in spec.kinds:
                continue
            try:
                strength = (spec.strength if self.selection.strength is None else self.selection.strength) / number
                here = CaseTools(tools.pack, tools.task, left, 0.0)
                op, proposal = propose(spec, left, here, draw, strength)
                longer = msgspec.structs.replace(recipe, ops=(*recipe.ops, op))
                further = apply_op(left, op, tools.pack, tools.task, (proposal, here))
                more = finished(further, longer, base, (self.seed, made.index, self.digest))
            except GrammarError:
                continue
            if not self.certify or not prove(base, more):
                recipe, left, made = longer, further, more
        return made

    def _as_users(self, number: int, index: int, attempt: int, draw: RandomDraw) -> Case:
        """Return a variant with the slips that the profile lets expect; where none falls to it, another text as users write it."""
        own = (number + self._offset) % len(self.cells)
        # a text of facts alone bears no slip: after some tries another one takes its place
        cell = own if self.given else (own + attempt) % len(self.cells)
        other = self._away(cell, index * ATTEMPTS + attempt + 1)
        for text in (number, other) if attempt < PROFILE_TRIES else (other,):
            recipe, base, tools = self._base(text)
            rates = self.selection.profile[recipe.tag]
            specs = [s for s in self.fitting(Kind.noisy, recipe.tag, recipe.domain) if s.name in rates]
            ops = as_users_write(base, tools, specs, rates, draw, certify=self.certify)
            if ops:
                slipped = msgspec.structs.replace(recipe, ops=ops, kinds=(Kind.noisy.value,))
                return build(slipped, seed=self.seed, index=index, selection=self.digest, base=base)
        if Kind.clean in self.kinds:
            return base
        raise Unfit("the profile lets expect no slip here")

    def _turn(self, kind: Kind, cell: Cell, index: int, tried: int) -> PerturbationSpec | Entry:
        """Return whose turn it is: every perturbation and catalogue entry gets its share of any few hundred cases."""
        every = self._options(kind, cell.tag, cell.domain)
        if not every:
            raise Unfit(f"no perturbation of kind '{kind.value}' for '{cell.tag}'")
        number, slot = divmod(index, self.size)
        variant = index if Kind.clean not in self.kinds else number * (self.size - 1) + slot
        return every[(variant + tried * 31) * STRIDE % len(every)]

    def _options(self, kind: Kind, tag: str, domain: str) -> list[PerturbationSpec | Entry]:
        """Return what can make a case of a kind: perturbations, and catalogue entries unless perturbations were named."""
        key = (kind, tag, domain)
        if key not in self._choice:
            tasks = [c.task for c in self.cells if (c.domain, c.tag) == (domain, tag)]
            known = [] if self.selection.perturbations else entries(domain, tag, tasks, kind)
            self._choice[key] = [*self.fitting(kind, tag, domain), *known]
        return self._choice[key]

    def _open(self, cell: Cell) -> _Open:
        if cell not in self._opened:
            self._opened[cell] = _Open.of(cell)
        return self._opened[cell]

    def _base(self, number: int) -> tuple[Recipe, Case, CaseTools]:
        found = self._bases.get(number)
        if found is None:
            recipe, case = self._new_base(number)
            pack = load_pack(recipe.domain)
            found = self._bases[number] = (recipe, case, CaseTools(pack, pack.task(recipe.task), case, 0.0))
            if len(self._bases) > _CACHED:
                self._bases.popitem(last=False)
        return found

    def _new_base(self, number: int) -> tuple[Recipe, Case]:
        cell = self.cells[(number + self._offset) % len(self.cells)]
        last: GrammarError | None = None
        for attempt in range(8):
            seed = seed_of(self.seed, self.digest, "family", number, attempt)
            try:
                recipe, said = self._said(cell, seed, number)
                return recipe, build(recipe, seed=self.seed, index=max(number, 0) * self.size, selection=self.digest, said=said)
            except GrammarError as error:
                last = error
        assert last is not None
        raise last

    def recipe(self, cell: Cell, seed: int, number: int = 0) -> Recipe:
        """Return the recipe of a clean case."""
        return self._said(cell, seed, number)[0]

    def _said(self, cell: Cell, seed: int, number: int) -> tuple[Recipe, tuple[Realised, Alternative]]:
        opened = self._open(cell)
        type_, say, wordings = opened.type, opened.say, opened.wordings
        if TRACE.on:
            TRACE.scope(cell.domain, cell.tag)
        draw = RandomDraw(seed)
        if self.given:
            facts: Facts = type_.typed(self.given[number % len(self.given)])
            choices = {}
        else:
            facts, choices = type_.draw(draw), draw.choices
        surface = RandomDraw(seed ^ _SURFACE)
        said = say.realise(wordings, type_, facts, surface)
        recipe = Recipe(
            domain=cell.domain, task=cell.task, tag=cell.tag, facts=facts, facts_choices=choices, surface=surface.choices, kinds=("clean",), number=number
        )
        return recipe, said

    # --- perturbations -----------------------------------------------------------------------------------------------

    def fitting(self, kind: Kind, tag: str, domain: str) -> list[PerturbationSpec]:
        """Return the perturbations of a kind that a language has what they need for."""
        key = (kind, tag, domain)
        if key not in self._fitting:
            language = load_language(tag)
            names = self.selection.perturbations
            self._fitting[key] = [
                s
                for n, s in PERTURBATIONS.items()
                if (n in names if names else s.default)
                and (kind in s.kinds or names)
                and s.domain in {"", domain}
                and (not s.languages or tag in s.languages or language.base in s.languages)
                and all(language.rows(need) for need in s.needs)
            ]
        return self._fitting[key]

    # --- shrinking and replay ----------------------------------------------------------------------------------------

    def recipe_of(self, case: Case) -> Recipe:
        """Return how a case was made, from its recorded choices; raises ``GrammarError`` when the pack has changed too much."""
        pack = load_pack(case.domain)
        task = pack.task(case.task)
        type_ = pack.schema(case.tag).types[task.type.name]
        choices = case.choices
        entry = str(choices.get("entry", ""))
        facts = type_.typed(_json(case.facts)) if not choices.get("ops") else type_.draw(ReplayDraw(choices.get("facts") or {}))
        if choices.get("ops") and case.trail and all(s.effect.value != "shifts" for s in case.trail):
            facts = type_.typed(_json(case.facts))
        ops = tuple(msgspec.convert(o, Op) for o in choices.get("ops", []))
        surface = choices.get("surface", {}).get(case.tag, {})
        return Recipe(
            domain=case.domain,
            task=case.task,
            tag=case.tag,
            facts=facts,
            facts_choices=choices.get("facts") or {},
            surface=surface,
            ops=ops,
            section=str(choices.get("section", "documents")),
            entry=entry,
            kinds=tuple(k.value for k in case.kinds),
        )


def _fitting_cells(cells: Sequence[Cell], given: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """Return the cells whose record type the first given record has; raises ``UsageError`` for a record that does not fit, naming it."""
    types = {cell: load_pack(cell.domain).task(cell.task).type for cell in cells}
    why: dict[int, GrammarError] = {}
    for type_ in dict.fromkeys(types.values()):
        try:
            type_.typed(given[0])
        except GrammarError as error:
            why[id(type_)] = error
    fitting = [c for c in cells if id(types[c]) not in why]
    if not fitting:
        first = next(iter(why.values()))
        raise UsageError(f"record 1: {first.what}", mend=first.mend or "name the task that the records are for with --task")
    for type_ in dict.fromkeys(types[c] for c in fitting):
        for number, record in enumerate(given, 1):
            try:
                type_.typed(record)
            except GrammarError as error:
                raise UsageError(f"record {number}: {error.what}", mend=f"{error.mend} (one type of record a file)".strip()) from None
    return fitting


def _json(facts: Facts) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(facts)
    return made
