"""Finance arithmetic that data cannot say: conversions, cover, splits, dividends, margin calls; rounded once, half up, at the end."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import robustgen

CENT = Decimal("0.01")


def _round(value: Decimal, step: Decimal = CENT) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)


@robustgen.rule
def received(record: Any) -> Decimal:
    """Return the USD received: amount times the mid rate less the spread, less the fee."""
    rate = Decimal(record.mid) * (1 - Decimal(record.spread) / 100)
    return _round(Decimal(record.amount) * rate - Decimal(record.fee))


@robustgen.rule
def cash_in_lieu(record: Any) -> Decimal:
    """Return the cash for the fraction of a new share after a reverse split of 1 for ``ratio``."""
    ratio = int(record.ratio)
    return _round(Decimal(record.shares % ratio) * Decimal(record.price) / ratio)


@robustgen.rule
def net_dividend(record: Any) -> Decimal:
    """Return the dividend after withholding tax; the tax is rounded to the cent."""
    gross = Decimal(record.shares) * Decimal(record.per_share)
    return gross - _round(gross * Decimal(record.rate) / 100)


@robustgen.rule
def call_price(record: Any) -> Decimal:
    """Return the price below which there is a margin call: loan over (1 - maintenance) times the shares."""
    return _round(Decimal(record.loan) / ((1 - Decimal(record.maintenance) / 100) * Decimal(record.shares)))


@robustgen.rule
def growth(record: Any) -> Decimal:
    """Return the growth in percent, rounded half up to one decimal."""
    return _round((Decimal(record.now) / Decimal(record.before) - 1) * 100, Decimal("0.1"))
