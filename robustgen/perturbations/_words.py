"""Words and phrases of a resource: finding them in free text and writing what the resource offers instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import free_places, how_many, pick

__all__ = ["listed", "places_of", "replace_listed", "with_case"]

Place = tuple[int, str, Sequence[str]]
"""Start, what stands there, what may stand there instead."""


def with_case(old: str, new: str) -> str:
    """Return a word with the capitals of the one that it replaces."""
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def listed(word: str, table: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return what a table of lower-case words offers for a word, in its case."""
    found = table.get(word)
    return found if found is not None else [with_case(word, new) for new in table.get(word.lower(), ())]


@lru_cache(maxsize=128)
def _pattern(language: Language, resource: str, key: str, value: str) -> regex.Pattern[str]:
    forms = sorted(language.mapping(resource, key, value), key=lambda f: (-len(f), f))
    edge = (r"(?<![\p{L}\p{M}\p{N}'’-])", r"(?![\p{L}\p{M}\p{N}'’-])") if language.spaced else ("", "")
    return regex.compile(rf"{edge[0]}(?:{'|'.join(map(regex.escape, forms))}){edge[1]}", regex.IGNORECASE)


def places_of(case: Case, tools: Tools, resource: str, key: str, value: str) -> list[Place]:
    """Return where free text holds a form of a resource, with what the resource offers for it."""
    table = tools.language.mapping(resource, key, value)
    found = [(m.start(), m[0]) for m in _pattern(tools.language, resource, key, value).finditer(case.text)]
    inside = set(free_places(case, tools, [i for start, old in found for i in range(start, start + len(old))]))
    places: list[Place] = []
    for start, old in found:
        new = [n for n in listed(old, table) if n != old]
        if new and all(i in inside for i in range(start, start + len(old))):
            places.append((start, old, new))
    return places


def replace_listed(case: Case, draw: Draw, tools: Tools, places: Sequence[Place], why: str) -> Proposal | NotApplicable:
    """Replace some of the places."""
    if not places:
        return NotApplicable(why)
    edits = []
    for index in pick(draw, how_many(draw, len(places), tools.strength), len(places)):
        start, old, new = places[index]
        edits.append(Edit(start, start + len(old), old, new[draw.below(len(new))] if len(new) > 1 else new[0]))
    return Proposal(edits=edits)
