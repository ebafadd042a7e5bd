"""Cases that are catalogued: ambiguities with their proof, edge cases by name, and boundary values that the schema knows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from robustgen.core.case import Facts
from robustgen.core.draw import RandomDraw
from robustgen.generate.recipe import Recipe
from robustgen.packs.pack import Ambiguity, load_pack

__all__ = ["catalogued", "edge", "known_ambiguities"]


def known_ambiguities(recipe: Recipe) -> Sequence[Ambiguity]:
    """Return the catalogued ambiguities of a task that a language has wordings for."""
    pack = load_pack(recipe.domain)
    say = pack.say(recipe.tag)
    return [a for a in pack.ambiguities.values() if recipe.task in a.tasks and say.alternatives("ambiguous", a.id)]


def catalogued(recipe: Recipe, entry: Ambiguity, draw: RandomDraw) -> Recipe:
    """Return the recipe of one catalogued ambiguity on fresh facts."""
    pack = load_pack(recipe.domain)
    say, task = pack.say(recipe.tag), pack.task(recipe.task)
    every = say.alternatives("ambiguous", entry.id)
    settled = [a for a in every if a.settled]
    wanted = settled if settled and draw.below(2) else [a for a in every if not a.settled] or every
    type_ = pack.schema(recipe.tag).types[task.type.name]
    facts = type_.draw(draw)
    facts = pack.set_values(task, facts, {**entry.set, **(entry.settle if wanted is settled else {})}, recipe.tag, draw)
    chosen = wanted[draw.below(len(wanted))]
    facts = pack.set_values(task, facts, dict(chosen.means), recipe.tag, draw)
    surface = RandomDraw(draw.below(1 << 30))
    say.realise(wanted, type_, facts, surface)
    kinds = ("ambiguous", "settled") if wanted is settled else ("ambiguous",)
    return msgspec.structs.replace(recipe, facts=facts, facts_choices=draw.choices, surface=surface.choices, section="ambiguous", entry=entry.id, kinds=kinds)


def edge(recipe: Recipe, draw: RandomDraw) -> Recipe | None:
    """Return the recipe of a catalogued edge case, else of a boundary value from the schema."""
    pack = load_pack(recipe.domain)
    task, say = pack.task(recipe.task), pack.say(recipe.tag)
    known = [e for e in pack.edges.values() if recipe.task in e.tasks]
    pick = draw.below(len(known) + 2)
    if pick < len(known):
        edge = known[pick]
        facts = pack.set_values(task, recipe.facts, edge.set, recipe.tag, draw)
        return _edge_recipe(recipe, facts, edge.id)
    type_ = pack.schema(recipe.tag).types[task.type.name]
    view = type_.view(recipe.facts)
    fields = [f for n, f in type_.fields.items() if recipe.facts.get(n) is not None and f.boundaries(view)]
    if not fields:
        return None
    field = fields[draw.below(len(fields))]
    values = field.boundaries(view)
    facts = type_.with_value(recipe.facts, field.name, values[draw.below(len(values))], draw)
    say.alternatives("documents", task.name)
    return _edge_recipe(recipe, facts, f"boundary:{field.name}")


def _edge_recipe(recipe: Recipe, facts: Facts, entry: str) -> Recipe:
    return msgspec.structs.replace(recipe, facts=facts, section="edges", entry=entry, kinds=("edge",))
