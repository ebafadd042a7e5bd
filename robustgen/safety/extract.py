"""Numbers, quantities, dates and times of a text, normalised so that other spellings of the same value are equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

__all__ = ["Atom", "Habit", "atoms", "normal"]

Atom = tuple[str, str]
"""Kind (``number``, ``quantity``, ``date``, ``time``, ``chain``) and normalised value."""
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_SCALE: Mapping[str, tuple[str, Fraction]] = {
    "kg": ("mass", Fraction(1000)), "g": ("mass", Fraction(1)), "mg": ("mass", Fraction(1, 1000)), "mcg": ("mass", Fraction(1, 10**6)),
    "ng": ("mass", Fraction(1, 10**9)), "L": ("volume", Fraction(1)), "mL": ("volume", Fraction(1, 1000)), "dL": ("volume", Fraction(1, 10)),
    "km": ("length", Fraction(1000)), "m": ("length", Fraction(1)), "cm": ("length", Fraction(1, 100)), "mm": ("length", Fraction(1, 1000)),
    "in": ("length", Fraction(254, 10000)), "ft": ("length", Fraction(3048, 10000)), "lb": ("mass", Fraction(45359237, 100000)),
    "oz": ("mass", Fraction(28349523125, 10**9)), "h": ("time", Fraction(60)), "min": ("time", Fraction(1)), "d": ("time", Fraction(1440)),
    "wk": ("time", Fraction(10080)),
}  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.,])[-+]?\d+(?:[.,'\u2019 ]\d+)*|\d+(?:[.,'\u2019]\d+)*")
_CHAIN = re.compile(r"\d+(?:[.,]\d+)?(?:\s?[/xX×\u2013-]\s?\d+(?:[.,]\d+)?)+")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([ap])\.?\s?m\b\.?)?(?!\d)", re.IGNORECASE)


class Habit:
    """What the extractor must know of a language: marks, date order, month names, units, number words."""

    def __init__(
        self,
        *,
        decimal: str = ".",
        date_order: str = "mdy",
        locale: str = "en",
        units: Mapping[str, str] | None = None,
        words: Mapping[str, int] | None = None,
    ) -> None:
        """``units`` maps written forms to codes, ``words`` spelled-out numbers to values."""
        self.decimal, self.date_order, self.locale = decimal, date_order, locale
        self.units = dict(units or {})
        self.words = {k.casefold(): v for k, v in (words or {}).items()}
        self._unit = _alternatives(self.units)
        self._word = _alternatives(self.words)

    def unit_at(self, text: str, at: int) -> tuple[str, int]:
        """Return (code, end) of the unit that starts at a position, ("", at) when there is none."""
        found = self._unit.match(text, at) if self._unit else None
        if not found or (found.end() < len(text) and text[found.end()].isalpha() and text[found.end() - 1].isascii()):
            return "", at
        return self.units[found[0]], found.end()

    @property
    def word_pattern(self) -> re.Pattern[str] | None:
        """The pattern of spelled-out numbers."""
        return self._word


def _alternatives(forms: Mapping[str, object]) -> re.Pattern[str] | None:
    ordered = sorted((f for f in forms if f), key=lambda f: (-len(f), f))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def normal(text: str) -> str:
    """Return the text in compatibility form, without invisible characters, with plain digits."""
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).replace("\u066b", ".").replace("\u066c", ",").replace("\u2212", "-").translate(_DIGITS)


_DIGITS = {i: str(unicodedata.digit(chr(i))) for i in range(0x660, 0x10000) if unicodedata.category(chr(i)) == "Nd"}


def atoms(text: str, habit: Habit) -> list[Atom]:
    """Return everything numeric that a text says, in order of standing."""
    text = normal(text)
    found: list[tuple[int, Atom]] = []
    for pattern, kind in ((_date_patterns(habit.locale, habit.date_order), "date"),):
        for regex in pattern:
            text = _take(text, regex, lambda m: _date(m, habit.locale), kind, found)
    text = _take(text, _CLOCK, _clock, "time", found)
    text = _take(text, _CHAIN, lambda m: re.sub(r"\s", "", m[0].replace("\u2013", "-")), "chain", found)
    for match in _NUMBER.finditer(text):
        value = _value(match[0], habit.decimal)
        if value is not None:
            found.append((match.start(), _quantity(text, match.end(), value, habit)))
    found += _spelled(text, habit)
    return [atom for _, atom in sorted(found)]


def _take(text: str, regex: re.Pattern[str], read: object, kind: str, found: list[tuple[int, Atom]]) -> str:
    """Collect what a pattern finds and blank it out."""
    assert callable(read)

    def replace(match: re.Match[str]) -> str:
        value = read(match)
        if value is None:
            return match[0]
        found.append((match.start(), (kind, str(value))))
        return "\x00" * len(match[0])

    return regex.sub(replace, text)


def _clock(match: re.Match[str]) -> str | None:
    hour, minute = int(match[1]), int(match[2])
    if minute > 59 or hour > 24:
        return None
    if match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour:02d}:{minute:02d}"


def _value(token: str, decimal: str) -> Fraction | None:
    """Return the number a token writes; where both marks occur the last one is the decimal mark."""
    token = token.replace("'", "").replace("\u2019", "")
    spaced = token.split(" ")
    if len(spaced) > 1:
        if not all(len(re.sub(r"\D.*", "", s)) == 3 for s in spaced[1:]):
            return _value(spaced[0], decimal)
        token = "".join(spaced)
    marks = [c for c in token if c in ".,"]
    if len(set(marks)) == 2:
        last = token[max(token.rfind("."), token.rfind(","))]
        token = token.replace("," if last == "." else ".", "").replace(last, ".")
    elif marks:
        mark = marks[0]
        tail = token.rsplit(mark, 1)[1]
        grouped = len(marks) > 1 or (mark != decimal and len(tail) in {2, 3} and len(tail) == 3)
        token = token.replace(mark, "") if grouped else token.replace(mark, ".")
    try:
        return Fraction(Decimal(token))
    except (InvalidOperation, ValueError):
        return None


def _quantity(text: str, end: int, value: Fraction, habit: Habit) -> Atom:
    start = end + (text[end : end + 1] == " ")
    percent = text[start : start + 1]
    if percent in {"%", "\u066a"}:
        return ("quantity", f"{value} %")
    code, _ = habit.unit_at(text, start)
    if not code:
        return ("number", str(value))
    if code in _SCALE:
        dimension, factor = _SCALE[code]
        return ("quantity", f"{value * factor} {dimension}")
    return ("quantity", f"{value} {code}")


def _spelled(text: str, habit: Habit) -> list[tuple[int, Atom]]:
    pattern = habit.word_pattern
    if pattern is None:
        return []
    lower = text.casefold()
    found = []
    for match in pattern.finditer(lower):
        before, after = lower[max(match.start() - 1, 0) : match.start()], lower[match.end() : match.end() + 1]
        if not (before.isalpha() or after.isalpha()) or not match[0].isascii():
            value = Fraction(habit.words[match[0]])
            found.append((match.start(), _quantity(text, match.end(), value, habit)))
    return found


@lru_cache(maxsize=64)
def _months(locale: str) -> Mapping[str, int]:
    from babel import Locale

    cldr = Locale.parse(locale)
    names = {}
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in cldr.months[form][width].items():
                if not str(name).isdigit():
                    names[unicodedata.normalize("NFKC", str(name)).casefold()] = int(number)
    return names


@lru_cache(maxsize=64)
def _date_patterns(locale: str, order: str) -> Sequence[re.Pattern[str]]:
    names = "|".join(re.escape(n) for n in sorted(_months(locale), key=len, reverse=True) if n)
    made = [r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)", r"(?<!\d)(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]"]
    if names:
        made.append(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+|of\s+)?(?P<n>{names})\.?(?:\s+de|\s+del|,)?\s+(?P<y>\d{{4}})(?!\d)")
        made.append(rf"(?P<n>{names})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)")
    sep = r"(?P<s>[/.-])"
    year = r"(?P<y>\d{4}|\d{2})"
    by_order = {"mdy": rf"(?P<m>\d{{1,2}}){sep}(?P<d>\d{{1,2}})(?P=s){year}", "dmy": rf"(?P<d>\d{{1,2}}){sep}(?P<m>\d{{1,2}})(?P=s){year}"}
    made.append(rf"(?<![\d.,/-]){by_order.get(order, by_order['dmy'])}(?![\d/-])")
    made.append(rf"(?<!\d)(?P<y>\d{{4}}){sep}(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)")
    return [re.compile(p, re.IGNORECASE) for p in made]


def _date(match: re.Match[str], locale: str) -> str | None:
    groups = match.groupdict()
    month = int(groups["m"]) if groups.get("m") else _months(locale).get((groups.get("n") or "").casefold(), 0)
    year = int(groups["y"])
    try:
        return date(year + 2000 if year < 100 else year, month, int(groups["d"])).isoformat()
    except ValueError:
        return None
