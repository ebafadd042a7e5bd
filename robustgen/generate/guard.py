"""What no edit may touch: the places of facts, and numbers, negations and modals wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from robustgen.core.case import Edit, Span
from robustgen.core.language import Language

__all__ = ["found_spans", "joins"]

_NUMBER = r"[\p{Sc}<>≤≥±~]?\p{Nd}+(?:(?:[.,:/\-\u2013\u066b\u066c'’ \u00a0\u202f]|\s?[x×]\s?)?\p{Nd}+)*(?:\s?(?:%|\p{Sc}))?"
_CODE = r"\b(?=\w*\p{Nd})(?=\w*\p{L})[\w-]+\b"
_LATIN_CODE = r"(?<![A-Za-z0-9_])(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]+"
_TOKEN = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_SIGNS = "<>≤≥±~"
_PLAIN = bytes(i if i > 127 or chr(i).isalnum() or i == 95 else 32 for i in range(256))
"""Every letter of ASCII as it is, everything between words as a space."""


class _Patterns(NamedTuple):
    """How a language's protected text is found: by its words where words have borders, else by the listed pieces."""

    starts: frozenset[str]
    ascii_starts: frozenset[bytes]
    listed: regex.Pattern[str] | None
    numbers: regex.Pattern[str]


@lru_cache(maxsize=64)
def _patterns(language: Language) -> _Patterns:
    words = {row["text"].strip() for name in ("negations", "modals", "numberwords") for row in language.rows(name) if row.get("text")}
    ordered = sorted((w for w in words if w), key=lambda w: (-len(w), w))
    listed, counted = _either(ordered), [w for w in (row["text"].strip() for row in language.rows("numberwords")) if w]
    edge = r"\b" if language.spaced else ""
    more = r"\p{L}*" if language.spaced else ""  # a word behind a number that begins like a unit must not be cut down to it
    signs = {r["word"] for r in language.rows("spoken") if r.get("kind") == "sign"} | {r["form"].strip() for r in language.rows("scale_words")}
    units = {r["form"] for r in language.rows("units") if r.get("form")} | signs
    unit = rf"(?:\)?[ \u00a0\u202f-]?(?:{_either(units)}){more})?" if units else ""
    starts = frozenset(t for w in ordered for t in _TOKEN.findall(w.casefold())[:1])
    return _Patterns(
        starts=starts,
        ascii_starts=frozenset(t.encode() for t in starts if t.isascii()),
        listed=regex.compile(rf"{edge}(?:{_either(counted)}){edge}{unit}|{edge}(?:{listed}){edge}", regex.IGNORECASE) if listed else None,
        numbers=regex.compile(f"{_NUMBER}{unit}|{_CODE if language.spaced else _LATIN_CODE}", regex.IGNORECASE),
    )


def _either(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, the longest first."""
    return "|".join(map(regex.escape, sorted(words, key=lambda w: (-len(w), w)))) or r"(?!)"


def found_spans(text: str, language: Language) -> list[Span]:
    """Return the places of numbers, codes, negations and modals in any text."""
    patterns = _patterns(language)
    return [*_listed(text, patterns, spaced=language.spaced), *_numbers(text, patterns.numbers)]


def _begun(lower: str, patterns: _Patterns) -> Iterable[str]:
    """Return the words of a text in small letters with which a listed piece may begin; plain bytes are cut into words faster."""
    if lower.isascii():
        return map(bytes.decode, patterns.ascii_starts.intersection(lower.encode().translate(_PLAIN).split()))
    return patterns.starts.intersection(_TOKEN.findall(lower))


def _listed(text: str, patterns: _Patterns, *, spaced: bool) -> list[Span]:
    """Return the places of listed words; in scripts with word borders they are looked for only where one of them can begin."""
    if patterns.listed is None:
        return []
    lower = text.casefold()
    if not spaced or len(lower) != len(text):
        return [m.span() for m in patterns.listed.finditer(text)]
    found = []
    for word in _begun(lower, patterns):
        at = lower.find(word)
        while at >= 0:
            end = at + len(word)
            if not (_inside(lower[at - 1 : at]) or _inside(lower[end : end + 1])):
                here = patterns.listed.match(text, at)  # it begins and ends at the borders of words
                if here is not None:
                    found.append(here.span())
            at = lower.find(word, end)
    return found


def _inside(beside: str) -> bool:
    """Tell whether what stands beside a piece of text belongs to the same word."""
    return beside.isalnum() or beside == "_"


def _numbers(text: str, pattern: regex.Pattern[str]) -> list[Span]:
    """Return the places of numbers and codes, which are looked for only around digits."""
    found: list[Span] = []
    at = 0
    while digit := _DIGIT.search(text, at):
        start = digit.start()
        while start > at and (text[start - 1].isalnum() or text[start - 1] in "_-"):
            start -= 1
        if start > at and (text[start - 1] in _SIGNS or not text[start - 1].isascii() or text[start - 1] == "$"):
            start -= 1
        here = pattern.search(text, start)
        if here is None:
            break
        if here.end() > digit.start():
            found.append(here.span())
        at = max(here.end(), digit.end())
    return found


def joins(text: str, edits: Sequence[Edit], protected: Sequence[Span]) -> str:
    """Return a protected piece that an edit joins with letters of its own, so that neither can be read: "750 mLRL"; empty when there is none.

    Protected spans stand in order and apart.
    """
    for edit in edits:
        before, after = text[edit.start - 1 : edit.start], text[edit.end : edit.end + 1]
        inner = (edit.old[:1] or after, edit.old[-1:] or before)  # what stood at the two borders so far
        for beside, at, own, was in ((before, edit.start - 1, edit.new[:1], inner[0]), (after, edit.end, edit.new[-1:], inner[1])):
            if _latin(beside) and _latin(own) and not _latin(was):
                found = next((text[s:e] for s, e in protected if s <= at < e), "")
                if found:
                    return found
    return ""


def _latin(c: str) -> bool:
    """Tell whether a character is a digit or a letter of the Latin script."""
    return c.isalnum() and c < "\u0250"
