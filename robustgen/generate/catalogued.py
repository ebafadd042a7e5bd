"""Cases that are catalogued: ambiguities with their proof, edge cases by name, and boundary values that the schema knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from robustgen.core.case import Facts
from robustgen.core.draw import RandomDraw
from robustgen.generate.recipe import Recipe
from robustgen.grammar.schema import RecordType
from robustgen.packs.pack import Ambiguity, load_pack

__all__ = ["boundary_values", "catalogued", "edge", "known_ambiguities"]


def known_ambiguities(recipe: Recipe) -> Sequence[Ambiguity]:
    """Return the catalogued ambiguities of a task that a language has wordings for."""
    pack = load_pack(recipe.domain)
    say = pack.say(recipe.tag)
    return [a for a in pack.ambiguities.values() if recipe.task in a.tasks and say.alternatives("ambiguous", a.id)]


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


def edge(recipe: Recipe, draw: RandomDraw) -> Recipe | None:
    """Return the recipe of a catalogued edge case, else of a boundary value from the schema; None where there is neither."""
    pack = load_pack(recipe.domain)
    task = pack.task(recipe.task)
    known = [e for e in pack.edges.values() if recipe.task in e.tasks]
    pick = draw.below(len(known) + 2)
    if pick < len(known):
        facts = pack.set_values(task, recipe.facts, known[pick].set, recipe.tag, draw)
        return _edge_recipe(recipe, facts, known[pick].id)
    type_ = pack.schema(recipe.tag).types[task.type.name]
    places = [(path, values) for path, values in boundary_values(type_, recipe.facts) if values]
    if not places:
        return None
    path, values = places[draw.below(len(places))]
    return _edge_recipe(recipe, type_.with_value(recipe.facts, path, values[draw.below(len(values))], draw), f"boundary:{_plain(path)}")


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
