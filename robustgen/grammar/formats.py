"""Numbers, dates, times and money in a language's own habits, written and read back.

CLDR gives the habits (through Babel, read once per locale); number words come from num2words. Writing and reading are built
from the same pattern, so that what is written is read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from robustgen.core.language import Language
from robustgen.errors import GrammarError

__all__ = ["DATE_STYLES", "NUMBER_STYLES", "Habits", "habits_of"]

NUMBER_STYLES = ("number", "grouped", "words", "ordinal", "percent", "money", "code", "qty", "long-qty")
DATE_STYLES = ("long", "numeric", "short", "iso", "medium")
Found = list[tuple[int, Any]]
"""Ends and values that a text can hold at a position."""
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_WORDS_LIMIT = 2000
_GROUPS = "\u00a0\u202f"


class _Pattern(msgspec.Struct, frozen=True):
    """A date or time pattern cut into literals and letters, e.g. ``('d', ' ', 'MMMM', ' ', 'y')``."""

    parts: tuple[tuple[str, bool], ...]


class Habits:
    """One locale's ways of writing values."""

    def __init__(self, language: Language) -> None:
        """Keep the language; CLDR is read on first use."""
        self.language = language
        self.tag = language.tag

    @cached_property
    def _cldr(self) -> Any:
        from babel import Locale

        return Locale.parse(self.language.locale)

    @cached_property
    def decimal(self) -> str:
        """The decimal mark."""
        return self.language.settings.get("decimal") or str(self._symbols["decimal"])

    @cached_property
    def group(self) -> str:
        """The grouping mark."""
        return self.language.settings.get("group") or str(self._symbols["group"])

    @cached_property
    def _symbols(self) -> Mapping[str, Any]:
        symbols = self._cldr.number_symbols
        latin = symbols.get("latn")
        found: Mapping[str, Any] = latin or symbols
        return found

    @cached_property
    def _grouping(self) -> tuple[int, int]:
        first, second = self._cldr.decimal_formats[None].grouping
        return (3, 3) if first > 3 else (first, second)

    # --- numbers -----------------------------------------------------------------------------------------------------

    def number(self, value: Any, *, grouped: bool = False, places: int | None = None) -> str:
        """Return a number with the locale's marks; ``places`` fixes the number of decimals."""
        text = str(value) if places is None and type(value) is int else format(Decimal(value) if places is None else round(Decimal(value), places), "f")
        sign = "-" if text.startswith("-") else ""
        whole, _, fraction = text.lstrip("-").partition(".")
        if grouped:
            whole = self._grouped(whole)
        return f"{sign}{whole}{self.decimal}{fraction}" if fraction else sign + whole

    def _grouped(self, whole: str) -> str:
        first, later = self._grouping
        if len(whole) <= first or (len(whole) == first + 1 and self.language.settings.get("min_group") == "2"):
            return whole
        head, pieces = whole[:-first], [whole[-first:]]
        while head:
            pieces.append(head[-later:])
            head = head[:-later]
        return self.group.join(reversed(pieces))

    @cached_property
    def _number_pattern(self) -> re.Pattern[str]:
        groups = f"[{re.escape(self.group)}{_GROUPS if self.group in _GROUPS or self.group == ' ' else ''}]"
        whole = rf"(?:\d{{1,3}}(?:{groups}\d{{2,3}})+(?!\d)|\d+)"
        return re.compile(rf"[-\u2212]?{whole}(?:{re.escape(self.decimal)}\d+)?")

    def read_number(self, text: str, at: int) -> Found:
        """Return the number that starts at a position, at most one."""
        found = self._number_pattern.match(text, at)
        if not found:
            return []
        plain = found[0].replace("\u2212", "-")
        for mark in {self.group, *(_GROUPS if self.group in _GROUPS else "")}:
            plain = plain.replace(mark, "")
        plain = plain.replace(self.decimal, ".")
        try:
            return [(found.end(), Decimal(plain) if "." in plain else int(plain))]
        except ArithmeticError:
            return []

    def words(self, value: Any, *, ordinal: bool = False) -> str:
        """Return a whole number spelled out; raises ``GrammarError`` where the language or number is not covered."""
        return _words(int(value), self.language.settings.get("num2words", self.language.base), ordinal)

    @cached_property
    def _by_words(self) -> dict[bool, dict[str, int]]:
        return {}

    def read_words(self, text: str, at: int, *, ordinal: bool = False) -> Found:
        """Return the spelled-out whole numbers (0 to 1,999) that start at a position."""
        if ordinal not in self._by_words:
            try:
                self._by_words[ordinal] = {self.words(n, ordinal=ordinal): n for n in range(_WORDS_LIMIT)}
            except GrammarError:
                self._by_words[ordinal] = {}
        table = self._by_words[ordinal]
        longest = self._longest_words.setdefault(ordinal, max(map(len, table), default=0))
        chunk = text[at : at + longest]
        return [(at + n, table[chunk[:n]]) for n in range(len(chunk), 0, -1) if chunk[:n] in table]

    @cached_property
    def _longest_words(self) -> dict[bool, int]:
        return {}

    def plural(self, value: Any) -> str:
        """Return the CLDR plural category of a number (``one``, ``few``, ``other`` ...)."""
        return str(self._cldr.plural_form(abs(Decimal(value)) if not isinstance(value, int) else abs(value)))

    # --- money and percent -------------------------------------------------------------------------------------------

    def money(self, value: Any, currency: str) -> str:
        """Return an amount with its currency sign, grouped, in the currency's minor units."""
        before, after = self._money_frame(currency)
        places = self.minor_units(currency)
        exact = Decimal(value)
        shown = max(places, -int(exact.as_tuple().exponent)) if exact != round(exact, places) else places
        text = self.number(exact, grouped=True, places=shown)
        sign = "-" if text.startswith("-") else ""
        return f"{sign}{before}{text.lstrip('-')}{after}"

    def _money_frame(self, currency: str) -> tuple[str, str]:
        if currency not in self._frames:
            pattern = self._cldr.currency_formats["standard"].pattern.split(";")[0]
            pattern = re.sub(r"[\u200e\u200f\u061c]", "", pattern)
            before, after = re.split(r"[#0,.]+", pattern, maxsplit=1)
            sign = self.sign(currency)
            gap = " " if len(sign) > 1 and sign[-1].isalpha() and before.strip() == "\u00a4" and before.endswith("\u00a4") else ""
            self._frames[currency] = (before.replace("\u00a4", sign + gap), after.replace("\u00a4", sign))
        return self._frames[currency]

    @cached_property
    def _frames(self) -> dict[str, tuple[str, str]]:
        return {}

    def sign(self, currency: str) -> str:
        """Return the locale's sign of a currency, its code when it has none."""
        return str(self._cldr.currency_symbols.get(currency, currency))

    @staticmethod
    def minor_units(currency: str) -> int:
        """Return the number of decimals of a currency (ISO 4217, as in CLDR)."""
        return _minor_units(currency)

    def read_money(self, text: str, at: int, currencies: tuple[str, ...]) -> Found:
        """Return (amount, currency) readings at a position."""
        found: Found = []
        negative = text.startswith("-", at)
        start = at + negative
        for currency in currencies:
            before, after = self._money_frame(currency)
            if not text.startswith(before, start):
                continue
            for end, value in self.read_number(text, start + len(before)):
                if text.startswith(after, end):
                    found.append((end + len(after), (-value if negative else value, currency)))
        return found

    @cached_property
    def percent_gap(self) -> tuple[str, str]:
        """What stands before and after the number of a percentage."""
        pattern = re.sub(r"[\u200e\u200f\u061c]", "", self._cldr.percent_formats[None].pattern.split(";")[0])
        before, after = re.split(r"[#0,.]+", pattern, maxsplit=1)
        return before, after

    # --- dates and times ---------------------------------------------------------------------------------------------

    def date_pattern(self, style: str) -> str:
        """Return the CLDR pattern of a style; ``numeric`` has a four-digit year, ``short`` two digits."""
        own = self.language.settings.get(f"date_{style}")
        if own:
            return own
        if style == "iso":
            return "yyyy-MM-dd"
        name = {"numeric": "short"}.get(style, style)
        pattern = re.sub(r"[\u200e\u200f\u061c]", "", str(self._cldr.date_formats[name].pattern))
        if style == "numeric":
            pattern = re.sub(r"y+", "yyyy", pattern)
        if style == "short":
            pattern = re.sub(r"y+", "yy", pattern)
        return re.sub(r"\s*G+\s*", "", pattern)

    def date(self, value: dt.date, style: str = "long") -> str:
        """Return a date in a style."""
        key = (value.date() if isinstance(value, dt.datetime) else value, style)
        known = self._dates.get(key)
        if known is None:
            known = self._dates[key] = self._date(value, style)
        return known

    @cached_property
    def _dates(self) -> dict[tuple[dt.date, str], str]:
        return {}

    def _date(self, value: dt.date, style: str) -> str:
        parts = self._pattern(style).parts
        first = self._first_day(style) if value.day == 1 else ""
        return "".join((first if first and p == "d" else self._letter(p, value)) if is_letter else p for p, is_letter in parts)

    def _first_day(self, style: str) -> str:
        """Return how the first of a month is written beside the month's name, where it is an ordinal: ``1er``, ``1º``."""
        named = any(is_letter and p[0] in "ML" and len(p) > 2 for p, is_letter in self._pattern(style).parts)
        return self.language.settings.get("first_day", "") if named else ""

    def _letter(self, letters: str, value: Any) -> str:
        kind, width = letters[0], len(letters)
        if kind == "y":
            return f"{value.year % 100:02d}" if width == 2 else f"{value.year:04d}"
        if kind in "ML":
            return self._months(kind, width)[value.month] if width > 2 else f"{value.month:0{width}d}"
        if kind == "d":
            return f"{value.day:0{width}d}"
        return self._clock(kind, width, value)

    @staticmethod
    def _clock(kind: str, width: int, value: Any) -> str:
        if kind == "H":
            return f"{value.hour:0{width}d}"
        if kind == "h":
            return f"{(value.hour + 11) % 12 + 1:0{width}d}"
        if kind == "m":
            return f"{value.minute:0{width}d}"
        return "am" if value.hour < 12 else "pm"

    def _months(self, kind: str, width: int) -> Mapping[int, str]:
        form = "format" if kind == "M" else "stand-alone"
        name = {3: "abbreviated", 4: "wide"}.get(width, "wide")
        found: Mapping[int, str] = self._cldr.months[form][name]
        return found

    def _pattern(self, style: str) -> _Pattern:
        if style not in self._patterns:
            source = style.removeprefix("=") if style.startswith("=") else self.date_pattern(style)
            parts = re.findall(r"'([^']*)'|([yMLdHhmaG])(\2*)|([^'yMLdHhmaG]+)", source)
            cut = [(quoted or other, False) if (quoted or other) else (letter + more, True) for quoted, letter, more, other in parts]
            self._patterns[style] = _Pattern(tuple(cut))
        return self._patterns[style]

    @cached_property
    def _patterns(self) -> dict[str, _Pattern]:
        return {}

    def read_date(self, text: str, at: int, style: str = "long") -> Found:
        """Return the dates that start at a position; a ``short`` one may mean two."""
        patterns = [self._reader(style)]
        if style == "short":
            patterns = [self._reader(s) for s in ("=d/M/yy", "=M/d/yy", "=d.M.yy", "=M.d.yy", "=d-M-yy", "=M-d-yy", "=yy/M/d", "short")]
        found: Found = []
        for pattern, build in patterns:
            match = pattern.match(text, at)
            value = build(match) if match else None
            if match and value is not None and (match.end(), value) not in found:
                found.append((match.end(), value))
        return found

    def _reader(self, style: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], dt.date | None]]:
        if style not in self._readers:
            self._readers[style] = self._build_reader(style)
        found: tuple[re.Pattern[str], Callable[[re.Match[str]], dt.date | None]] = self._readers[style]
        return found

    @cached_property
    def _readers(self) -> dict[str, Any]:
        return {}

    def _build_reader(self, style: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], dt.date | None]]:
        names: dict[str, int] = {}
        pieces = []
        for part, is_letter in self._pattern(style).parts:
            if not is_letter:
                pieces.append(re.escape(part))
            elif part[0] == "y":
                pieces.append(r"(?P<y>\d{2})(?!\d)" if len(part) == 2 else r"(?P<y>\d{4})")
            elif part[0] in "ML" and len(part) > 2:
                names = {v: k for k, v in self._months(part[0], len(part)).items()}
                pieces.append("(?P<M>" + "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True)) + ")")
            else:
                width = r"\d{2}" if len(part) == 2 else r"\d{1,2}"
                first = self._first_day(style).lstrip("1") if part == "d" else ""
                pieces.append(f"(?P<{'M' if part[0] in 'ML' else 'd'}>{width})" + (f"(?:(?<=\\b1){re.escape(first)})?" if first else ""))
        pattern = re.compile("".join(pieces) + r"(?!\d)" if self._pattern(style).parts[-1][1] else "".join(pieces))

        def build(match: re.Match[str]) -> dt.date | None:
            month = names.get(match["M"]) or int(match["M"]) if match["M"] in names or match["M"].isdigit() else 0
            year = int(match["y"])
            try:
                return dt.date(year + 2000 if len(match["y"]) == 2 else year, month, int(match["d"]))
            except ValueError:
                return None

        return pattern, build

    @cached_property
    def _twelve(self) -> bool:
        own = self.language.settings.get("clock")
        return own == "12" if own else "h" in str(self._cldr.time_formats["short"].pattern)

    def time(self, value: dt.time | dt.datetime) -> str:
        """Return hours and minutes; twelve-hour clocks get ``am``/``pm`` only where the language says so itself."""
        if self._twelve and self.language.base == "en":
            return f"{(value.hour + 11) % 12 + 1}:{value.minute:02d} {'am' if value.hour < 12 else 'pm'}"
        return f"{value.hour:02d}:{value.minute:02d}"

    def read_time(self, text: str, at: int) -> Found:
        """Return the clock time at a position."""
        match = re.compile(r"(\d{1,2}):(\d{2})(?: (am|pm))?(?!\d)").match(text, at)
        if not match or int(match[1]) > 23 or int(match[2]) > 59:
            return []
        hour = int(match[1]) % 12 + 12 * (match[3] == "pm") if match[3] else int(match[1])
        return [(match.end(), dt.time(hour, int(match[2])))]


@lru_cache(maxsize=65536)
def _words(value: int, code: str, ordinal: bool) -> str:  # noqa: FBT001 - a cache key
    from num2words import num2words

    try:
        return str(num2words(value, lang=code, to="ordinal" if ordinal else "cardinal"))
    except (NotImplementedError, KeyError, OverflowError, IndexError, ValueError):  # what num2words raises for a language or number it lacks
        raise GrammarError(f"{value} has no words in '{code}'") from None


@lru_cache(maxsize=512)
def _minor_units(currency: str) -> int:
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


_HABITS: dict[tuple[str, int], Habits] = {}


def habits_of(language: Language) -> Habits:
    """Return the habits of a language, made once."""
    key = (language.tag, id(language))
    if key not in _HABITS:
        _HABITS[key] = Habits(language)
    return _HABITS[key]
