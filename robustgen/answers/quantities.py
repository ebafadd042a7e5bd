"""Numbers with what they measure: the unit behind them, the currency beside them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import regex

from robustgen.answers.numbers import Found, numbers_in
from robustgen.answers.units import SCALES, normal_unit
from robustgen.core.language import Language

__all__ = ["Quantity", "currency_of", "decimals_of", "quantities_in", "unit_of"]


class Quantity(NamedTuple):
    """A number with its place, unit and currency, and how many decimals it shows."""

    start: int
    end: int
    value: Fraction
    unit: str
    currency: str
    decimals: int


_SIGNS: Mapping[str, str] = {"€": "EUR", "£": "GBP", "¥": "JPY", "￥": "CNY", "₹": "INR", "R$": "BRL", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "$": "USD", "₩": "KRW", "CHF": "CHF", "元": "CNY", "円": "JPY", "₽": "RUB"}  # fmt: skip
_TOLD = regex.compile(r"(?<!\p{L})(\p{L}{2,12})[ \u00a0\u202f]$")
_CENTS, _DECIMALS = regex.compile(r"[.,\u066b]\p{Nd}{1,2}(?!\p{Nd})"), regex.compile(r"[.,\u066b](\p{Nd}+)\D*$")
_AFTER = regex.compile(r"[ \u00a0\u202f]{0,2}(R\$|US\$|[€£¥￥₹$₩元円]|[A-Z]{3}(?![\p{Latin}\p{Cyrillic}\p{Greek}\d]))")
_BEFORE = regex.compile(r"(?:((?<!\p{L})(?:R|US|AU?|CA?|NZ|HK|S)\$|[€£¥￥₹$₩])|(?<![\p{L}\d])([A-Z]{3}))[ \u00a0\u202f]?$")
_CLOSED = regex.compile(r"^[}*]+\$?|^[ \u00a0]?[(（\[](?=[\p{L}µμ%‰€$£¥₹/]{1,10}[)）\]])")
_UNIT = regex.compile(r"[ \u00a0\u202f-]?((?:[\p{L}µμ°%‰٪][\p{L}\p{M}µμ°.%]*)(?:[ ]?/[ ]?[\p{L}]+)?)")


@lru_cache(maxsize=32)
def _forms(language: Language) -> Mapping[str, str]:
    """Return the language's words of units, folded, longest use first."""
    rows = [*language.rows("units"), *language.rows("answer_units")]
    return {row["form"].casefold(): row["code"] for row in rows if row.get("form") and row.get("code")}


@lru_cache(maxsize=32)
def _money(language: Language) -> tuple[tuple[str, str], ...]:
    """Return the names of currencies in a language with their codes, longest first."""
    told = [(row["word"].casefold(), row["code"]) for row in language.rows("currencies")]
    more = [(row["form"].casefold(), row["code"]) for row in language.rows("answer_units") if row["code"] in _iso()]
    return tuple(sorted((*told, *more), key=lambda r: -len(r[0])))


def currency_of(found: Found, language: Language | None) -> str:
    """Return the ISO code of the currency that stands beside a number, empty for none."""
    match = _BEFORE.search(found.before)
    if match and (match[1] or match[2] in _iso()):
        return _sign(match[1], language) if match[1] else match[2]
    found = found._replace(after=_CLOSED.sub("", found.after))
    after = _AFTER.match(found.after)
    if after and (after[1] in _SIGNS or after[1] in _iso()):
        return _sign(after[1], language)
    rest = found.after.lstrip(" \u00a0\u202f").casefold()
    if language is None:
        return ""
    told = _TOLD.search(found.before)
    if told and (code := dict(_money(language)).get(told[1].casefold(), "")):
        return code
    for word, code in _money(language):
        if rest.startswith(word) and (not word[-1].isalpha() or not language.spaced or not rest[len(word) : len(word) + 1].isalpha()):
            return code
    return ""


def _sign(sign: str, language: Language | None) -> str:
    """Return the code of a sign; one that two currencies share is that which the language calls by a single letter."""
    if sign == "¥" and language is not None:
        return next((code for word, code in _money(language) if len(word) == 1 and code in {"JPY", "CNY"}), "JPY")
    return _SIGNS.get(sign, sign)


@lru_cache(maxsize=1)
def _iso() -> frozenset[str]:
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


def unit_of(found: Found, language: Language | None) -> str:
    """Return the unit that follows a number, where it is a known one; the longest word of the language first."""
    found = found._replace(after=_CLOSED.sub("", found.after))
    rest = found.after.lstrip(" \u00a0\u202f-").casefold()
    best = ""
    if language is not None:
        for form in _forms(language):
            if len(form) > len(best) and rest.startswith(form) and not (form[-1].isalpha() and language.spaced and rest[len(form) : len(form) + 1].isalpha()):
                best = form
    match = _UNIT.match(found.after)
    if match:
        for candidate in (match[1], match[1].partition("/")[0]):
            code = normal_unit(candidate.replace(" ", ""))
            phrase = code == "in" and regex.match(r"\s*\p{L}", found.after[match.end() :])
            if code in SCALES and not phrase and len(candidate) >= len(best):
                return candidate.replace(" ", "")
    return _forms(language)[best] if best and language is not None else ""


def decimals_of(token: str, value: Fraction) -> int:
    """Return how many decimals a written number shows."""
    if value.denominator == 1 and not _CENTS.search(token):
        return 0
    match = _DECIMALS.search(token)
    return len(match[1]) if match else max(0, -int(Decimal(str(float(value))).as_tuple().exponent))


@lru_cache(maxsize=128)
def quantities_in(text: str, language: Language | None) -> tuple[Quantity, ...]:
    """Return the numbers of a text with what they measure, in order."""
    return tuple(
        Quantity(n.start, n.end, n.value, "" if money else unit_of(n, language), money, decimals_of(text[n.start : n.end], n.value))
        for n in numbers_in(text, language)
        for money in (currency_of(n, language),)
    )
