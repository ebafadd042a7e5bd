"""Dates in an answer: ISO, day-month-year by the language's order, written months."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from robustgen.answers.numbers import plain_digits
from robustgen.core.language import Language

__all__ = ["dates_in"]


@lru_cache(maxsize=32)
def _months(locale: str) -> Mapping[str, int]:
    from babel import Locale

    found: dict[str, int] = {}
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            found |= {str(name).rstrip(".").casefold(): int(n) for n, name in Locale.parse(locale).months[form][width].items()}
    return {k: v for k, v in found.items() if not k.isdigit()}


def dates_in(text: str, language: Language | None) -> list[str]:
    """Return the dates of a text as ISO 8601, in order."""
    plain = plain_digits(text)
    locale = language.locale if language else "en_US"
    order = (language.settings.get("date_order", "mdy") if language else "mdy") or "mdy"
    names = "|".join(re.escape(n) for n in sorted({**_months("en"), **_months(locale)}, key=len, reverse=True))
    patterns = [
        r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})",
        r"(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+|of\s+)?(?P<n>{names})\.?(?:\s+de|\s+del|,)?\s+(?P<y>\d{{4}})",
        rf"(?P<n>{names})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})",
        r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<y>\d{4})",
    ]
    found: list[tuple[int, str]] = []
    for pattern in patterns:
        for match in re.finditer(rf"(?<!\d){pattern}(?!\d)", plain, re.IGNORECASE):
            made = _date(match.groupdict(), order, locale)
            if made and not any(abs(at - match.start()) < 4 for at, _ in found):
                found.append((match.start(), made))
    return [d for _, d in sorted(found)]


def _date(groups: Mapping[str, str | None], order: str, locale: str) -> str | None:
    if groups.get("a"):
        a, b = int(groups["a"] or 0), int(groups["b"] or 0)
        month, day = (a, b) if order == "mdy" else (b, a)
    elif groups.get("n"):
        name = (groups["n"] or "").casefold().rstrip(".")
        month, day = _months(locale).get(name) or _months("en").get(name, 0), int(groups["d"] or 0)
    else:
        month, day = int(groups["m"] or 0), int(groups["d"] or 0)
    try:
        return date(int(groups["y"] or 0), month, day).isoformat()
    except ValueError:
        return None
