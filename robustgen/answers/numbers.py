"""Numbers in free text, by a language's marks: digits of any script, grouping, scale words, ideographic numerals, spelled-out numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import regex

from robustgen.core.language import Language

__all__ = ["Found", "ideographic", "numbers_in", "parse_number", "plain_digits"]


class Found(NamedTuple):
    """A number with its place, and the text that follows it (a unit, perhaps) and stands before it (a currency, perhaps)."""

    start: int
    end: int
    value: Fraction
    before: str
    after: str


_TOKEN = regex.compile(
    r"(?:(?<![\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Devanagari}\p{Nd}.,])|(?<=(?<!\p{Arabic})[\u0648\u0628\u0644]))(?<!\p{Latin}[-_])[-+\u2212]?\p{Nd}+(?:[.,'’\u00a0\u202f\u066b\u066c]\p{Nd}+|\u0020\p{Nd}{3}(?!\p{Nd}))*"
)
_WORD = regex.compile(r"[ \u00a0\u202f]?([\p{L}\p{M}]+)\.?")
_MONEY = regex.compile(r"(?:[€£¥￥₹$₩]|(?<!\p{L})[A-Z]{3})[ \u00a0\u202f]?$")
_MONEY_AFTER = regex.compile(r"[ \u00a0\u202f]?(?:[€£¥￥₹$₩]|[A-Z]{3}(?!\p{L}))")
# ideographic numerals are one system for all languages that write them
_DIGIT: Mapping[str, int] = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_SMALL: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_LARGE: Mapping[str, int] = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_IDEOGRAPHS = "".join((*_DIGIT, *_SMALL, *_LARGE))
_MIXED = regex.compile(rf"[-\u2212]?(?:\d[\d,]*(?:\.\d+)?[{''.join((*_SMALL, *_LARGE))}]?)+")
_SPELLED = regex.compile(rf"[{_IDEOGRAPHS}]{{2,}}|[{_IDEOGRAPHS}](?=\s*(?:[a-zA-Zμ%]|毫|克|元|円|ミリ|グラム|日|天|次|回|欧|ユーロ))")


class _Plain(dict[int, int]):
    """Characters to plain ones, each looked up once."""

    def __missing__(self, code: int) -> int:
        c = chr(code)
        if unicodedata.category(c) == "Nd":
            found = ord(str(unicodedata.digit(c)))
        else:
            found = code - 0xFEE0 if 0xFF01 <= code <= 0xFF5E else code
        self[code] = found
        return found


_PLAIN = _Plain({0x066B: ord("."), 0x066C: ord(","), 0x2212: ord("-")})


def plain_digits(text: str) -> str:
    """Return text with every script's digits as ASCII and full-width signs folded; the length stays."""
    return text if text.isascii() else text.translate(_PLAIN)


def parse_number(token: str, decimal: str = ".") -> Fraction | None:
    """Return a written number; where both marks occur the last is the decimal mark, a lone mark before three digits follows the language."""
    token = plain_digits(token).replace("'", "").replace("’", "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    marks = [c for c in token if c in ".,"]
    if len(set(marks)) == 2:
        last = token[max(token.rfind("."), token.rfind(","))]
        token = token.replace("," if last == "." else ".", "").replace(last, ".")
    elif marks:
        head, _, tail = token.rpartition(marks[0])
        grouped = len(marks) > 1 or (len(tail) == 3 and marks[0] != decimal and head.lstrip("+-") not in {"", "0"})
        token = token.replace(marks[0], "" if grouped else ".")
    try:
        return Fraction(Decimal(token))
    except (InvalidOperation, ValueError):
        return None


def ideographic(text: str) -> Fraction | None:
    """Return a number written with ideographs, digits between them allowed: 一千五百, 1千250万, 二〇二六; None when it is none."""
    if all(c in _DIGIT for c in text):
        return Fraction(int("".join(str(_DIGIT[c]) for c in text)))
    total = section = Fraction(0)
    current: Fraction | None = None
    for token in regex.findall(r"\d[\d,]*(?:\.\d+)?|.", text):
        if token[0].isdigit():
            current = Fraction(Decimal(token.replace(",", "")))
        elif token in _DIGIT:
            current = Fraction(_DIGIT[token])
        elif token in _SMALL:
            section += (Fraction(1) if current is None else current) * _SMALL[token]
            current = None
        elif token in _LARGE:
            section += current or Fraction(0)
            total += (section or Fraction(1)) * _LARGE[token]
            section, current = Fraction(0), None
        else:
            return None
    return total + section + (current or Fraction(0))


@lru_cache(maxsize=16)
def _spelled(code: str) -> tuple[regex.Pattern[str] | None, Mapping[str, int]]:
    """Return a pattern of spelled-out numbers of a language with their values: to 100, then by 10 to 1,000, 50 to 10,000."""
    from num2words import num2words

    wanted = [*range(1, 101), *range(110, 1000, 10), *range(1000, 10001, 50)]
    try:
        table = {str(num2words(n, lang=code)).casefold(): n for n in wanted}
    except (NotImplementedError, KeyError):  # num2words lacks the language: its spelled-out numbers are not read
        return None, {}
    table |= {k.replace(" and ", " "): v for k, v in table.items() if " and " in k}
    return regex.compile(r"(?<![\p{L}\p{M}-])\L<words>(?![\p{L}\p{M}-])", words=list(table)), table


@lru_cache(maxsize=32)
def _scales(language: Language) -> Mapping[str, tuple[int, bool]]:
    """Return the scale words of a language; the second says that one counts only beside a currency."""
    return {row["word"].casefold(): (int(row["value"]), row.get("beside") == "money") for row in language.rows("scales")}


def numbers_in(text: str, language: Language | None) -> list[Found]:
    """Return the numbers of a text in order; spelled-out ones count when there are no digits."""
    return list(_numbers(text, language))


@lru_cache(maxsize=64)
def _numbers(text: str, language: Language | None) -> tuple[Found, ...]:
    """Return them; one document is read again and again, once for each answer."""
    plain = plain_digits(text)
    unspaced = language is not None and not language.spaced
    found = tuple(_written(text, plain, language, _MIXED if unspaced else _TOKEN))
    if found or language is None:
        return found
    return tuple(_words(text, language))


def _written(text: str, plain: str, language: Language | None, pattern: regex.Pattern[str]) -> Iterator[Found]:
    """Yield the numbers written with digits."""
    decimal = language.settings.get("decimal", ".") if language else "."
    for match in (_TOKEN if pattern is _MIXED and not any(c in plain for c in (*_SMALL, *_LARGE)) else pattern).finditer(plain):
        if pattern is _MIXED and (
            match.start() and (plain[match.start() - 1] in ".,_" or (plain[match.start() - 1].isascii() and plain[match.start() - 1].isalpha()))
        ):
            continue
        token = match[0]
        value = parse_number(token, decimal) if token.strip("+-\u2212")[-1].isdigit() and not any(c in _IDEOGRAPHS for c in token) else ideographic(token)
        if value is None:
            continue
        end, value = _scaled(plain, match.start(), match.end(), value, language)
        yield Found(match.start(), end, value, plain[max(0, match.start() - 12) : match.start()], plain[end : end + 24])


def _words(text: str, language: Language) -> Iterator[Found]:
    """Yield the numbers that are spelled out."""
    if not language.spaced:
        for match in _SPELLED.finditer(text):
            value = ideographic(match[0])
            if value is not None:
                yield Found(match.start(), match.end(), value, text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 24])
        return
    pattern, table = _spelled(language.settings.get("num2words", language.base))
    lower = text.casefold()
    if pattern is None or len(lower) != len(text):
        return
    for match in pattern.finditer(lower):
        end, value = _scaled(lower, match.start(), match.end(), Fraction(table[match[0]]), language)
        yield Found(match.start(), end, value, text[max(0, match.start() - 12) : match.start()], text[end : end + 24])


def _scaled(text: str, start: int, end: int, value: Fraction, language: Language | None) -> tuple[int, Fraction]:
    """Apply a scale word that follows."""
    word = _WORD.match(text, end) if language is not None else None
    if word is None or language is None:
        return end, value
    scale, beside = _scales(language).get(word[1].casefold(), (0, False))
    if not scale or (beside and not _MONEY.search(text[max(0, start - 5) : start]) and not _MONEY_AFTER.match(text, word.end())):
        return end, value
    return word.end(), value * scale
