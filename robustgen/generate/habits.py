"""What a profile counts, in a log and in what is generated: shapes of dates and numbers, the case of whole texts, abbreviations.

A habit bears the name of the perturbation that writes so.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec
import regex

from robustgen.core.language import Language

__all__ = ["CASES", "DATES", "HABITS", "LEAST", "NUMBERS", "Habit", "case_of", "shortened"]

LEAST = {"neighbour_key": 4, "swap_letters": 4, "double_letter": 4, "extra_letter": 4, "drop_letter": 5}
"""Letters that a word must have to bear a slip of each kind."""
CASES = {"lower": "lower_words", "upper": "all_capitals"}
"""Case of a whole text to the perturbation that writes it so."""
DATES = {
    "iso": regex.compile(r"\b\d{4}-\d\d-\d\d\b"),
    "year_first": regex.compile(r"\b\d{4}/\d\d?/\d\d?\b"),
    "form": regex.compile(r"\b\d\d-\p{Lu}{3,5}\.?-\d{4}\b"),
    "slashed": regex.compile(r"(?<![\d/])\d\d?/\d\d?/\d{2,4}(?![\d/])"),
    "dotted": regex.compile(r"(?<![\d.])\d\d?\.\d\d?\.(?:\d{4}|\d\d)(?![\d.])"),
    "written": regex.compile(
        r"\b\d{1,2}(?:\p{L}{1,2}|\.|º)?\s+(?:\p{L}{1,2}\s+)?\p{L}{3,}\.?,?\s+(?:\p{L}{1,2}\s+)?\d{4}\b|\b\p{L}{3,}\.?\s+\d{1,2}(?:\p{L}{2})?,?\s+\d{4}\b"
        r"|\d{4}\s?\p{Lo}\s?\d{1,2}\s?\p{Lo}\s?\d{1,2}\s?\p{Lo}"
    ),
}
_DAY = r"(?<![\p{L}\d.,/:-])"
NUMBERS = {
    "grouped_comma": regex.compile(_DAY + r"\d{1,3}(?:,\d{3})+(?![,\d])"),
    "grouped_point": regex.compile(_DAY + r"\d{1,3}(?:\.\d{3})+(?![.\d])"),
    "grouped_space": regex.compile(_DAY + r"\d{1,3}(?:[\u00a0\u202f]\d{3})+(?!\d)"),
    "ungrouped_amount": regex.compile(r"(?<=\p{Sc}[ \u00a0]?)\d{4,}(?!\d)(?!,\d{3})|" + _DAY + r"\d{4,}(?=[.,]\d\d(?![\d.,]))"),
    "decimal_comma": regex.compile(_DAY + r"\d+,\d{1,2}(?![\d.,]*\d)"),
    "decimal_point": regex.compile(_DAY + r"(?:\d+|\d{1,3}(?:,\d{3})+)\.\d{1,2}(?![\d.,]*\d)"),
    "below_one": regex.compile(_DAY + r"0[.,]\d+(?![\d.,]*\d)"),
    "naked_decimal": regex.compile(r"(?<![\p{L}\p{N}_.,:/)-])[.,]\d+(?![\d.,]*\d)"),
    "plain": regex.compile(r"(?<![\d.,/-])\d+(?![\d.,/-])"),
}


class Habit(msgspec.Struct, frozen=True):
    """A shape and those that it stands in for, by the names under which they are counted."""

    table: str
    name: str
    others: tuple[str, ...]


HABITS = {
    "iso_date": Habit("dates", "iso", tuple(n for n in DATES if n != "iso")),
    "year_first": Habit("dates", "year_first", tuple(n for n in DATES if n != "year_first")),
    "form_date": Habit("dates", "form", tuple(n for n in DATES if n != "form")),
    "plain_digits": Habit("numbers", "ungrouped_amount", ("grouped_comma", "grouped_point", "grouped_space")),
    "naked_decimal": Habit("numbers", "naked_decimal", ("below_one",)),
}
_START = regex.compile(r"(?:^|[.!?]\s+|\n)\W*(\p{L})")
_LONG = regex.compile(r"\p{L}{2,}")


def case_of(text: str) -> str:
    """Return ``upper`` when most words are in capitals, ``lower`` when most sentences begin small, ``mixed``; nothing for a script without case."""
    every = _LONG.findall(text)
    words = [w for w in every if w.lower() != w.upper()]
    if 2 * len(words) <= len(every):
        return ""
    if 2 * sum(w.isupper() for w in words) > len(words):
        return "upper"
    starts = [m[1] for m in _START.finditer(text) if m[1].lower() != m[1].upper()]
    return "lower" if 2 * sum(s.islower() for s in starts) > len(starts) else "mixed"


def shortened(text: str, language: Language) -> dict[str, int]:
    """Count abbreviated words and those that could be; a single letter counts where it stands among words."""
    forms, short = _short(language)
    made = {"short": 0, "long": 0}
    for match in _TOKEN.finditer(text):
        word = match[0].casefold()
        if word in short and (len(word) > 1 or _AMONG.match(text, match.start())):
            made["short"] += 1
        made["long"] += word.removesuffix("/") in forms
    return made


@lru_cache(maxsize=32)
def _short(language: Language) -> tuple[frozenset[str], frozenset[str]]:
    forms = {f: s for f, s in language.mapping("shorthand", "form", "short").items() if " " not in f}
    usual = {r["text"].casefold() for r in language.rows("commonwords")}
    return frozenset(forms), frozenset(s.casefold() for every in forms.values() for s in every) - usual


_TOKEN = regex.compile(r"\p{L}[\p{L}\p{M}'’]*/?")
_AMONG = regex.compile(
    r"(?<=^|\n|\p{L}[,;.!?]?\s)\p{Ll}(?=[,;.!?]*\s+\p{L}|[?!.,]*\s*$)"  # among words
    r"|(?<=^|\n\s*|[.!?:]\s+)\p{Lu}(?=\s\p{Ll})"  # at the start of a sentence
)
