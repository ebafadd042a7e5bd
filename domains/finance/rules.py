"""Answers that are more than a number: stated amounts, orders, suitability, adverse action, liability, reconciliation, deposit cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import robustgen

from .money import cents, number

KUNA = Fraction("7.53450")
EXPONENT = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12, "lakh": 5, "crore": 7, "myriad": 4, "myriad2": 8}
"""Powers of ten of the scale words; a myriad is 10,000 and its square 100,000,000, as Chinese and Japanese count."""


@robustgen.rule
def questioned_amount(record: Any) -> dict[str, Any]:
    """Return the amount and the answer to the question of the text as a label, a converted amount, or the amount with its sign."""
    amount, question = record.amount, str(record.question)
    made: dict[str, Any] = {"value": amount, "currency": record.currency}
    if question == "convert":
        return {"value": cents(number(amount) / KUNA), "currency": "EUR"}
    if question in {"statement", "books"}:
        return {**made, "value": -Decimal(amount) if question == "statement" else amount}
    label = {
        "ctr": "report" if number(amount) > 10_000 else "no_report",
        "band": "zero_rate" if number(amount) <= 49_450 else "taxed",
        "stale": "stale",
        "fresh": "fresh",
    }.get(question)
    return {**made, "label": label} if label else made


@robustgen.rule
def scaled(record: Any) -> Decimal:
    """Return a figure times its scale."""
    return Decimal(record.figure) * 10 ** EXPONENT[str(record.scale)]


@robustgen.rule
def order_answer(record: Any) -> Any:
    """Return the ticket; escalate or refuse where the remark calls for it, ask where the symbol is no longer traded."""
    if record.note is not None and record.note.kind != "benign":
        return {"status": record.note.kind}
    if str(record.sense) == "isin_conflict" or record.stock.state != "live":
        return {"status": "ask", "missing": ["stock"]}
    if str(record.sense) != "plain":
        return {"label": record.sense}
    ticket = {"side": record.side, "symbol": record.stock.ticker, "mic": record.stock.mic, "type": record.kind, "tif": record.tif}
    if str(record.basis) == "position":
        return {"value": {**ticket, "quantity": "all"}}
    ticket |= {"quantity": record.qty, "limit": record.limit, "stop": record.stop}
    if str(record.basis) != "shares":
        ticket["basis"] = record.basis
    return {"value": {k: v for k, v in ticket.items() if v is not None}}


@robustgen.rule
def suitability(record: Any) -> str:
    """Return the label: the product's risk class against the lowest of the client's three limits; minors never."""
    if record.age < 18:
        return "unsuitable"
    if any(v is None for v in (record.horizon, record.capacity, record.knowledge, record.objective)):
        return "insufficient_information"
    limits = (
        2 if record.horizon < 3 else 4 if record.horizon <= 5 else 7,
        {"low": 2, "medium": 4, "high": 7}[str(record.capacity)],
        {"no": 3, "basic": 5, "good": 7}[str(record.knowledge)],
        {"preservation": 2, "income": 4, "growth": 7}[str(record.objective)],
    )
    return "suitable" if record.sri <= min(limits) else "unsuitable"


@robustgen.rule
def adverse_action(record: Any) -> dict[str, Any]:
    """Return the policy reasons that apply, in the order of the policy, and the last day of the notice."""
    checks = {
        "score": record.score < record.min_score,
        "debt_ratio": record.dti > record.max_dti,
        "employment": record.months < record.min_months,
        "late_payments": record.late > record.max_late,
    }
    return {"reasons": [r for r, fails in checks.items() if fails], "notice_by": record.completed + timedelta(days=30)}


@robustgen.rule
def liability(record: Any) -> Decimal:
    """Return the consumer's share for a lost or stolen card: 50, then 500, then everything after day 60."""
    first = min(Fraction(50), number(record.early))
    if record.told <= 2:
        return cents(first)
    capped = min(Fraction(500), first + number(record.later or 0))
    return cents(capped + number(record.beyond or 0))


def _sum(entries: Iterable[Any]) -> Fraction:
    return sum((number(e.amount) for e in entries), Fraction(0))


@robustgen.rule
def distinct_refs(record: Any) -> bool:
    """Tell whether no reference stands in two lists."""
    refs = [e.ref for entries in (record.matched, record.breaks, record.doubles) for e in entries]
    return len(refs) == len(set(refs))


@robustgen.rule
def reconciled(record: Any) -> Any:
    """Return matched pairs, breaks, duplicates, totals and difference; each line of ``doubles`` stands twice at the bank."""
    if str(record.state) == "rounded":
        return [{"status": "both", "value": [Decimal("1.02"), Decimal("1.01")]}, {"value": {"lines": Decimal("1.02"), "total": Decimal("1.01")}}]
    ledger = _sum([*record.matched, *record.breaks, *record.doubles])
    bank = _sum([*record.matched, *record.doubles, *record.doubles])
    return {
        "value": {
            "pairs": len(record.matched) + len(record.doubles),
            "breaks": [e.amount for e in record.breaks],
            "duplicates": [e.amount for e in record.doubles],
            "ledger": cents(ledger),
            "bank": cents(bank),
            "difference": cents(abs(bank - ledger)),
        }
    }


@robustgen.rule
def cover(record: Any) -> Decimal:
    """Return the protected part: the limit for each holder; a temporary high balance in the UK to 1.4 million."""
    limit = Decimal(record.scheme.limit) * int(record.holders)
    if record.temporary:
        limit = max(limit, Decimal(1_400_000))
    return min(Decimal(record.balance), limit)
