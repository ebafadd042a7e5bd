"""Passages of a text that state nothing: what a shrinker may leave out so that a page becomes the lines that matter.

A passage is what one part of a wording wrote. It may go when no fact loses its only place in the text, and when what goes are whole lines
or whole sentences. Passages are numbered as they are written; a recipe names those that are left out beside the choices of its wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from robustgen.core.draw import OUT, Choices, ReplayDraw
from robustgen.core.plugins import Realised
from robustgen.errors import RobustgenError
from robustgen.generate.recipe import Recipe
from robustgen.packs.pack import load_pack

__all__ = ["fillers", "without"]

MOST = 400
"""Passages of a text that are looked at."""
_END = re.compile(r"[.!?:;\u2026\u3002\uff01\uff1f\u061f\u0964\u00bb\u201d\")\]]\Z")


def without(surface: Choices, passages: Iterable[int]) -> Choices:
    """Return the record of a wording with some passages left out, besides those that are."""
    out = sorted({*surface.get(OUT, ()), *passages})
    return {**surface, OUT: out} if out else surface


def fillers(recipe: Recipe) -> list[int]:
    """Return the passages that state nothing and stand in lines or sentences of their own, in the order in which they are written."""
    if recipe.section == "ambiguous" or not any(recipe.surface.values()):
        return []
    draw = ReplayDraw(recipe.surface)
    try:
        whole = _said(recipe, draw)
    except RobustgenError:
        return []
    found, seen = [], {whole.text}
    for number in range(min(draw.passages, MOST)):
        try:
            less = _said(recipe, ReplayDraw(without(recipe.surface, [number])))
        except RobustgenError:
            continue
        if less.text not in seen and less.spans.keys() == whole.spans.keys() and _whole_passage(whole.text, less.text):
            seen.add(less.text)
            found.append(number)
    return found


def _said(recipe: Recipe, draw: ReplayDraw) -> Realised:
    """Return the clean text of a recipe."""
    pack = load_pack(recipe.domain)
    task, say = pack.task(recipe.task), pack.say(recipe.tag)
    wordings = say.alternatives(recipe.section, recipe.entry or task.name) or say.alternatives("documents", task.name)
    return say.realise(wordings, pack.schema(recipe.tag).types[task.type.name], recipe.facts, draw)[0]


@lru_cache(maxsize=1024)
def _whole_passage(before: str, after: str) -> bool:
    """Tell whether one text is the other without some whole lines or sentences."""
    gone = len(before) - len(after)
    if gone <= 0 or not after.strip():
        return False
    first = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    for start in range(first, max(first - gone, -1), -1):  # a passage that starts as what follows it can be cut out in several places
        if after[start:] != before[start + gone :]:
            return False
        head, passage, tail = before[:start], before[start : start + gone], before[start + gone :]
        lines = (not head or head.endswith("\n") or passage.startswith("\n")) and (not tail or tail.startswith("\n") or passage.endswith("\n"))
        said = head.rstrip()
        sentence = (not said or _END.search(said) or head[len(said) :].count("\n")) and _END.search(passage.strip())
        if passage.strip() and (lines or sentence):
            return True
    return False
