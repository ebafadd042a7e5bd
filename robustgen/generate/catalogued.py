"""Cases that are catalogued: ambiguities with their proof, edge cases by name, and boundary values that the schema knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from robustgen.core.case import Facts, Kind
from robustgen.core.draw import RandomDraw
from robustgen.generate.build import Unfit
from robustgen.generate.recipe import Recipe
from robustgen.grammar.schema import RecordType
from robustgen.packs.pack import Ambiguity, load_pack

__all__ = ["BOUNDARY", "Entry", "boundary_values", "catalogued", "entries", "entry_recipe"]


BOUNDARY = "boundary"
"""In place of an id: a boundary value that the schema knows."""


class Entry(NamedTuple):
    """A catalogued ambiguity or edge case with the tasks that it concerns."""

    id: str
    kind: Kind
    tasks: tuple[str, ...]


def entries(domain: str, tag: str, tasks: Sequence[str], kind: Kind) -> list[Entry]:
    """Return the catalogue entries of a kind that some of the tasks have in a language; for edges also the tasks' boundary values."""
    pack = load_pack(domain)
    if kind is Kind.ambiguous:
        say = pack.say(tag)
        known = [Entry(a.id, kind, tuple(t for t in a.tasks if t in tasks)) for a in pack.ambiguities.values() if say.alternatives("ambiguous", a.id)]
    elif kind is Kind.edge:
        known = [Entry(e.id, kind, tuple(t for t in e.tasks if t in tasks)) for e in pack.edges.values()]
        known += [Entry(BOUNDARY, kind, tuple(tasks))] * (1 + len(known) // 3)
    else:
        known = []
    return [e for e in known if e.tasks]


def entry_recipe(entry: Entry, recipe: Recipe, draw: RandomDraw) -> Recipe:
    """Return the recipe of a case that an entry asks for; raises ``Unfit`` where a task has no boundary values, ``GrammarError`` where facts do not fit."""
    pack = load_pack(recipe.domain)
    if entry.kind is Kind.ambiguous:
        return catalogued(recipe, pack.ambiguities[entry.id], draw)
    if entry.id != BOUNDARY:
        return _edge_recipe(recipe, pack.set_values(pack.task(recipe.task), recipe.facts, pack.edges[entry.id].set, recipe.tag, draw), entry.id)
    type_ = pack.schema(recipe.tag).types[pack.task(recipe.task).type.name]
    places = [(path, values) for path, values in boundary_values(type_, recipe.facts) if values]
    if not places:
        raise Unfit(f"{recipe.task}: no field has boundary values")
    path, values = places[draw.below(len(places))]
    return _edge_recipe(recipe, type_.with_value(recipe.facts, path, values[draw.below(len(values))], draw), f"{BOUNDARY}:{_plain(path)}")


def catalogued(recipe: Recipe, entry: Ambiguity, draw: RandomDraw, *, settled: bool | None = None) -> Recipe:
    """Return the recipe of one catalogued ambiguity on fresh facts; ``settled`` asks for the wordings with or without the deciding fact."""
    pack = load_pack(recipe.domain)
    say, task = pack.say(recipe.tag), pack.task(recipe.task)
    every = say.alternatives("ambiguous", entry.id)
    deciding = [a for a in every if a.settled]
    clear = bool(deciding) and (bool(draw.below(2)) if settled is None else settled)
    wanted = deciding if clear else [a for a in every if not a.settled] or every
    type_ = pack.schema(recipe.tag).types[task.type.name]
    facts = type_.draw(draw)
    facts = pack.set_values(task, facts, {**entry.set, **(entry.settle if clear else {})}, recipe.tag, draw)
    chosen = wanted[draw.below(len(wanted))]
    facts = pack.set_values(task, facts, dict(chosen.means), recipe.tag, draw)
    surface = RandomDraw(draw.below(1 << 30))
    say.realise(wanted, type_, facts, surface)
    return msgspec.structs.replace(
        recipe,
        facts=facts,
        facts_choices=draw.choices,
        surface=surface.choices,
        section="ambiguous",
        entry=entry.id,
        kinds=("ambiguous", "settled") if clear else ("ambiguous",),
    )


def boundary_values(type_: RecordType, facts: Facts, prefix: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield every fact path that has boundary values, those of inner records and list items too."""
    view = type_.view(facts)
    for name, field in type_.fields.items():
        value = facts.get(name)
        if value is None:
            continue
        yield prefix + name, [v for v in field.boundaries(view) if v != value]
        inner = field if field.kind == "record" else field.item
        if inner is None or inner.kind != "record":
            continue
        of = type_.schema.types[inner.spec.of]
        if field.kind == "record":
            yield from boundary_values(of, value, f"{prefix}{name}.")
        else:
            for i, item in enumerate(value):
                yield from boundary_values(of, item, f"{prefix}{name}[{i}].")


def _plain(path: str) -> str:
    """Return a path without list positions."""
    return re.sub(r"\[\d+\]", "", path)


def _edge_recipe(recipe: Recipe, facts: Facts, entry: str) -> Recipe:
    return msgspec.structs.replace(recipe, facts=facts, section="edges", entry=entry, kinds=("edge",))
