"""Interest, rates and figures: day counts, Treasury quotes, loans, cards, growth, basis points, returns, forwards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import robustgen

from .money import EXACT, cents, minor, number, rounded


def _thirty(a: date, b: date, *, european: bool) -> int:
    first = 30 if a.day == 31 else a.day
    second = 30 if b.day == 31 and (european or first == 30) else b.day
    return 360 * (b.year - a.year) + 30 * (b.month - a.month) + second - first


def _by_year(a: date, b: date) -> Fraction:
    """Return act/act ISDA: the days of each calendar year over its length."""
    total = Fraction(0)
    for year in range(a.year, b.year + 1):
        start, end = max(a, date(year, 1, 1)), min(b, date(year + 1, 1, 1))
        total += Fraction(max((end - start).days, 0), 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365)
    return total


def fraction_of(rule: str, a: date, b: date, following: date, freq: int) -> Fraction:
    """Return the part of a year from ``a`` to ``b`` under a day-count rule; ``following`` ends the coupon period."""
    days = (b - a).days
    if rule in {"us30", "e30"}:
        return Fraction(_thirty(a, b, european=rule == "e30"), 360)
    if rule == "icma":
        return Fraction(days, (following - a).days * freq)
    return _by_year(a, b) if rule == "isda" else Fraction(days, 360 if rule == "a360" else 365)


@robustgen.rule
def accrued(record: Any) -> Decimal:
    """Return the accrued interest, rounded half up to the cent."""
    part = fraction_of(str(record.day_count), record.last, record.settle, record.next, int(record.freq))
    return cents(number(record.face) * number(record.coupon) / 100 * part)


@robustgen.rule
def treasury_price(record: Any) -> Decimal:
    """Return a note's decimal price from 32nds and eighths of a 32nd, or a bill's price per 100,000 face, to the cent."""
    if str(record.kind) == "bill":
        return cents(100_000 * (1 - number(record.discount) / 100 * Fraction(int(record.days), 360)))
    return rounded(int(record.handle) + Fraction(int(record.ticks), 32) + Fraction(int(record.eighth), 256), 8)


@robustgen.rule
def loan_answer(record: Any) -> dict[str, Any]:
    """Return the level monthly payment, the effective annual rate, or the instalments of one year."""
    if str(record.asked) == "yearly":
        return {"value": number(record.instalment) * int(record.per_year), "currency": record.currency}
    month = number(record.rate) / 1200
    if str(record.asked) == "effective":
        return {"value": rounded(((1 + month) ** 12 - 1) * 100), "unit": "%"}
    n = int(record.term)
    if not month:
        return {"value": minor(number(record.principal) / n, record.currency), "currency": record.currency}
    factor = EXACT.power(Decimal(1) + EXACT.divide(Decimal(month.numerator), Decimal(month.denominator)), -n)
    payment = EXACT.divide(EXACT.multiply(Decimal(record.principal), EXACT.divide(Decimal(month.numerator), Decimal(month.denominator))), 1 - factor)
    return {"value": minor(payment, record.currency), "currency": record.currency}


@robustgen.rule
def card_interest(record: Any) -> Decimal:
    """Return the average daily balance times the daily rate times the days; nothing while a zero rate holds."""
    if str(record.promo) in {"life", "intro"}:
        return Decimal("0.00")
    return cents(number(record.balance) * number(record.apr) / 100 / 365 * int(record.span))


@robustgen.rule
def rate_change(record: Any) -> dict[str, Any]:
    """Return the change in basis points, percentage points or percent of the old rate."""
    change = number(record.new) - number(record.old)
    if str(record.asked) == "bp":
        return {"value": rounded(change * 100), "unit": "bp"}
    if str(record.asked) == "points":
        return {"value": rounded(change), "unit": "pp"}
    return {"value": rounded(change / number(record.old) * 100), "unit": "%"}


@robustgen.rule
def total_return(record: Any) -> dict[str, Any]:
    """Return the compounded return in percent; a basis that the text names comes as a label."""
    product = Fraction(1)
    for part in (record.first, record.second, record.third):
        product *= 1 + number(part or 0) / 100
    made: dict[str, Any] = {"value": rounded((product - 1) * 100), "unit": "%"}
    return made if str(record.basis) == "plain" else {**made, "label": record.basis}


@robustgen.rule
def forward_rate(record: Any) -> Decimal:
    """Return the forward by covered parity, both legs act/360, to five decimals."""
    part = Fraction(int(record.days), 360)
    grown = (1 + number(record.quote_rate) / 100 * part) / (1 + number(record.base_rate) / 100 * part)
    return rounded(number(record.spot) * grown, 5)


ENDS = {"fy_dec": "{0}-12-31", "fy_jan": "{1}-01-31", "fy_sep": "{0}-09-30", "q1_calendar": "{0}-03-31", "q1_india": "{0}-06-30", "q1_fiscal": "{0}-12-31"}


@robustgen.rule
def kpi(record: Any) -> Any:
    """Return growth or margin in percent; corrected and restated figures win, a contradicting table gives both."""
    before = record.before if record.restated is None else record.restated
    now = record.now if record.corrected is None else record.corrected
    if record.table_now is not None:
        pair = [rounded((number(v) / number(before) - 1) * 100, 1) for v in (now, record.table_now)]
        return [{"status": "both", "value": pair}, {"status": "ask", "missing": ["now"]}]
    if str(record.asked) == "growth":
        value = rounded((number(now) / number(before) - 1) * 100, 1)
    else:
        part = {"operating": record.profit, "gross": record.gross, "net": record.net}[str(record.measure)]
        value = rounded(number(part) / number(now) * (-100 if str(record.figure) == "minus" else 100), 1)
    made: dict[str, Any] = {"value": value, "unit": "%"}
    if str(record.period) == "plain":
        return made
    template = ENDS.get(str(record.period))
    return {**made, "label": template.format(record.year, record.year + 1) if template else record.period}


@robustgen.rule
def other_period(record: Any) -> Any:
    """Return the growth read the wrong way round, from the newer year to the older one; nothing where both round alike."""
    if str(record.asked) != "growth" or record.table_now is not None or not record.now:
        return None
    right, wrong = kpi(record), rounded((number(record.before) / number(record.now) - 1) * 100, 1)
    return None if abs(right["value"] - wrong) <= 1 else {"value": wrong, "unit": "%"}
