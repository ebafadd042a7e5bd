"""Words that CLDR knows in every language and that belong to a number or a date: units written out, months, days of the week, parts of the day."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

__all__ = ["DURATIONS", "calendar_names", "day_parts", "unit_forms"]

DURATIONS: Mapping[str, str] = {
    "duration-second": "s",
    "duration-minute": "min",
    "duration-hour": "h",
    "duration-day": "d",
    "duration-week": "wk",
    "duration-month": "mo",
    "duration-year": "y",
}
"""CLDR's units of time to our codes."""
_OTHERS = (
    "mass-milligram", "mass-gram", "mass-kilogram", "mass-pound", "mass-ounce", "volume-milliliter", "volume-liter", "length-millimeter",
    "length-centimeter", "length-meter", "length-kilometer", "length-inch", "length-foot", "temperature-celsius", "temperature-fahrenheit",
)  # fmt: skip
_COUNTS = (1, 2, 3, 11, 100)
"""One of each plural of the languages here."""
_LEAST = 3
"""Letters of the shortest form of a script with word borders: shorter ones are words of other meanings too."""


@lru_cache(maxsize=32)
def unit_forms(locale: str, *, spaced: bool = True) -> Mapping[str, str]:
    """Return what may stand behind a number for units of time, mass, volume, length and warmth, to the code of the unit."""
    from babel.units import format_unit

    found: dict[str, str] = {}
    for unit in (*DURATIONS, *_OTHERS):
        for length in ("long", "short"):
            for count in _COUNTS:
                said = str(format_unit(count, unit, length, locale=locale))
                form = said.replace("\u00a0", " ").lstrip("0123456789\u0660\u0661\u0662\u0663\u0966\u0967\u0968\u0969 ").strip()
                if form and "-" not in form and not any(c.isdigit() for c in form) and len(form.rstrip(".")) >= (_LEAST if spaced else 2):
                    found.setdefault(form, DURATIONS.get(unit, unit))
    return found


@lru_cache(maxsize=32)
def calendar_names(locale: str, *, wide: bool = True) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the months and of the days of the week: in full, or abbreviated ones too."""
    from babel import Locale

    cldr = Locale.parse(locale)
    made = []
    for table in (cldr.months, cldr.days):
        widths = ("wide",) if wide else ("wide", "abbreviated")
        forms = {str(name).rstrip(".") for form in ("format", "stand-alone") for width in widths for name in table[form][width].values()}
        made.append(frozenset(f for f in forms if len(f) > 1 and not any(c.isdigit() for c in f)))
    return made[0], made[1]


@lru_cache(maxsize=32)
def day_parts(locale: str) -> frozenset[str]:
    """Return how the two halves of a day are marked beside an hour."""
    from babel import Locale

    return frozenset(str(name).replace("\u00a0", " ") for key, name in Locale.parse(locale).periods.items() if key in {"am", "pm"} and len(str(name)) > 1)
