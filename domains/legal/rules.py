"""Contract arithmetic that data cannot say: notice conventions, period ends, caps, credits, collars."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import robustgen


@robustgen.rule
def notice_by(expiry: date, count: Any, convention: str) -> date:
    """Return the last day for a notice "not less than" so many days before expiry: plain subtraction, or clear days (one day earlier)."""
    return expiry - timedelta(days=int(count) + (1 if convention == "clear" else 0))


@robustgen.rule
def withdrawal_end(delivered: date) -> date:
    """Return the end of 14 days counted from the day after delivery; a weekend moves it to Monday (Regulation 1182/71 Art 3(4)).

    Public holidays are not in the facts.
    """
    end = delivered + timedelta(days=14)
    return end + timedelta(days=7 - end.weekday()) if end.weekday() >= 5 else end


@robustgen.rule
def recoverable(cap: Any) -> Decimal:
    """Return the lesser of the recoverable loss and the cap, which is the greater of a sum and a share of the charges."""
    limit = max(Decimal(cap.floor), Decimal(cap.charges) * Decimal(cap.percent) / 100)
    return min(limit, Decimal(cap.loss) - Decimal(cap.excluded))


@robustgen.rule
def service_credit(record: Any) -> Decimal:
    """Return the credit: availability below 99.0 % gives 25 % of the fee, below 99.9 % gives 10 %; the lower threshold applies alone."""
    total = Decimal(record.month_days) * 24 * 60
    up = (total - Decimal(record.minutes)) / total * 100
    share = 25 if up < 99 else 10 if up < Decimal("99.9") else 0
    return (Decimal(record.fee) * share / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


@robustgen.rule
def indexed(record: Any) -> Decimal:
    """Return the new rent: the index change held between the collar's bounds, rounded half up to the cent."""
    change = min(max(Decimal(record.cpi), Decimal(record.low)), Decimal(record.high))
    return (Decimal(record.rent) * (100 + change) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
