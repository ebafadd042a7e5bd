"""Retail arithmetic that data cannot say: period ends on working days, and extraction of tax."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import robustgen

CENT = Decimal("0.01")


@robustgen.rule
def last_day(delivered: date, regime: Any) -> date:
    """Return the last day of a return period counted from the day after delivery.

    A period of the EU regime that ends on a Saturday or Sunday ends with the next Monday (Regulation 1182/71 Art 3(4); public
    holidays are not in the facts). Shop policies and the UK text do not roll.
    """
    end = delivered + timedelta(days=int(regime.days))
    if regime.rolls and end.weekday() >= 5:
        end += timedelta(days=7 - end.weekday())
    return end


@robustgen.rule
def tax_in(gross: Decimal, rate: Any) -> Decimal:
    """Return the tax contained in a gross amount, rounded half up to the cent."""
    return (Decimal(gross) * Decimal(rate) / (100 + Decimal(rate))).quantize(CENT, ROUND_HALF_UP)


@robustgen.rule
def cheaper(first: Any, second: Any) -> str:
    """Return which of two packs costs less per kilogram."""
    return "first" if first.price * second.count * second.grams < second.price * first.count * first.grams else "second"


@robustgen.rule
def per_kilogram(pack: Any) -> Decimal:
    """Return a pack's price per kilogram, rounded half up to the cent."""
    return (Decimal(pack.price) * 1000 / (pack.count * pack.grams)).quantize(CENT, ROUND_HALF_UP)


@robustgen.rule
def price_points(product: Any) -> tuple[Decimal, ...]:
    """Return prices as shops set them between a product's lowest and highest: round, .99, .95, .50 and .49 endings."""
    low, high = int(product.low), int(product.high)
    step = max(1, (high - low) // 24)
    endings = ("0.00", "0.99", "0.95", "0.50", "0.49")
    return tuple(Decimal(whole) + Decimal(end) for whole in range(low, high, step) for end in endings)
