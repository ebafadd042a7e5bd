"""Oracles of retail sums: what a payment can be at most, and that refunds and tenders add up."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from robustgen.answers.compare import to_number
from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import answering, saying
from robustgen.packs.pack import load_pack

CENT = Fraction(1, 100)


def _exact(value: Any) -> Fraction:
    return Fraction(str(value))


def _highest(case: Any) -> Fraction | None:
    """Return the most that a customer can owe: list prices with tax, or the fee."""
    facts = case.facts
    if case.task == "RT-X08":
        return _exact(facts["fee"])
    if case.task != "RT-T03":
        return None
    rate = _exact(load_pack(case.domain).tables["us_taxes"].row(facts["place"]).rate)
    return sum((_exact(line["price"]) * int(line["qty"]) for line in facts["lines"]), Fraction(0)) * (1 + rate / 100)


@oracle(name="RT-O07", effects=("preserves", "shifts"), severity=Severity.high, source="arithmetic of the cart", regulations=("Dir-98/6",))
def price_bounds(trial: Trial) -> Verdict:
    """Judge whether the amount to pay lies between nothing and the list prices with tax."""
    say = saying("RT-O07", Severity.high)
    highest = _highest(trial.case)
    if highest is None:
        return say(Outcome.skip, "no amount to pay is asked")
    got = answering(trial, say)
    if isinstance(got, Verdict):
        return got
    amount = to_number(got.value)
    if amount is None:
        return say(Outcome.skip, "no amount is given")
    if 0 <= amount <= highest + CENT:
        return say(Outcome.passed, f"{got.value} is within 0 and {float(highest):.2f}")
    return say(Outcome.failed, f"{got.value} lies outside 0 to {float(highest):.2f}", got=str(got.value), highest=f"{float(highest):.2f}")


@oracle(name="RT-O26", effects=("preserves", "shifts"), severity=Severity.high, source="arithmetic of tenders")
def conservation(trial: Trial) -> Verdict:
    """Judge whether the shares of a refund add up to it, and no refund exceeds what was paid."""
    say = saying("RT-O26", Severity.high)
    facts = trial.case.facts
    if trial.case.task not in {"RT-T04", "RT-T16"}:
        return say(Outcome.skip, "no refund is asked")
    got = answering(trial, say)
    if isinstance(got, Verdict):
        return got
    if trial.case.task == "RT-T04":
        refund, paid = to_number(got.value), int(facts["pay"]) * _exact(facts["price"])
        if refund is None:
            return say(Outcome.skip, "no amount is given")
        kept = 0 <= refund <= paid + CENT
        return say(Outcome.passed if kept else Outcome.failed, f"{got.value} of {float(paid):.2f} paid comes back", got=str(got.value))
    if not isinstance(got.value, Mapping):
        return say(Outcome.skip, "the shares are not given one by one")
    shares = [to_number(v) for v in got.value.values()]
    known = [s for s in shares if s is not None]
    if len(known) != len(shares) or not known:
        return say(Outcome.skip, "a share is no number")
    total, amount = sum(known, Fraction(0)), _exact(facts["amount"])
    if abs(total - amount) > CENT / 2 or any(s < 0 for s in known):
        return say(Outcome.failed, f"the shares come to {float(total):.2f}, the refund is {float(amount):.2f}", total=f"{float(total):.2f}")
    return say(Outcome.passed, "the shares add up")
