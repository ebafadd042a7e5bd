"""Trades and positions: share purchases and sales, currency exchange, lots, matching rules, splits, dividends, margin, options."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import robustgen

from .money import cents, minor, number, rounded

SDRT = Fraction(5, 1000)
LEVY, LEVY_ABOVE = Decimal("1.50"), 10_000


def _uk(record: Any, pence: bool) -> Decimal:  # noqa: FBT001 - the unit is the question
    value = number(record.qty) * number(record.price) / (100 if pence else 1)
    levy = LEVY if value > LEVY_ABOVE else Decimal(0)
    return cents(value) + cents(value * SDRT) + levy + Decimal(record.commission)


@robustgen.rule
def uk_cost(record: Any) -> Decimal:
    """Return consideration, stamp duty reserve tax, levy above 10,000 and commission in pounds."""
    return _uk(record, str(record.quote) == "GBX")


@robustgen.rule
def uk_wrong_unit(record: Any) -> Decimal:
    """Return the cost when pence are taken for pounds, or pounds for pence."""
    return _uk(record, str(record.quote) != "GBX")


@robustgen.rule
def us_proceeds(record: Any) -> Decimal:
    """Return the proceeds less the Section 31 fee, which is rounded up to the cent, and commission."""
    gross = number(record.qty) * number(record.price)
    fee = rounded(gross * number(record.fee_rate) / 1_000_000, up=True)
    return cents(gross) - fee - Decimal(record.commission)


@robustgen.rule
def received(record: Any) -> Decimal:
    """Return the quote currency received: amount times the mid rate less the spread, less the fee."""
    rate = number(record.mid) * (1 - number(record.spread) / 100)
    return minor(number(record.amount) * rate - number(record.fee), record.quote)


@robustgen.rule
def received_upside_down(record: Any) -> Decimal:
    """Return what comes out when the amount is divided by the rate."""
    rate = number(record.mid) * (1 - number(record.spread) / 100)
    return minor(number(record.amount) / rate - number(record.fee), record.quote)


def _matched(lots: Sequence[tuple[Fraction, Fraction]], quantity: Fraction) -> Fraction:
    """Return the cost of a quantity taken from (quantity, unit cost) lots in order."""
    cost = Fraction(0)
    for held, unit in lots:
        taken = min(held, quantity)
        cost += taken * unit
        quantity -= taken
    return cost


@robustgen.rule
def lot_gain(record: Any) -> Decimal:
    """Return proceeds less cost, the lots matched by date (FIFO, LIFO) or by cost, highest first (HIFO)."""
    by_date = sorted(record.lots, key=lambda lot: lot.bought)
    order = {"FIFO": by_date, "LIFO": by_date[::-1], "HIFO": sorted(by_date, key=lambda lot: -lot.cost)}[str(record.method)]
    cost = _matched([(number(lot.qty), number(lot.cost)) for lot in order], number(record.sold))
    return cents(number(record.sold) * number(record.price) - cost)


@robustgen.rule
def pool_gain(record: Any) -> Decimal:
    """Return the gain under the UK rules: shares bought back within 30 days first, the rest from the averaged pool."""
    held = sum((number(lot.qty) for lot in record.lots), Fraction(0))
    average = sum((number(lot.qty) * number(lot.cost) for lot in record.lots), Fraction(0)) / held
    sold, back = number(record.sold), Fraction(0)
    cost = Fraction(0)
    if record.again and record.gap <= 30:
        back = min(sold, number(record.again))
        cost = back * number(record.paid)
    return cents(sold * number(record.price) - cost - (sold - back) * average)


@robustgen.rule
def wash(record: Any) -> dict[str, Decimal]:
    """Return loss, disallowed and allowed part, and the basis of the replacement shares (nothing is added in an IRA)."""
    each = number(record.cost) - number(record.price)
    loss = each * number(record.qty)
    matched = min(number(record.qty), number(record.again)) if record.gap <= 30 else Fraction(0)
    disallowed = each * matched
    basis = number(record.again) * number(record.paid) + (disallowed if str(record.account) == "taxable" else 0)
    return {"loss": cents(loss), "disallowed": cents(disallowed), "allowed": cents(loss - disallowed), "basis": cents(basis)}


@robustgen.rule
def split_position(record: Any) -> dict[str, Any]:
    """Return whole new shares, the cash for the fraction and, where an order was open, its new limit and quantity."""
    ratio = int(record.ratio)
    whole, rest = divmod(int(record.shares), ratio)
    made: dict[str, Any] = {"shares": whole, "cash": minor(Fraction(rest, ratio) * number(record.price), record.currency)}
    if record.limit is not None:
        made |= {"limit": Decimal(record.limit) * ratio, "order_quantity": int(record.order_qty) // ratio}
    return made


@robustgen.rule
def net_dividend(record: Any) -> Decimal:
    """Return the dividend after withholding tax, which is rounded to the smallest unit; nothing for shares bought on the ex-date or later."""
    if record.late:
        return Decimal("0.00")
    gross = minor(number(record.shares) * number(record.per_share), record.currency)
    return gross - minor(number(gross) * number(record.rate) / 100, record.currency)


@robustgen.rule
def call_price(record: Any) -> Decimal:
    """Return the price below which there is a margin call: loan over (1 - maintenance) times the shares."""
    return cents(number(record.loan) / ((1 - number(record.maintenance) / 100) * number(record.shares)))


@robustgen.rule
def option_payoff(record: Any) -> dict[str, Any]:
    """Return break-even and the largest possible loss; a short call has no bound."""
    strike, premium = number(record.strike), number(record.premium)
    call, size = str(record.kind) == "call", 100 * int(record.contracts)
    even = strike + premium if call else strike - premium
    if str(record.side) == "long":
        loss: Any = cents(premium * size)
    else:
        loss = "unlimited" if call else cents((strike - premium) * size)
    return {"break_even": cents(even), "max_loss": loss}
