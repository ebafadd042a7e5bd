"""Contract money: late-payment interest, caps, service credits, indexation, refunds, loan interest. Half up, once, at the end."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import robustgen

CENT = Decimal("0.01")


def _cents(value: Fraction) -> Decimal:
    """Round half up to the minor unit, exactly."""
    whole = value * 100
    floor, rest = divmod(whole.numerator, whole.denominator)
    return Decimal(floor + (1 if 2 * rest >= whole.denominator else 0)) / 100


def _fraction(value: Any) -> Fraction:
    return Fraction(Decimal(str(value)))


@robustgen.rule
def fixed_sum(debt: Any, regime: Any) -> Decimal:
    """Return the fixed compensation of a debt: by its size in the United Kingdom (1998 Act s5A), flat elsewhere."""
    if regime.fixed_small is None:
        return Decimal(regime.fixed_large)
    amount = Decimal(debt)
    return Decimal(regime.fixed_small if amount < 1000 else regime.fixed_middle if amount < 10000 else regime.fixed_large)


@robustgen.rule
def late_payment(debt: Any, due: date, paid: date, regime: Any) -> Decimal:
    """Return simple interest act/365 from the day after the due date to the given day, plus the fixed sum."""
    rate = _fraction(regime.reference) + _fraction(regime.margin)
    interest = _fraction(debt) * rate / 100 * (paid - due).days / 365
    return _cents(interest) + fixed_sum(debt, regime)


@robustgen.rule
def cap_of(cap: Any) -> Decimal | None:
    """Return the ceiling of a liability clause, None where there is none."""
    share = Decimal(cap.charges) * Decimal(cap.percent) / 100 if cap.get("percent") is not None and cap.get("charges") is not None else None
    floor = Decimal(cap.floor) if cap.get("floor") is not None else None
    if cap.kind == "nil":
        return Decimal(0)
    if cap.kind in {"greater", "lesser"} and share is not None and floor is not None:
        return max(floor, share) if cap.kind == "greater" else min(floor, share)
    return floor if cap.kind == "fixed" else share if cap.kind == "multiple" else None


@robustgen.rule
def recoverable(cap: Any) -> Decimal:
    """Return what can be recovered: the loss less excluded heads, held by the cap unless the loss is carved out of it."""
    net = max(Decimal(cap.loss) - Decimal(cap.lost), Decimal(0))
    limit = cap_of(cap)
    return net if cap.carved or limit is None else min(limit, net)


@robustgen.rule
def availability(minutes: Any, month_days: Any) -> Decimal:
    """Return the availability of a month in per cent, exactly enough to compare with a threshold."""
    total = Fraction(int(month_days) * 24 * 60)
    return Decimal(1) * _scaled((total - _fraction(minutes)) / total * 100)


def _scaled(value: Fraction) -> Decimal:
    return Decimal(value.numerator * 10**12 // value.denominator) / Decimal(10**12)


@robustgen.rule
def service_credit(credit: Any) -> Decimal:
    """Return the credit of a month: the lowest threshold that was missed applies alone."""
    up = availability(credit.minutes, credit.month_days)
    share = credit.plan.low_credit if up < Decimal(str(credit.plan.low_mark)) else credit.plan.high_credit if up < Decimal(str(credit.plan.high_mark)) else 0
    return (Decimal(credit.fee) * Decimal(str(share)) / 100).quantize(CENT, ROUND_HALF_UP)


@robustgen.rule
def indexed_rent(rent: Any, change: Any, low: Any, high: Any) -> Decimal:
    """Return a rent after indexation; the change is held between the collar's bounds where there are any."""
    held = Decimal(str(change))
    held = held if low is None else max(held, Decimal(str(low)))
    held = held if high is None else min(held, Decimal(str(high)))
    return (Decimal(rent) * (100 + held) / 100).quantize(CENT, ROUND_HALF_UP)


@robustgen.rule
def refund_due(daily: Any, finish: date, last: date, until: str) -> Decimal:
    """Return the refund for the days after the last day of service; ``excluded`` leaves the named day without service."""
    return Decimal(daily) * ((finish - last).days + (1 if until == "excluded" else 0))


def _february_end(day: date) -> bool:
    return day.month == 2 and (day + timedelta(days=1)).month == 3


@robustgen.rule
def counted_days(basis: str, start: date, end: date) -> int:
    """Return the days between two dates on a basis: actual, 30/360 US (bond basis with February's end), 30E/360."""
    if basis.startswith("act"):
        return (end - start).days
    d1, d2 = start.day, end.day
    if basis == "30E360":
        d1, d2 = min(d1, 30), min(d2, 30)
    else:
        if _february_end(start) and _february_end(end):
            d2 = 30
        if _february_end(start):
            d1 = 30
        if d2 == 31 and d1 >= 30:
            d2 = 30
        d1 = min(d1, 30)
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + d2 - d1


@robustgen.rule
def loan_interest(principal: Any, rate: Any, basis: str, start: date, end: date) -> Decimal:
    """Return simple interest between two dates, the end date not counted, rounded half up to the cent."""
    year = 365 if basis == "act365" else 360
    return _cents(_fraction(principal) * _fraction(rate) / 100 * counted_days(basis, start, end) / year)
