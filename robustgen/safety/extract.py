"""Numbers, quantities, dates and times of a text, normalised so that other spellings of the same value are equal."""

# long: what is a number is decided in one place, in one order: dates, times, chains, numbers, words
from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from html import unescape
from typing import Any

__all__ = ["Atom", "Habit", "atoms", "identifiers", "is_currency", "normal", "unmarked", "without_dates"]

Atom = tuple[str, str]
"""Kind (``number``, ``quantity``, ``date``, ``time``, ``chain``) and normalised value."""
_INVISIBLE = dict.fromkeys(
    [
        0x200B,
        0x200C,
        0x200D,
        0x2060,
        0xFEFF,
        0xAD,
        0x200E,
        0x200F,
        0x061C,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xE0000, 0xE0080),
        *range(0xFE00, 0xFE10),
    ]
)
_SCALE: Mapping[str, tuple[str, Fraction]] = {
    "kg": ("mass", Fraction(1000)), "g": ("mass", Fraction(1)), "mg": ("mass", Fraction(1, 1000)), "mcg": ("mass", Fraction(1, 10**6)),
    "ng": ("mass", Fraction(1, 10**9)), "L": ("volume", Fraction(1)), "mL": ("volume", Fraction(1, 1000)), "dL": ("volume", Fraction(1, 10)),
    "km": ("length", Fraction(1000)), "m": ("length", Fraction(1)), "cm": ("length", Fraction(1, 100)), "mm": ("length", Fraction(1, 1000)),
    "in": ("length", Fraction(254, 10000)), "ft": ("length", Fraction(3048, 10000)), "lb": ("mass", Fraction(45359237, 100000)),
    "oz": ("mass", Fraction(28349523125, 10**9)), "h": ("time", Fraction(60)), "min": ("time", Fraction(1)), "d": ("time", Fraction(1440)),
    "wk": ("time", Fraction(10080)),
}  # fmt: skip
_NUMBER = re.compile(
    r"(?:(?<![\w.,])|(?<=[\u3040-\u30ff\u4e00-\u9fff])|(?<=(?<!\w)[\u0628\u0641\u0643\u0644\u0648]))[-+]?\d+(?:[.,'\u2019]\d+| \d{3}(?!\d))*|(?<![\w.,\u2019'])[.,]\d+(?![\d.,]*[^\W\u3040-\u9fff])|\d+(?:[.,'\u2019]\d+)*"
)
_CHAIN = re.compile(r"\d+(?:[.,]\d+)?(?:\s{0,4}[/xX×\u2013-]\s{0,4}\d+(?:[.,]\d+)?)+")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([ap])\.?\s?m\b\.?)?(?!\d)", re.IGNORECASE)


_IDENTIFIER = re.compile(r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*\d{3})[A-Za-z]{1,8}[-_]?[A-Za-z0-9_-]*\d(?![A-Za-z0-9_])")
"""A code of letters and at least three digits, which a number is written into: RG-1234, MRN00412, INV-2024-07."""
_LINKS = {0x2013: "-", ord("X"): "x", 0xD7: "x"}


class Habit:
    """What the extractor must know of a language: marks, date order, month names, units, number words, scales, eras."""

    def __init__(
        self,
        *,
        decimal: str = ".",
        date_order: str = "mdy",
        locale: str = "en",
        units: Mapping[str, str] | None = None,
        words: Mapping[str, int] | None = None,
        scales: Mapping[str, Fraction] | None = None,
        percents: Sequence[str] = (),
        eras: Mapping[str, int] | None = None,
        furniture: Sequence[str] = (),
        letter_digits: str = "",
        spaced: bool = True,
        lunar: Sequence[str] = (),
    ) -> None:
        """``units`` maps written forms to codes, ``words`` spelled-out numbers to values, ``scales`` scale words to factors.

        ``percents`` are words for the per cent sign, ``eras`` names of eras to the year before their first; ``furniture`` page
        headers whose numbers (``#``) say nothing of the document; ``letter_digits`` digits that stand for letters in romanised words; ``lunar`` the names
        of the Islamic months, whose dates may stand in brackets behind the same day of the Gregorian calendar.
        """
        self.lunar = {name: i for i, name in enumerate(lunar)}
        self._beside = re.compile(rf"\x00 ?\(\S+ (\d{{1,2}}) ({'|'.join(map(re.escape, lunar))}) (\d{{4}})\u0647\u0640?\)") if lunar else None
        self.decimal, self.date_order, self.locale, self.spaced = decimal, date_order, locale, spaced
        self.units = {unicodedata.normalize("NFKC", form): code for form, code in (units or {}).items()}
        self.words = {_low(k): v for k, v in (words or {}).items()}
        self.scales = {unicodedata.normalize("NFKC", form): factor for form, factor in (scales or {}).items()}
        self.percents, self.eras = tuple(percents), dict(eras or {})
        self._unit = _alternatives(self.units)
        self._word = _alternatives(self.words)
        self._scale = _alternatives(self.scales)
        self._percent = _alternatives(dict.fromkeys(self.percents))
        numbered = [re.escape(unicodedata.normalize("NFKC", f)).replace(re.escape("#"), r"\d{1,4}") for f in furniture if "#" in f]
        self.furniture = tuple(unicodedata.normalize("NFKC", f) for f in furniture if "#" in f)
        self._furniture = re.compile("|".join(numbered)) if numbered else None
        self._spoken: dict[str, list[str]] = {}
        for word, value in self.words.items():
            self._spoken.setdefault(str(value), []).append(word)
        self._romanised = re.compile(rf"(?<![\w.,])(?=[a-z']*[{letter_digits}])([{letter_digits}]*)([a-z{letter_digits}']+)(?!\w)") if letter_digits else None

    @property
    def digits_as_letters(self) -> bool:
        """Whether romanised words of the language hold digits."""
        return self._romanised is not None

    @property
    def months(self) -> Sequence[str]:
        """The names of the months."""
        return [*_months(self.locale), *self.lunar]

    def plain(self, text: str, *, romanised: bool = True) -> str:
        """Return the text without what looks like a number and is none, and with numbers said twice said once."""
        if self._furniture:
            text = self._furniture.sub(" ", text)
        if romanised and self._romanised:
            text = self._romanised.sub(lambda m: m[0] if m[2] in self.units or sum(c.isalpha() for c in m[0]) < 2 else "_", text)
        text = self._once(text)
        text = _NOUGHTS.sub(lambda m: m[0].replace("O", "0"), text)
        return _SCIENTIFIC.sub(lambda m: str(int(Decimal(m[1].replace(",", ".")).scaleb(int(m[2])))), text)

    def _once(self, text: str) -> str:
        """Return the text with numbers that stand in words and in digits, thirty (30), in digits alone."""
        made, at = [], 0
        for match in _BRACKETED.finditer(text):
            before = _low(text[at : match.start()])
            word = next((w for w in self._spoken.get(match[1], ()) if before.endswith(w) and not before[: -len(w)][-1:].isalpha()), None)
            if word is not None:
                made += [text[at : match.start() - len(word)], match[1]]
                at = match.end()
        return "".join([*made, text[at:]])

    def unit_at(self, text: str, at: int) -> tuple[str, int]:
        """Return (code, end) of the unit that starts at a position, ("", at) when there is none."""
        found = self._unit.match(text, at) if self._unit else None
        after = text[found.end() : found.end() + 1] if found else ""
        if not found or ((self.spaced or text[found.end() - 1].isascii()) and (_continues(after) or (_letter(after) and not after.isalpha()))):
            return "", at
        return self.units[found[0]], found.end()

    def scale_at(self, text: str, at: int) -> tuple[Fraction, int]:
        """Return (factor, end) of the scale word that starts at a position, (1, at) when there is none."""
        found = self._scale.match(text, at) if self._scale else None
        if not found or (found.end() < len(text) and text[found.end()].isalpha() and text[found.end() - 1].isascii()):
            return Fraction(1), at
        return self.scales[found[0]], found.end()

    def percent_at(self, text: str, at: int) -> bool:
        """Tell whether a word for the per cent sign starts at a position."""
        found = self._percent.match(text, at) if self._percent else None
        return found is not None and not text[found.end() : found.end() + 1].isalpha()

    def without_lunar(self, text: str, dates: Sequence[tuple[int, Atom]]) -> str:
        """Return a text, its dates blanked, without the Islamic dates that stand behind the same day of the Gregorian calendar."""

        def same(match: re.Match[str]) -> str:
            before = [value for at, (_, value) in dates if at <= match.start()]
            days = (int(match[3]) - 1) * 354.36708 + self.lunar[match[2]] * 29.530588 + int(match[1]) - 1 + _ISLAMIC_EPOCH
            return "\x00" * len(match[0]) if before and abs(date.fromisoformat(before[-1]).toordinal() - days) <= 3 else match[0]

        return self._beside.sub(same, text) if self._beside else text

    def without_percents(self, text: str) -> str:
        """Return a text with the words for the per cent sign blanked: pour cent holds no hundred."""
        return self._percent.sub(lambda m: " " * len(m[0]), text) if self._percent else text

    @property
    def word_pattern(self) -> re.Pattern[str] | None:
        """The pattern of spelled-out numbers."""
        return self._word


def _continues(after: str) -> bool:
    """Tell whether a letter goes on with a word in Latin letters: one of Chinese or Japanese does not."""
    return after.isalpha() and not ("\u3040" <= after <= "\u30ff" or "\u4e00" <= after <= "\u9fff")


_ISLAMIC_EPOCH = 227015
"""The day number of 1 Muharram of the year 1."""
_BRACKETED = re.compile(r"\s?\((\d{1,3})\)")
_NOUGHTS = re.compile(r"(?<![^\W_])[1-9]\d*O[\dO]*(?![^\W_])|(?<![^\W_])[1-9]O+(?=\d)")
_SCIENTIFIC = re.compile(r"(?<![\w.,])(\d(?:[.,]\d+)?)E\+(\d{2})(?![A-Za-z0-9_])")


def _alternatives(forms: Mapping[str, object]) -> re.Pattern[str] | None:
    """Return a pattern of forms, the longest first, built as a tree of letters so that a thousand forms cost little."""
    listed = [f for f in forms if f]
    return re.compile(_tree(listed)) if listed else None


def _tree(words: Sequence[str]) -> str:
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for c in word:
            node = node.setdefault(c, {})
        node[""] = {}
    return _branch(tree)


def _branch(node: dict[str, Any]) -> str:
    """Return the pattern of what may follow at a node."""
    ways = []
    single = [c for c, below in node.items() if c and list(below) == [""]]
    if len(single) > 1:
        ways.append("[" + "".join(map(re.escape, single)) + "]")
    for c, below in node.items():
        if c and not (len(single) > 1 and c in single):
            ways.append(re.escape(c) + _branch(below))
    if not ways:
        return ""
    joined = ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
    return f"(?:{joined})?" if "" in node else joined


@lru_cache(maxsize=256)
def normal(text: str) -> str:
    """Return the text in compatibility form: escapes of HTML, mail and JSON undone, no invisible characters, plain digits."""
    if "&" in text:
        text = _ENTITY.sub(lambda m: unescape(m[0]), text)
    if "=" in text:
        text = _QUOTED.sub(_unquoted, text)
    if "\\" in text:
        text = text.replace("\\.br\\", "\n").replace("\\n", "\n").replace("\\t", "\t")
        text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    if "''" in text:
        text = _DOUBLED.sub("'", text)
    text = _BROKEN.sub("", text)
    if "\uff0c" in text:
        text = _LIST_COMMA.sub(", ", text)
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).replace("\u066b", ".").replace("\u066c", ",").replace("\u2212", "-").translate(_DIGITS)


_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_BROKEN = re.compile("(?<=[\u00c2-\u00f4\u0192])[\u00b9\u00b2\u00b3\u00bc-\u00be]")
"""Fractions and small figures that are parts of wrongly decoded letters."""
_QUOTED = re.compile(r"(?:=[89A-F][0-9A-F])+")
_LIST_COMMA = re.compile("(?<![\uff10-\uff19])\uff0c|\uff0c(?![\uff10-\uff19])")
"""A comma of Chinese, which separates and groups no digits unless they are as wide."""
_DOUBLED = re.compile(r"(?<=[^\W\d_])''(?=[^\W\d_])")
"""An apostrophe as SQL writes it."""
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


_MARKUP = re.compile(
    r"</?[a-z]{1,6}(?: [a-z]+=\"[^\"<>]*\")?>|\[/?[bi]\]|\*\*|\\text[a-z]{2}\{|\]\(https?://[^)\s]*\)|\[(?=[^\[\]\n]*\]\(https?://)|(?<=[ '\u2019])\| "
)


def unmarked(text: str) -> str:
    """Return a text without the tags that set words in bold, into a span or a link, and without the bars between the cells of a line."""
    return _MARKUP.sub("", text)


def _unquoted(match: re.Match[str]) -> str:
    try:
        return bytes.fromhex(match[0].replace("=", "")).decode()
    except UnicodeDecodeError:
        return match[0]


_DIGITS = {i: str(unicodedata.digit(chr(i))) for i in range(0x660, 0x10000) if unicodedata.category(chr(i)) == "Nd"}


@lru_cache(maxsize=256)
def atoms(text: str, habit: Habit) -> tuple[Atom, ...]:
    """Return everything numeric that a text says, in order of standing."""
    text, dates = _dated(text, habit, romanised=True)
    found = list(dates)
    text = _take(text, _CLOCK, _clock, "time", found)
    text = _take(text, _CHAIN, lambda m: re.sub(r"\s", "", m[0].translate(_LINKS)), "chain", found)
    for match in _NUMBER.finditer(text):
        value = _value(match[0], habit.decimal)
        if value is not None:
            factor, end = habit.scale_at(text, match.end())
            money = _MONEY.search(text, max(match.start() - 5, 0), match.start()) is not None
            found.append((match.start(), _quantity(text, end, value * factor, habit, number=match.start() if money else -1)))
    found += _spelled(text, habit)
    return tuple(atom for _, atom in sorted(found))


@lru_cache(maxsize=256)
def identifiers(text: str) -> tuple[str, ...]:
    """Return the codes of letters and digits that a text names, as they are written."""
    return tuple(_IDENTIFIER.findall(normal(text))) if _LONG_NUMBER.search(text) else ()


_LONG_NUMBER = re.compile(r"\d{3}|&#|=")


@lru_cache(maxsize=256)
def without_dates(text: str, habit: Habit, *, romanised: bool = True) -> str:
    """Return the plain text with its dates blanked: a month's name may be another word too."""
    return _dated(text, habit, romanised=romanised or not habit.digits_as_letters)[0].replace("\x00", " ")


_MAYBE_DATE = re.compile(r"\d{4}|\d[/.-]\d")


@lru_cache(maxsize=256)
def _dated(text: str, habit: Habit, *, romanised: bool) -> tuple[str, tuple[tuple[int, Atom], ...]]:
    """Return the plain text with its dates blanked, and the dates with their places."""
    return _blanked(habit.plain(normal(text), romanised=romanised), habit)


@lru_cache(maxsize=256)
def _blanked(text: str, habit: Habit) -> tuple[str, tuple[tuple[int, Atom], ...]]:
    """Return a plain text with its dates blanked, and the dates; most texts are the same romanised or not."""
    found: list[tuple[int, Atom]] = []
    if habit.eras:
        text = _take(text, _era_pattern(tuple(habit.eras)), lambda m: _era(m, habit.eras), "date", found)
    if _MAYBE_DATE.search(text):
        for regex in _date_patterns(habit.locale, habit.date_order):
            text = _take(text, regex, lambda m: _date(m, habit.locale), "date", found)
    return habit.without_lunar(text, sorted(found)), tuple(found)


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
    if token[0] in ".,":
        return Fraction(Decimal(f"0.{token[1:]}")) if token[0] == decimal else None
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


def _quantity(text: str, end: int, value: Fraction, habit: Habit, *, number: int = -1) -> Atom:
    """Return what a value with the unit behind it says; ``number`` is where an amount of money starts, -1 for none."""
    start = end + (text[end : end + 1] == " ")
    percent = text[start : start + 1]
    if percent in {"%", "\u066a"} or habit.percent_at(text, start):
        return ("quantity", f"{value} %")
    code, _ = habit.unit_at(text, start)
    if not code or (number >= 0 and (code == "in" or (code in _TIMES and _CURRENCY.search(text, max(number - 5, 0), number)))):
        return ("number", str(value))
    if code in _SCALE:
        dimension, factor = _SCALE[code]
        return ("quantity", f"{value * factor} {dimension}")
    return ("quantity", f"{value} {code}")


_MONEY = re.compile(r"(?:[$\u00a4\u20ac\u00a3\u00a5\u20b9]|(?<![A-Za-z])[A-Z]{3})\s?[-+]?$")
"""What stands before an amount, behind which the word in is no inch."""
_CURRENCY = re.compile(
    r"(?:[$\u00a4\u20ac\u00a3\u00a5\u20b9]|(?<![A-Za-z])(?:A(?:UD|ED)|BRL|C(?:AD|HF|NY)|DKK|E(?:GP|UR)|GBP|HKD|INR|JPY|MXN|N(?:OK|ZD)|PLN|S(?:AR|EK|GD)|USD))\s?[-+]?$"
)
"""A sign or code of a currency: an amount that follows it is none of days or hours."""


def is_currency(word: str) -> bool:
    """Tell whether a word is a sign or code of a currency."""
    return _CURRENCY.fullmatch(word.upper()) is not None


_TIMES = frozenset(("min", "h", "d", "wk", "mo", "y"))


def _low(text: str) -> str:
    """Return a text in small letters, each where it stood."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _letter(c: str) -> bool:
    """Tell whether a character belongs to a word: a letter or a mark on one."""
    return c.isalpha() or (bool(c) and unicodedata.category(c)[0] == "M")


def _spelled(text: str, habit: Habit) -> list[tuple[int, Atom]]:
    pattern = habit.word_pattern
    if pattern is None:
        return []
    lower = habit.without_percents(_low(text))
    spaced = habit.spaced
    found = []
    for match in pattern.finditer(lower):
        before, after = lower[max(match.start() - 1, 0) : match.start()], lower[match.end() : match.end() + 1]
        if not (_letter(before) or _letter(after)) or (not match[0].isascii() and not spaced):
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
        made.append(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|o)?\s+(?:de\s+|of\s+)?(?P<n>{names})\.?(?:\s+de|\s+del|,)?\s+(?P<y>\d{{4}})(?!\d)")
        made.append(rf"(?<!\d)(?P<d>\d{{1,2}})-(?P<n>{names})\.?-(?P<y>\d{{4}})(?!\d)")
        first = re.escape("".join(sorted({c for n in _months(locale) if n for c in (n[0], n[0].upper())})))
        made.append(rf"(?-i:(?=[{first}]))(?P<n>{names})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)")
    sep = r"(?P<s>[/.-])"
    year = r"(?P<y>\d{4}|\d{2})"
    by_order = {"mdy": rf"(?P<m>\d{{1,2}}){sep}(?P<d>\d{{1,2}})(?P=s){year}", "dmy": rf"(?P<d>\d{{1,2}}){sep}(?P<m>\d{{1,2}})(?P=s){year}"}
    made.append(rf"(?<![\d.,/-]){by_order.get(order, by_order['dmy'])}(?![\d/-])")
    made.append(rf"(?<!\d)(?P<y>\d{{4}}){sep}(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)")
    made.append(r"(?<![\d.])(?P<d>\d{1,2})\.(?P<r>I{1,3}|IV|VI{0,3}|IX|XI{0,2})\.(?P<y>\d{4})(?!\d)")
    return [re.compile(p, re.IGNORECASE) for p in made]


_ROMAN = {n: i for i, n in enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], 1)}


@lru_cache(maxsize=16)
def _era_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(map(re.escape, names))})\s?(\d{{1,2}}|\u5143)\s?\u5e74\s?(\d{{1,2}})\s?\u6708\s?(\d{{1,2}})\s?\u65e5")


def _era(match: re.Match[str], eras: Mapping[str, int]) -> str | None:
    year = eras[match[1]] + (1 if match[2] == "\u5143" else int(match[2]))
    try:
        return date(year, int(match[3]), int(match[4])).isoformat()
    except ValueError:
        return None


def _date(match: re.Match[str], locale: str) -> str | None:
    groups = match.groupdict()
    month = (
        int(groups["m"]) if groups.get("m") else _ROMAN.get((groups.get("r") or "").upper(), 0) or _months(locale).get((groups.get("n") or "").casefold(), 0)
    )
    year = int(groups["y"])
    try:
        return date(year + 2000 if year < 100 else year, month, int(groups["d"])).isoformat()
    except ValueError:
        return None
