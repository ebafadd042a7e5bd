"""Does the wording of an edge case tell the facts that make it one? A document may leave facts out, and an answer that rests on such a fact would be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from robustgen.core.case import Facts
from robustgen.core.draw import ReplayDraw
from robustgen.errors import GrammarError
from robustgen.generate.recipe import Recipe
from robustgen.grammar.say import Alternative, Say
from robustgen.grammar.schema import RecordType
from robustgen.packs.pack import Pack
from robustgen.packs.tasks import Task

__all__ = ["untold"]


def untold(pack: Pack, task: Task, recipe: Recipe, chosen: Alternative, text: str) -> Iterator[str]:
    """Yield the fields that an edge sets, on which the answer rests, and without which the same wording gives the same text.

    ``text`` is what the wording makes of the recipe. A field that the wording itself means counts as told.
    """
    say, type_ = pack.say(recipe.tag), pack.schema(recipe.tag).types[task.type.name]
    means = {_head(path) for path, _ in chosen.means}
    expected = task.expected(recipe.facts).accept
    first = next((n for n in (0, 1) if _written(say, chosen, type_, recipe.facts, _draw(recipe, n)) == text), 0)
    for name in dict.fromkeys(map(_head, _set_by(pack, recipe))):
        plain = _without(type_, recipe.facts, name)
        if name not in means and plain is not None and _written(say, chosen, type_, plain, _draw(recipe, first)) == text and _accepted(task, plain) != expected:
            yield name


def _set_by(pack: Pack, recipe: Recipe) -> list[str]:
    """Return the paths that the recipe's edge sets: those of its entry, or the one whose boundary value it takes."""
    entry = pack.edges.get(recipe.entry)
    return list(entry.set) if entry else [recipe.entry.partition(":")[2]]


def _head(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _without(type_: RecordType, facts: Facts, name: str) -> Facts | None:
    """Return the facts with the plainest value of a field; None where that is the same."""
    try:
        plainest = type_.fields[name].draw(ReplayDraw(), type_.view(facts))
    except GrammarError:
        return None  # a list whose items must differ has no plainest one
    if plainest == facts.get(name):
        return None
    try:
        return type_.with_value(facts, name, plainest, ReplayDraw())
    except (GrammarError, KeyError, TypeError):
        return {**facts, name: plainest}  # no such record, but the wording and the answer can be asked all the same


def _draw(recipe: Recipe, first: int) -> ReplayDraw:
    """Return the choices of a recipe's wording; the first one chose among several wordings, where there were several."""
    draw = ReplayDraw(recipe.surface)
    for _ in range(first):
        draw.below(1)
    return draw


def _written(say: Say, chosen: Alternative, type_: RecordType, facts: Facts, draw: ReplayDraw) -> str:
    try:
        return say.write(chosen, type_, facts, draw).text
    except (GrammarError, KeyError, TypeError, ValueError, AttributeError):
        return ""  # the wording asks for the field, so it tells it


def _accepted(task: Task, facts: Facts) -> object:
    try:
        return task.expected(facts).accept
    except GrammarError:
        return None
