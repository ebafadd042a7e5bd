"""The digits of a value in another guise: native, full width, scientific, bare or padded decimals, scale words, other countries' groups."""

from __future__ import annotations

from decimal import Decimal

import regex

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import noisy, rewrite_found
from robustgen.perturbations._values import rerender

__all__ = [
    "full_width_digits",
    "indian_groups",
    "naked_decimal",
    "native_digits",
    "other_marks",
    "padded_decimal",
    "scaled_number",
    "scientific_number",
    "words_and_digits",
]

_NUMBER = regex.compile(r"(?<![\p{L}\p{Nd}_.,:/#-])\d+(?:[.,]\d+)*(?![\p{Nd}_:/]|[.,]\d|-\w)")


@perturbation(
    effect="preserves",
    kinds=["noisy", "multilingual"],
    strength=1.0,
    mirrors="input methods for Chinese and Japanese type full-width digits",
    examples=[Example(before="Take 500 mg.", after="Take ５００ mg.", choices=[1]), Example(before="not", after=None)],
)
def full_width_digits(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the digits of a number in full width."""
    return rewrite_found(
        case, draw, tools, _NUMBER, lambda m: "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in m[0]), "no number of its own"
    )


@perturbation(
    effect="preserves",
    kinds=["noisy", "multilingual"],
    needs=["digits"],
    strength=1.0,
    mirrors="local keyboards and software write the script's own digits",
    examples=[Example(before="not", after=None)],
)
def native_digits(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the digits of a number as the script's own."""
    table = {r["digit"]: r["native"] for r in tools.language.rows("digits")}
    return rewrite_found(case, draw, tools, _NUMBER, lambda m: "".join(table.get(c, c) for c in m[0]), "no number of its own")


def _plain(tools: Tools, old: str) -> Decimal | None:
    """Return the value of a bare number of the text in the language's marks."""
    group, mark = tools.language.settings.get("group", ","), tools.language.settings.get("decimal", ".")
    plain = old.replace(group, "").replace(mark, ".") if group != mark else old
    return Decimal(plain) if regex.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def _signed(tools: Tools, old: str) -> tuple[str, Decimal | None]:
    """Return what stands before a number (a currency's sign or code) and its value."""
    head = regex.match(r"(?:\p{Sc}|\p{Lu}{3})?[ \u00a0]?", old)
    sign = head[0] if head else ""
    return sign, _plain(tools, old[len(sign) :])


@noisy(over_facts=True, strength=1.0, mirrors="spreadsheets switch to scientific notation: 1.3E+06")
def scientific_number(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a large bare number in scientific notation, exactly."""
    mark = tools.language.settings.get("decimal", ".")

    def write(path: str, old: str) -> str | None:
        sign, value = _signed(tools, old)
        if value is None or value < 10000 or value != int(value):
            return None
        digits = str(int(value)).rstrip("0")
        return f"{sign}{digits[0]}{mark if digits[1:] else ''}{digits[1:]}E+{len(str(int(value))) - 1:02d}" if len(digits) <= 4 else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


_BELOW_ONE = regex.compile(r"(?<![\p{L}\p{Nd}_.,:/-])0([.,]\d+)(?![\p{Nd}_:/])")


@noisy(
    strength=1.0,
    mirrors="the nought before the point is left out: .5 mg (ISMP error-prone notation)",
    examples=[Example(before="Add 0.5 g.", after="Add .5 g.", choices=[1]), Example(before="500 mg", after=None)],
)
def naked_decimal(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the nought before the decimal mark."""
    mark = tools.language.settings.get("decimal", ".")
    return rewrite_found(case, draw, tools, _BELOW_ONE, lambda m: m[1] if m[1][0] == mark else None, "no decimal below one")


_BEFORE_UNIT = regex.compile(r"(?<![\p{L}\p{Nd}_.,:/-])(?<![xX×/–-]\s)([1-9]\d{0,2})(?=[ \u00a0]?(?:[mkµ]?g|m[lL])\b)")


@noisy(
    strength=1.0,
    mirrors="a trailing nought: 5.0 mg (ISMP error-prone notation)",
    examples=[Example(before="Take 500 mg.", after="Take 500.0 mg.", choices=[1]), Example(before="12", after=None)],
)
def padded_decimal(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a whole number before a unit of mass or volume with a trailing nought."""
    mark = tools.language.settings.get("decimal", ".")
    return rewrite_found(case, draw, tools, _BEFORE_UNIT, lambda m: f"{m[1]}{mark}0", "no whole number before a unit of mass or volume")


_BOTH = regex.compile(r"(?<![\p{L}\p{Nd}_.,:/-])\d{1,3}(?:([.,])\d{3})+([.,])\d{2}(?![\p{Nd}_:/]|[.,]\d)")


@noisy(
    strength=1.0,
    mirrors="an amount in another country's marks: 1.299,00 for 1,299.00",
    examples=[Example(before="Pay 1,250,000.00 now.", after="Pay 1.250.000,00 now.", choices=[1]), Example(before="500 mg", after=None)],
)
def other_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Swap decimal and grouping marks of an amount that has both, so that it stays one amount."""
    swap = str.maketrans(",.", ".,")
    return rewrite_found(case, draw, tools, _BOTH, lambda m: m[0].translate(swap) if m[1] != m[2] else None, "no amount with both marks")


_GROUPED = regex.compile(r"(?<![\p{L}\p{Nd}_.,:/-])\d{1,3}(?:,\d{3})+(?=\.\d|(?![\p{Nd}_:/,.]|,\d))")


@noisy(
    strength=1.0,
    mirrors="South Asian grouping: 12,50,000",
    examples=[Example(before="Pay 1,250,000.00 now.", after="Pay 12,50,000.00 now.", choices=[1]), Example(before="500 mg", after=None)],
)
def indian_groups(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Group the digits of a large number by twos above the thousand."""
    if tools.language.settings.get("group", ",") != ",":
        return NotApplicable("the language groups with another mark")

    def write(match: regex.Match[str]) -> str | None:
        digits = match[0].replace(",", "")
        if len(digits) < 6:
            return None
        head, parts = digits[:-3], [digits[-3:]]
        while head:
            parts.insert(0, head[-2:])
            head = head[:-2]
        return ",".join(parts)

    return rewrite_found(case, draw, tools, _GROUPED, write, "no number of six digits or more")


@noisy(needs=["scale_words"], over_facts=True, strength=1.0, mirrors="people shorten large numbers: 50k, 1.25 million, 126万")
def scaled_number(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a large bare number with a scale word, exactly."""
    mark, rows = tools.language.settings.get("decimal", "."), tools.language.rows("scale_words")

    def write(path: str, old: str) -> str | None:
        sign, value = _signed(tools, old)
        if value is None:
            return None
        for row in rows:
            scaled = value / Decimal(row["factor"])
            if scaled >= 1 and scaled == round(scaled, 2):
                return f"{sign}{scaled.normalize():f}".replace(".", mark) + row["form"]
        return None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@noisy(over_facts=True, strength=1.0, mirrors="contracts write a number in words and in digits: thirty (30) days")
def words_and_digits(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a whole number in words with the digits in brackets."""
    if not tools.language.spaced:
        return NotApplicable("the language has no such habit")

    def write(path: str, old: str) -> str | None:
        words = tools.render(path, "words") if old.isdigit() and 1 < int(old) <= 999 else None
        return f"{words} ({old})" if words else None

    return rerender(case, draw, tools, write, ("int", "decimal"))
