"""Where the facts move, the answer moves the same way: up for up, later for later."""

from __future__ import annotations

from fractions import Fraction

from robustgen.answers.compare import to_number
from robustgen.answers.units import convert
from robustgen.core.case import Case, Envelope, Severity
from robustgen.core.plugins import oracle
from robustgen.core.report import one_line
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import answering, saying

__all__ = ["direction"]


def _value(case: Case) -> Envelope | None:
    """Return the one value that a case expects."""
    found = [e for e in case.expected.accept if e.status == "answer" and e.value is not None]
    return found[0] if len(found) == 1 and len(case.expected.accept) == 1 and len(case.readings) < 2 else None


def _order(before: Envelope, after: Envelope, unit: str | None) -> int | None:
    """Return -1, 0 or 1 as the second is smaller, equal or larger; None where they cannot be compared."""
    a, b = (_number(e, unit) for e in (before, after))
    if a is not None and b is not None:
        return (b > a) - (b < a)
    x, y = before.value, after.value
    if isinstance(x, str) and isinstance(y, str) and len(x) == len(y) >= 10 and x[4] == y[4] == "-":
        return (y > x) - (y < x)
    return None


def _number(envelope: Envelope, unit: str | None) -> Fraction | None:
    number = to_number(envelope.value)
    if number is None or not unit or not envelope.unit:
        return number
    return convert(number, envelope.unit, unit)


@oracle(judges="pair", effects=("shifts",), severity=Severity.high, source="metamorphic relation: direction")
def direction(trial: Trial) -> Verdict:
    """Judge whether the answer moved as the expected one did between a base and a variant with other facts."""
    say = saying("direction", Severity.high)
    if trial.base is None or not trial.base_replies or not trial.case.trail or trial.case.effect.value != "shifts":
        return say(Outcome.skip, "no facts were changed")
    old, new = _value(trial.base), _value(trial.case)
    if old is None or new is None:
        return say(Outcome.skip, "no single value on both sides")
    wanted = _order(old, new, new.unit)
    if not wanted:
        return say(Outcome.skip, "the right answer does not move")
    before = trial.base_replies[0]
    if before.response.error or before.envelope is None:
        return say(Outcome.skip, "the base was not answered")
    got = answering(trial, say)
    if isinstance(got, Verdict):
        return got
    moved = _order(before.envelope, got, new.unit)
    if moved is None:
        return say(Outcome.skip, "the answers cannot be compared")
    if moved == wanted:
        return say(Outcome.passed, "the answer moved the right way")
    words = {1: "rise", -1: "fall", 0: "stay"}
    a, b = one_line(before.envelope), one_line(got)
    return say(Outcome.failed, f"the answer should {words[wanted]} but went from {a} to {b}", before=a, after=b, wanted=words[wanted])
