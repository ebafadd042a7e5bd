"""What no edit may touch: the places of facts, and numbers, negations and modals wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from robustgen.core.case import Edit, Span
from robustgen.core.language import Language
from robustgen.generate.cldr import calendar_names, day_parts, unit_forms

__all__ = ["found_spans", "joins"]

_NUMBER = r"[\p{Sc}<>≤≥±~]?\p{Nd}+(?:(?:[.,:/\-\u2013\u066b\u066c'’ \u00a0\u202f]|\s?[x×]\s?)?\p{Nd}+)*(?:\s?(?:%|\p{Sc}))?"
_CODE = r"\b(?=[\w-]*\p{Nd})(?=[\w-]*\p{L})[\w-]+\b"
_PLAIN_CODE = r"\b(?=[\w-]*[0-9])(?=[\w-]*[A-Za-z])[\w-]+\b"
_LATIN_CODE = r"(?<![A-Za-z0-9_])(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]+"
_TOKEN = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_SIGNS = "<>≤≥±~$"
_KEPT = 65536
_LETTER = r"\p{L}"


class _Patterns(NamedTuple):
    """How a language's protected text is found: by its words where words have borders, else by the listed pieces."""

    looked: _Looked
    begun: dict[str, regex.Pattern[str] | None]
    """What may begin with a word, by the word in small letters; None where it is the word alone."""
    listed: regex.Pattern[str] | None
    numbers: regex.Pattern[str]
    plain_numbers: re.Pattern[str]
    """The same for plain text, for which the plainer engine is faster."""
    months: frozenset[str]
    dates: regex.Pattern[str] | None


class _Looked(dict[str, tuple[str, ...]]):
    """The words with which a listed piece may begin, in small letters, by what stands between two blanks; found once for each."""

    def __init__(self, starts: Iterable[str]) -> None:
        super().__init__()
        self._starts = frozenset(starts)

    def __missing__(self, piece: str) -> tuple[str, ...]:
        if len(self) > _KEPT:
            self.clear()
        found = self[piece] = tuple(sorted(self._starts.intersection(_TOKEN.findall(piece.casefold()))))
        return found


@lru_cache(maxsize=64)
def _patterns(language: Language) -> _Patterns:
    names = frozenset().union(*calendar_names(language.locale))
    words = set(names) | {row["text"].strip() for name in ("negations", "modals", "numberwords") for row in language.rows(name) if row.get("text")}
    ordered = sorted((w for w in words if w), key=lambda w: (-len(w), w))
    counted = [w for row in language.rows("numberwords") if (w := row["text"].strip()) and (language.spaced or len(w) == 1)]
    edge = r"\b" if language.spaced else ""
    more = r"\p{L}*" if language.spaced else ""  # a word behind a number that begins like a unit must not be cut down to it
    signs = {r["word"] for r in language.rows("spoken") if r.get("kind") == "sign"} | {r["form"].strip() for r in language.rows("scale_words")}
    units = {r["form"] for r in language.rows("units") if r.get("form")} | signs
    units |= {*unit_forms(language.locale, spaced=language.spaced), *day_parts(language.locale)}
    counter = "" if language.spaced else r"|\p{Han}"  # what is counted follows at once
    unit = rf"(?:\)?[ \u00a0\u202f-]?(?:{_either(units)}){more}{counter})?" if units else ""
    begun: dict[str, list[str]] = {}
    for word in ordered:
        for first in _TOKEN.findall(word.casefold())[:1]:
            begun.setdefault(first, []).append(word)
    months = calendar_names(language.locale, wide=False)[0]
    plain = _NUMBER.replace(r"\p{Nd}", "[0-9]").replace(r"\p{Sc}", "$")
    plain_unit = rf"(?:\)?[ -]?(?:{_either(u for u in units if u.isascii())}){more.replace(_LETTER, '[A-Za-z]')})?" if units else ""
    return _Patterns(
        looked=_Looked(begun),
        begun={first: _begins(first, some, set(counted), edge, unit) for first, some in begun.items()},
        listed=_pieces(ordered, counted, edge, unit) if ordered else None,
        numbers=regex.compile(f"{_NUMBER}{unit}|{_CODE if language.spaced else _LATIN_CODE}", regex.IGNORECASE),
        months=frozenset(m.casefold() for m in months),
        dates=_written(months) if language.spaced else None,
        plain_numbers=re.compile(f"{plain}{plain_unit}|{_PLAIN_CODE if language.spaced else _LATIN_CODE}", re.IGNORECASE | re.ASCII),
    )


def _written(months: Iterable[str]) -> regex.Pattern[str]:
    """Return the pattern of dates whose month is a word: 4 March 2026, March 4th, 2026, 4 de marzo de 2026."""
    month, join = rf"(?:{_either(months)})\.?", r"(?:\s\p{L}{2,3})?"
    return regex.compile(
        rf"(?<!\p{{Nd}})\p{{Nd}}{{1,2}}(?:\p{{L}}{{1,2}}|\.|\u00ba)?{join}\s{month}(?:,?{join}\s\p{{Nd}}{{4}})?\b"
        rf"|\b{month}\s\p{{Nd}}{{1,2}}(?:\p{{L}}{{2}})?(?!\p{{Nd}})(?:,?\s\p{{Nd}}{{4}})?\b",
        regex.IGNORECASE,
    )


def _begins(first: str, words: Sequence[str], counted: set[str], edge: str, unit: str) -> regex.Pattern[str] | None:
    """Return the pattern of the listed pieces that begin with a word, those that count together with the unit behind them; None for the word alone."""
    some = [w for w in words if w in counted]
    if not some and [w.casefold() for w in words] == [first]:
        return None
    return _pieces(words, some, edge, unit)


def _pieces(words: Sequence[str], counted: Sequence[str], edge: str, unit: str) -> regex.Pattern[str]:
    """Return the pattern of listed pieces: those that begin with a number word, such as segunda-feira, number words with their unit, the others."""
    longer = [w for w in words if w not in counted and w.startswith(tuple(counted))]
    ways = (_either(longer), _either(counted), _either(words))
    return regex.compile(rf"{edge}(?:{ways[0]}){edge}|{edge}(?:{ways[1]}){edge}{unit}|{edge}(?:{ways[2]}){edge}", regex.IGNORECASE)


def _either(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, the longest first."""
    return "|".join(regex.escape(w).replace("'", "['\u2019]") for w in sorted(words, key=lambda w: (-len(w), w))) or r"(?!)"


def found_spans(text: str, language: Language) -> list[Span]:
    """Return the places of numbers, codes, negations and modals in any text."""
    patterns = _patterns(language)
    numbers = _numbers(text, patterns.plain_numbers if text.isascii() else patterns.numbers)
    listed = _listed(text, patterns, spaced=language.spaced)
    dates = patterns.dates
    if numbers and dates is not None and not patterns.months.isdisjoint([text[s:e].casefold() for s, e in listed]):
        numbers += [m.span() for m in dates.finditer(text)]
    return [*listed, *numbers]


def _listed(text: str, patterns: _Patterns, *, spaced: bool) -> list[Span]:
    """Return the places of listed words; in scripts with word borders they are looked for only where one of them can begin."""
    if patterns.listed is None:
        return []
    lower = text.casefold()
    if not spaced or len(lower) != len(text):
        return [m.span() for m in patterns.listed.finditer(text)]
    found = []
    looked, size = patterns.looked, len(lower)
    for word in {word for piece in text.split() if (words := looked[piece]) for word in words}:
        more, at = patterns.begun[word], lower.find(word)
        while at >= 0:
            end = at + len(word)
            # it begins and ends at the borders of words
            if not ((at and ((c := lower[at - 1]).isalnum() or c == "_")) or (end < size and ((c := lower[end]).isalnum() or c == "_"))):
                if more is None:
                    found.append((at, end))
                elif here := more.match(text, at):
                    found.append(here.span())
            at = lower.find(word, end)
    return found


def _numbers(text: str, pattern: regex.Pattern[str] | re.Pattern[str]) -> list[Span]:
    """Return the places of numbers and codes, which are looked for only around digits."""
    found: list[Span] = []
    at = 0
    while digit := _DIGIT.search(text, at):
        first = start = digit.start()
        while start > at and ((c := text[start - 1]).isalnum() or c in "_-"):
            start -= 1
        if start > at and ((c := text[start - 1]) in _SIGNS or not c.isascii()):
            start -= 1
        here = pattern.search(text, start)
        if here is None:
            break
        at = here.end()
        if at > first:
            found.append(here.span())
        else:
            at = first + 1
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
