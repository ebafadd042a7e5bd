"""Equations in running text: "500 mg × 3 = 1,500 mg" as numbers and signs, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import regex

from robustgen.answers.quantities import Quantity, quantities_in
from robustgen.answers.units import convert, normal_unit
from robustgen.core.language import Language

__all__ = ["Equation", "equations_in"]

_SIGN = {
    "×": "*",
    "x": "*",
    "*": "*",
    "·": "*",
    "⋅": "*",
    "÷": "/",
    "/": "/",
    ":": "/",
    "+": "+",
    "-": "-",
    "−": "-",
    "–": "-",
    "＋": "+",
    "＝": "=",
    "=": "=",
    "≈": "=",
}
_GAP = regex.compile(
    r"^[ \u00a0\u202f]*(?:[\p{L}%°µμ]+(?:/[\p{L}]+)?|[€£¥$₹元円])?\.?[ \u00a0\u202f*]*(\)?)[ \u00a0\u202f]*([×x*·⋅÷/:+−–＋＝=≈-])[ \u00a0\u202f*]*(\(?)[ \u00a0\u202f]*(?:[€£¥$₹]|R\$|US\$|[A-Z]{3})?[ \u00a0\u202f]*$"
)


class Equation(NamedTuple):
    """The left side's value, the number after the equals sign, and the place of the whole."""

    left: Fraction
    right: Quantity
    start: int
    end: int
    slack: Fraction


def equations_in(text: str, language: Language | None) -> Iterator[Equation]:
    """Yield the equations whose left side has at least one sign; what cannot be understood is left out."""
    found = list(quantities_in(text, language))
    i = 0
    while i < len(found) - 1:
        chain, j = [i], i
        signs: list[tuple[str, str, str]] = []
        while j + 1 < len(found):
            gap = text[found[j].end : found[j + 1].start]
            match = _GAP.match(gap) if len(gap) <= 24 else None
            if match is None or (match[2] in "-–/:" and not regex.search(r"\s[-–/:]\s", gap)):
                break
            signs.append((match[1], _SIGN[match[2]], match[3]))
            chain.append(j + 1)
            j += 1
        if any(s == "=" for _, s, _ in signs):
            yield from _read([found[k] for k in chain], signs, text)
        i = max(j, i + 1)


def _read(numbers: Sequence[Quantity], signs: Sequence[tuple[str, str, str]], text: str) -> Iterator[Equation]:
    """Yield one equation for every equals sign that has an operation on its left."""
    start = 0
    for k, (_, sign, _) in enumerate(signs):
        if sign != "=":
            continue
        left, inner = numbers[start : k + 1], signs[start:k]
        if (
            len(left) > 1
            and not any(close or opened for close, _, opened in inner)
            and text[max(0, left[0].start - 2) : left[0].start].strip() not in {"(", ")"}
        ):
            value = _value(left, [s for _, s, _ in inner])
            if value is not None:
                yield from _equation(value, left, numbers[k + 1], [s for _, s, _ in inner])
        start = k + 1


def _factor(quantity: Quantity) -> Fraction:
    return quantity.value / 100 if quantity.unit in {"%", "percent"} else quantity.value


def _value(numbers: Sequence[Quantity], signs: Sequence[str]) -> Fraction | None:
    """Return what numbers and signs come to, products first; None for a division by zero."""
    sums: list[Fraction] = [numbers[0].value if not signs or signs[0] in "+-" else _factor(numbers[0])]
    for sign, number in zip(signs, numbers[1:], strict=True):
        if sign == "*":
            sums[-1] *= _factor(number)
        elif sign == "/":
            if not number.value:
                return None
            sums[-1] /= _factor(number)
        else:
            sums.append(number.value if sign == "+" else -number.value)
    return sum(sums, Fraction(0))


def _equation(value: Fraction, left: Sequence[Quantity], right: Quantity, signs: Sequence[str]) -> Iterator[Equation]:
    """Yield the equation where both sides measure the same thing."""
    units = {normal_unit(q.unit) for q in left if q.unit and q.unit != "%"}
    unit = normal_unit(right.unit) if right.unit else ""
    if right.unit == "%" and "%" not in {q.unit for q in left}:
        value *= 100
    elif "/" in signs and units:
        return  # a ratio's unit is another one
    elif unit and len(units) == 1 and unit not in units:
        converted = convert(value, next(iter(units)), unit)
        if converted is None:
            return
        value = converted
    elif len(units) > 1 or (any(s in "+-" for s in signs) and "%" in {q.unit for q in left}):
        return
    shown = Fraction(1, 2 * 10**right.decimals)
    rounded = any(q.decimals for q in left) or "/" in signs
    yield Equation(value, right, left[0].start, right.end, shown + (abs(value) / 200 if rounded else 0))
