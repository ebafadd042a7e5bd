"""Figures add up: the equations that an answer shows, and the parts of a structured one against their total."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from robustgen.answers.compare import to_number
from robustgen.core.case import Severity, canonical
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, prose, saying
from robustgen.oracles._sums import equations_in

__all__ = ["reconciliation"]


def _numbers_at(value: Any, path: str) -> list[Fraction]:
    """Return the numbers at a path such as ``lines[].amount``."""
    head, _, rest = path.partition(".")
    many = head.endswith("[]")
    inner = value.get(head.removesuffix("[]")) if isinstance(value, Mapping) else None
    items = inner if many and isinstance(inner, list) else [inner]
    if rest:
        return [n for item in items for n in _numbers_at(item, rest)]
    return [n for n in (to_number(canonical(i) if not isinstance(i, float) else repr(i)) for i in items) if n is not None]


@oracle(severity=Severity.high, source="arithmetic")
def reconciliation(trial: Trial) -> Verdict:
    """Judge every equation in the running text; options ``parts`` and ``total`` (paths in the answer's value) must agree within ``abs``."""
    say = saying("reconciliation", Severity.high)
    if trial.reply.response.error:
        return say(Outcome.skip, "no answer")
    envelope = trial.reply.envelope
    checked = 0
    for bound in bounds_of(trial, "reconciliation"):
        parts = _numbers_at(envelope.value if envelope else None, str(bound.options.get("parts", "")))
        total = _numbers_at(envelope.value if envelope else None, str(bound.options.get("total", "")))
        if parts and total:
            checked += 1
            if abs(sum(parts, Fraction(0)) - total[0]) > Fraction(str(bound.options.get("abs", "0.005"))):
                got = canonical(sum(parts, Fraction(0)))
                return say(Outcome.failed, f"the parts come to {got}, the total says {canonical(total[0])}", id=bound.id, parts=got, total=canonical(total[0]))
    text = prose(trial.reply)
    for equation in equations_in(text, trial.language) if "=" in text or "≈" in text or "＝" in text else ():
        checked += 1
        if abs(equation.left - equation.right.value) > equation.slack:
            words, right = text[equation.start : equation.end], canonical(round(equation.left, 6))
            return say(Outcome.failed, f"'{words}' does not add up: it is {right}", span=[equation.start, equation.end], right=right)
    return say(Outcome.passed if checked else Outcome.skip, f"{checked} sums add up" if checked else "no sum is shown")
