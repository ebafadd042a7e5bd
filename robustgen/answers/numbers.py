"""Numbers in free text, by a language's marks: digits of any script, grouping, scale words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import regex

from robustgen.core.language import Language

__all__ = ["Found", "numbers_in", "parse_number", "plain_digits"]


class Found(NamedTuple):
    """A number with its place, and the text that follows it (a unit, perhaps) and stands before it (a currency, perhaps)."""

    start: int
    end: int
    value: Fraction
    before: str
    after: str


_TOKEN = regex.compile(
    r"(?<![\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Devanagari}\p{Nd}.,])[-+\u2212]?\p{Nd}+(?:[.,'’\u00a0\u202f\u066b\u066c]\p{Nd}+|\u0020\p{Nd}{3}(?!\p{Nd}))*"
)
_SCALES: Mapping[str, int] = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "mio": 10**6, "mrd": 10**9, "million(en)": 10**6, "万": 10**4, "億": 10**8, "亿": 10**8,
    "lakh": 10**5, "crore": 10**7, "लाख": 10**5, "करोड़": 10**7, "मिलियन": 10**6, "mil": 10**3, "millones": 10**6, "millón": 10**6, "mille": 10**3,
    "millions": 10**6, "milliards": 10**9, "tausend": 10**3, "millionen": 10**6, "milliarden": 10**9, "milhões": 10**6, "milhão": 10**6,
    "milioni": 10**6, "miliardi": 10**9, "مليون": 10**6, "ألف": 10**3, "مليار": 10**9, "हज़ार": 10**3, "bn": 10**9, "mn": 10**6,
}  # fmt: skip


def plain_digits(text: str) -> str:
    """Return text with every script's digits as ASCII and full-width signs folded; the length stays."""
    out = []
    for c in text:
        if unicodedata.category(c) == "Nd":
            out.append(str(unicodedata.digit(c)))
        elif 0xFF01 <= ord(c) <= 0xFF5E:
            out.append(chr(ord(c) - 0xFEE0))
        else:
            out.append({"\u066b": ".", "\u066c": ",", "\u2212": "-"}.get(c, c))
    return "".join(out)


def parse_number(token: str, decimal: str = ".") -> Fraction | None:
    """Return a written number; where both marks occur the last is the decimal mark, a lone mark before three digits follows the language."""
    token = plain_digits(token).replace("'", "").replace("’", "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    marks = [c for c in token if c in ".,"]
    if len(set(marks)) == 2:
        last = token[max(token.rfind("."), token.rfind(","))]
        token = token.replace("," if last == "." else ".", "").replace(last, ".")
    elif marks:
        tail = token.rpartition(marks[0])[2]
        grouped = len(marks) > 1 or (len(tail) == 3 and marks[0] != decimal)
        token = token.replace(marks[0], "" if grouped else ".")
    try:
        return Fraction(Decimal(token))
    except (InvalidOperation, ValueError):
        return None


@lru_cache(maxsize=8)
def _spelled(code: str) -> tuple[regex.Pattern[str] | None, Mapping[str, int]]:
    from num2words import num2words

    try:
        table = {str(num2words(n, lang=code)).casefold(): n for n in range(101)}
    except (NotImplementedError, KeyError):
        return None, {}
    listed = "|".join(regex.escape(w) for w in sorted(table, key=len, reverse=True))
    return regex.compile(rf"(?<![\p{{L}}-])(?:{listed})(?![\p{{L}}-])"), table


def numbers_in(text: str, language: Language | None) -> list[Found]:
    """Return the numbers of a text in order; spelled-out ones up to one hundred count when there are no digits."""
    plain = plain_digits(text)
    decimal = language.settings.get("decimal", ".") if language else "."
    found = []
    for match in _TOKEN.finditer(plain):
        value = parse_number(match[0], decimal)
        if value is None:
            continue
        end, value = _scaled(plain, match.end(), value)
        found.append(Found(match.start(), end, value, text[max(0, match.start() - 12) : match.start()], text[end : end + 24]))
    if found or language is None:
        return found
    pattern, table = _spelled(language.settings.get("num2words", language.base))
    lower = text.casefold()
    if pattern is None or len(lower) != len(text):
        return found
    for match in pattern.finditer(lower):
        end, value = _scaled(lower, match.end(), Fraction(table[match[0]]))
        found.append(Found(match.start(), end, value, text[max(0, match.start() - 12) : match.start()], text[end : end + 24]))
    return found


def _scaled(text: str, end: int, value: Fraction) -> tuple[int, Fraction]:
    """Apply a scale word that follows."""
    word = regex.compile(r"[ \u00a0\u202f]?([\p{L}\p{M}]+)\.?").match(text, end)
    scale = _SCALES.get(word[1].casefold()) if word else None
    if word is None or scale is None:
        return end, value
    return word.end(), value * scale
