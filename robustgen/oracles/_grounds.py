"""What an answer may hold because it was told or follows from what was told: numbers, dates, words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

import regex

from robustgen.answers.compare import to_number
from robustgen.answers.dates import dates_in
from robustgen.answers.numbers import numbers_in
from robustgen.answers.quantities import Quantity
from robustgen.answers.units import SCALES, normal_unit
from robustgen.core.case import Case
from robustgen.core.language import Language
from robustgen.oracles._base import expected_leaves, known_text

__all__ = ["Grounds", "grounds_of"]

CONSTANTS = tuple(Fraction(n) for n in (*range(13), 24, 28, 30, 31, 60, 100, 360, 365, 366, 1000, 10000))
"""Numbers that calculations bring along: months, days, hours, percentages."""
MARGIN = timedelta(days=62)


class Grounds:
    """The numbers, dates and words of one case."""

    def __init__(self, case: Case, language: Language | None) -> None:
        """Collect them once."""
        told = known_text(case)
        named = expected_leaves(case)
        self.told = told.casefold()
        self.text = f"{told}\n" + "\n".join(named)
        self.flat = regex.sub(r"[\s\u200b-\u200d_-]+", "", self.text).casefold()
        numbers = [n.value for n in numbers_in(told, language)] + [n for n in map(to_number, named) if n is not None]
        numbers += [Fraction(n) for n in _fact_numbers(case.facts.values())]
        self.numbers = list(dict.fromkeys(numbers))
        written = [*dates_in(told, language), *(n[:10] for n in named if regex.fullmatch(r"\d{4}-\d{2}-\d{2}.*", n))]
        self.dates = [date.fromisoformat(d) for d in written if _is_date(d)]

    def explains(self, quantity: Quantity, earlier: Iterable[Fraction] = ()) -> bool:
        """Tell whether a number was told, or one operation on told and earlier numbers gives it within the rounding shown."""
        base = list(dict.fromkeys([*self.numbers, *earlier]))
        pool = list(dict.fromkeys([*base, *CONSTANTS]))
        goals = [quantity.value]
        code = normal_unit(quantity.unit) if quantity.unit else ""
        if code in SCALES:
            goals += [quantity.value * SCALES[code][1] / other for kind, other in SCALES.values() if kind == SCALES[code][0]]
        slack = Fraction(1, 2 * 10**quantity.decimals) if quantity.decimals else Fraction(1, 2)
        exact = set(pool)
        if any(g in exact for g in goals):
            return True
        value = quantity.value
        for a in base:
            for b in pool:
                if abs(a + b - value) <= slack or abs(abs(a - b) - value) <= slack or abs(a * b - value) <= slack or abs(a * b / 100 - value) <= slack:
                    return True
                if b and a and (abs(a / b - value) <= slack or abs(b / a - value) <= slack or abs(100 * a / b - value) <= slack):
                    return True
        return False

    def near(self, day: date) -> bool:
        """Tell whether a date lies among those of the case, or close to one; in a case without dates none does."""
        return bool(self.dates) and min(self.dates) - MARGIN <= day <= max(self.dates) + MARGIN

    def holds(self, words: str) -> bool:
        """Tell whether words stand in what was told or is expected, whatever the spacing and case."""
        return regex.sub(r"[\s\u200b-\u200d_-]+", "", words).casefold() in self.flat


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fact_numbers(values: Iterable[object]) -> Iterable[Fraction]:
    from decimal import Decimal

    for value in values:
        if isinstance(value, (int, Decimal, Fraction)) and not isinstance(value, bool):
            yield Fraction(value)
        elif isinstance(value, dict):
            yield from _fact_numbers(value.values())
        elif isinstance(value, list):
            yield from _fact_numbers(value)


_KEPT: dict[tuple[str, str], Grounds] = {}


def grounds_of(case: Case, language: Language | None) -> Grounds:
    """Return the grounds of a case; those of the last cases are kept."""
    key = (case.id, language.tag if language else "")
    if key not in _KEPT:
        if len(_KEPT) > 64:
            _KEPT.clear()
        _KEPT[key] = Grounds(case, language)
    return _KEPT[key]


@lru_cache(maxsize=32)
def names_pattern(language: Language) -> regex.Pattern[str] | None:
    """Return a pattern of people and companies that the language's pools know: full names only."""
    companies = [c for c in language.pool("company") if len(c) > 5]
    if not language.spaced:
        names = [n for n in (*language.pool("name"), *companies) if len(n) > 2]
        return regex.compile(r"\L<names>", names=names) if names else None
    first, last = list(language.pool("first_name")), list(language.pool("last_name"))
    if not first or not last:
        return None
    return regex.compile(r"(?<!\p{L})(?:\L<first> \L<last>|\L<companies>)(?!\p{L})", first=first, last=last, companies=companies or ["\x00"])
