"""Writing values anew, computed from the facts: whole places replaced and named in ``allow``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from robustgen.core.case import Case, Edit, Facts, Span
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import covering, how_many, linked, pick

__all__ = ["STYLES", "depended", "rerender", "state_anew", "style_of"]

STYLES = ("", "number", "grouped", "money", "code", "qty", "long-qty", "percent", "long", "iso", "numeric", "medium")
"""Formats that a place may be written in, the plain form first."""


def rerender(case: Case, draw: Draw, tools: Tools, write: Callable[[str, str], str | None], kinds: Sequence[str]) -> Proposal | NotApplicable:
    """Write the values of some fact places another way; ``write(path, old)`` gives the new text or None."""
    places: list[tuple[Span, str]] = []
    for path, spans in sorted(case.spans.items()):
        field = tools.field(path)
        if field is None or field.kind not in kinds:
            continue
        for span in spans:
            old = case.text[span[0] : span[1]]
            new = None if field.kind in {"int", "decimal", "date"} and linked(case.text, *span) else write(path, old)
            joins = new and (
                _grows(case.text, span[1], new[-1], old[-1]) or (new[0].isdigit() and _BEHIND_NUMBER.search(case.text, 0, span[0]) and not old[0].isdigit())
            )
            if new and new != old and not joins:
                places.append((span, new))
    if not places:
        return NotApplicable("no value that can be written another way")
    places.sort()
    clear = [p for i, p in enumerate(places) if not i or p[0][0] >= places[i - 1][0][1]]
    taken = [clear[i] for i in pick(draw, how_many(draw, len(clear), tools.strength), len(clear))]
    edits = [Edit(s, e, case.text[s:e], new) for (s, e), new in taken]
    return Proposal(edits=edits, allow=covering(tools, edits))


def _grows(text: str, end: int, last: str, old: str) -> bool:
    """Tell whether a value that ends in a letter now would run on into the letters behind it: 33y as thirty-threey."""
    return last.isalpha() and not old.isalpha() and _LETTER.match(text, end) is not None and (last.isascii() or not _UNSPACED.match(last))


_LETTER = regex.compile(r"[\p{L}\p{M}]")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_BEHIND_NUMBER = regex.compile(r"\p{Nd}[ \u00a0]$")


def style_of(tools: Tools, path: str, old: str) -> str | None:
    """Return the format in which a place is written, None when it is none of the known ones."""
    return next((s for s in STYLES if tools.render(path, s) == old), None)


def state_anew(case: Case, tools: Tools, path: str, facts: Facts | None) -> list[Edit] | NotApplicable:
    """Return the edits that state another value at every place of one fact, in the format that stands there."""
    if facts is None:
        return NotApplicable("no other value fits the record")
    edits = []
    for start, end in case.spans[path]:
        old = case.text[start:end]
        style = style_of(tools, path, old)
        new = tools.render_value(path, facts, style) if style is not None else None
        if new is None or new == old:
            return NotApplicable("the place cannot be written anew")
        edits.append(Edit(start, end, old, new))
    if any(p != path and tools.field(p) is not None and tools.differs(p, facts) for p in case.spans if case.spans[p]):
        return NotApplicable("another stated fact would change too")
    return edits


def depended(case: Case, tools: Tools, kinds: Sequence[str]) -> list[str]:
    """Return the stated fields of some kinds that the answer depends on."""
    found = []
    for path in sorted(case.spans):
        field = tools.field(path) if case.spans[path] else None
        if field is not None and field.depends and field.kind in kinds:
            found.append(path)
    return found
