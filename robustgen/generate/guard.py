"""What no edit may touch: the places of facts, and numbers, negations and modals wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import regex

from robustgen.core.case import Span
from robustgen.core.language import Language

__all__ = ["found_spans", "merge"]

_NUMBER = r"[\p{Sc}<>≤≥±~]?\p{Nd}+(?:(?:[.,:/\-\u2013\u066b\u066c'’ \u00a0\u202f]|\s?[x×]\s?)?\p{Nd}+)*(?:\s?(?:%|\p{Sc}))?"
_CODE = r"\b(?=\w*\p{Nd})(?=\w*\p{L})[\w-]+\b"
_LATIN_CODE = r"(?<![A-Za-z0-9_])(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]+"


@lru_cache(maxsize=64)
def _pattern(language: Language) -> regex.Pattern[str]:
    words = {row["text"].strip() for name in ("negations", "modals", "numberwords") for row in language.rows(name) if row.get("text")}
    ordered = sorted((w for w in words if w), key=lambda w: (-len(w), w))
    listed = "|".join(regex.escape(w) for w in ordered)
    edge = r"\b" if language.spaced else ""
    more = r"\p{L}*" if language.spaced else ""  # a word behind a number that begins like a unit must not be cut down to it
    signs = {r["word"] for r in language.rows("spoken") if r.get("kind") == "sign"}
    units = sorted({r["form"] for r in language.rows("units") if r.get("form")} | signs, key=lambda u: (-len(u), u))
    unit = rf"(?:[ \u00a0\u202f-]?(?:{'|'.join(map(regex.escape, units))}){more})?" if units else ""
    parts = [rf"{edge}(?:{listed}){edge}"] if listed else []
    return regex.compile("|".join([*parts, _NUMBER + unit, _CODE if language.spaced else _LATIN_CODE]), regex.IGNORECASE)


def found_spans(text: str, language: Language) -> list[Span]:
    """Return the places of numbers, codes, negations and modals in any text."""
    return [m.span() for m in _pattern(language).finditer(text) if m.end() > m.start()]


def merge(spans: Iterable[Span]) -> Sequence[Span]:
    """Return spans sorted, with those that touch or overlap joined."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made
