"""Dates in an answer: ISO, day-month-year by the language's order, written months, ideographic and era dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import regex

from robustgen.answers.numbers import ideographic, plain_digits
from robustgen.core.language import Language

__all__ = ["FoundDate", "FoundTime", "dates_in", "find_dates", "times_in"]

# first years of the Japanese eras, Cabinet Orders on era names (1868, 1912, 1926, 1989, 2019)
_ERAS: Mapping[str, int] = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_DIGITS = "〇零一二三四五六七八九十"


class FoundDate(NamedTuple):
    """A date with its place."""

    start: int
    end: int
    iso: str


@lru_cache(maxsize=32)
def _months(locale: str) -> Mapping[str, int]:
    from babel import Locale

    found: dict[str, int] = {}
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            found |= {str(name).rstrip(".").casefold(): int(n) for n, name in Locale.parse(locale).months[form][width].items()}
    return {k: v for k, v in found.items() if not k.isdigit()}


@lru_cache(maxsize=32)
def _names(language: Language | None) -> Mapping[str, int]:
    """Return the names of months: of English, of the language, and its further ones."""
    found = {**_months("en")}
    if language is not None:
        found |= _months(language.locale)
        found |= {row["word"].casefold(): int(row["month"]) for row in language.rows("months")}
    return found


@lru_cache(maxsize=32)
def _patterns(language: Language | None) -> Sequence[regex.Pattern[str]]:
    names = "|".join(regex.escape(n) for n in sorted(_names(language), key=len, reverse=True))
    small = r"[\s\u00a0\u202f]"
    listed = [
        r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})",
        rf"(?:(?P<e>{'|'.join(_ERAS)}){small}?(?P<y>\d{{1,2}}|元)|(?P<y>\d{{4}})){small}?年{small}?(?P<m>\d{{1,2}}){small}?月{small}?(?P<d>\d{{1,2}}){small}?[日号]",
        rf"(?P<Y>[{_DIGITS}]{{4}})年(?P<M>[{_DIGITS}]{{1,3}})月(?P<D>[{_DIGITS}]{{1,3}})[日号]",
        r"(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|°|ª)?\.?(?:{small}*[-/]?{small}*)(?:de{small}+|of{small}+)?(?P<n>{names})\.?(?:{small}+de|{small}+del|,)?(?:{small}*[-/]?{small}*)(?P<y>\d{{4}})",
        rf"(?P<n>{names})\.?{small}+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?{small}+(?P<y>\d{{4}})",
        r"(?P<a>\d{1,2})(?P<s>[/.-])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})",
    ]
    return [regex.compile(rf"(?<!\d)(?:{p})(?!\d)", regex.IGNORECASE) for p in listed]


_YEAR = regex.compile(r"\d{4}|年")
"""What every written date has."""


def find_dates(text: str, language: Language | None) -> list[FoundDate]:
    """Return the dates of a text with their places, in order."""
    return list(_found(text, language))


@lru_cache(maxsize=64)
def _found(text: str, language: Language | None) -> tuple[FoundDate, ...]:
    """Return them; one document is read again and again, once for each answer."""
    plain = plain_digits(text)
    if not _YEAR.search(plain):
        return ()
    order = (language.settings.get("date_order", "mdy") if language else "mdy") or "mdy"
    found: list[FoundDate] = []
    for pattern in _patterns(language):
        for match in pattern.finditer(plain):
            made = _date(match.groupdict(), order, language)
            if made and not any(f.start < match.end() and match.start() < f.end for f in found):
                found.append(FoundDate(match.start(), match.end(), made))
    return tuple(sorted(found))


def dates_in(text: str, language: Language | None) -> list[str]:
    """Return the dates of a text as ISO 8601, in order."""
    return [f.iso for f in find_dates(text, language)]


_TIME = regex.compile(
    r"(?:(?P<half>上午|下午|午前|午後|晚上|凌晨)\s?)?(?<![\d:.,-])(?P<h>\d{1,2})(?:\s?[:hｈ時时点點](?P<m>\d{2})?(?:\s?[分:]\d{0,2})?|\s?[uU]hr(?:\s(?P<u>\d{2}))?|(?=\s?[ap]\.?m))"
    r"(?:\s?(?P<ap>[ap])\.?\s?m\b\.?)?(?!\d)",
    regex.IGNORECASE,
)


class FoundTime(NamedTuple):
    """A time of day as HH:MM, with its place."""

    start: int
    end: int
    text: str


def times_in(text: str) -> list[FoundTime]:
    """Return the times of day in a text: 20:30, 8:30 PM, 20h30, 20 Uhr 30, 下午8点30分."""
    plain = plain_digits(text).replace("T", " ")
    found = []
    for match in _TIME.finditer(plain):
        hour, minute = int(match["h"]), int(match["m"] or match["u"] or 0)
        late = (match["ap"] or "").casefold() == "p" or match["half"] in {"下午", "午後", "晚上"}
        early = (match["ap"] or "").casefold() == "a" or match["half"] in {"上午", "午前", "凌晨"}
        hour = hour + 12 if late and hour < 12 else 0 if early and hour == 12 else hour
        if hour < 24 and minute < 60:
            found.append(FoundTime(match.start(), match.end(), f"{hour:02d}:{minute:02d}"))
    return found


def _number(text: str) -> int:
    return int(ideographic(text) or 0)


def _date(groups: Mapping[str, str | None], order: str, language: Language | None) -> str | None:
    year = groups.get("y") or ""
    if groups.get("Y"):
        year, month, day = str(_number(groups["Y"] or "")), _number(groups["M"] or ""), _number(groups["D"] or "")
    elif groups.get("a"):
        a, b = int(groups["a"] or 0), int(groups["b"] or 0)
        month, day = (a, b) if order == "mdy" else (b, a)
        if month > 12 >= day:
            month, day = day, month
    elif groups.get("n"):
        month, day = _names(language).get((groups["n"] or "").casefold().rstrip("."), 0), int(groups["d"] or 0)
    else:
        month, day = int(groups["m"] or 0), int(groups["d"] or 0)
    if groups.get("e"):
        year = str(_ERAS[groups["e"] or ""] + (1 if year == "元" else int(year)) - 1)
    try:
        return date(int(year or 0), month, day).isoformat()
    except ValueError:
        return None
