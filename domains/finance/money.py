"""Rounding and small helpers that all finance rules share: amounts are exact decimals, rounded once, half up, at the end."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

import robustgen

__all__ = ["CENT", "EXACT", "cents", "minor", "number", "rounded"]

CENT = Decimal("0.01")
EXACT = Context(prec=50)
MINOR = {"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
"""Minor units that are not two (ISO 4217)."""


def number(value: Any) -> Fraction:
    """Return a whole or decimal number as an exact fraction."""
    return Fraction(value) if not isinstance(value, str) else Fraction(Decimal(value))


def rounded(value: Fraction | Decimal, places: int = 2, *, up: bool = False) -> Decimal:
    """Return a number rounded half up (``up``: always up) to so many decimals."""
    exact = Fraction(value)
    scaled = EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return scaled.quantize(Decimal(1).scaleb(-places), ROUND_CEILING if up else ROUND_HALF_UP, EXACT)


def cents(value: Fraction | Decimal) -> Decimal:
    """Return an amount rounded half up to the cent."""
    return rounded(value)


def minor(value: Fraction | Decimal, currency: Any) -> Decimal:
    """Return an amount rounded half up to the smallest unit of its currency."""
    return rounded(value, MINOR.get(str(currency), 2))


@robustgen.rule
def too_precise(amount: Any, currency: Any) -> bool:
    """Tell whether an amount has more decimals than its currency has minor units."""
    places = MINOR.get(str(currency), 2)
    return bool(number(amount) * 10**places % 1)
