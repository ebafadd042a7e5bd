"""A quantity said twice is the same twice; where it is asked for, a quantity has its unit."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

from robustgen.answers.compare import to_number
from robustgen.answers.quantities import Quantity, quantities_in
from robustgen.answers.units import convert, normal_unit
from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, prose, saying

__all__ = ["units"]

_SAME = re.compile(r"^\s*[\w%°µμ/.]{0,14}\s*(?:\(\s*(?:=|≈|~)?|=|≈|,?\s*i\.e\.,?|\[|（|＝)\s*$")


def _same(a: Quantity, b: Quantity) -> bool | None:
    """Tell whether two quantities are equal within the rounding that they show; None where they cannot be compared."""
    if not a.unit or not b.unit or normal_unit(a.unit) == normal_unit(b.unit):
        return None
    converted = convert(a.value, a.unit, b.unit)
    if converted is None:
        return None
    coarse = max(Fraction(1, 2 * 10**b.decimals), abs(b.value) / 100)
    back = convert(Fraction(1, 2 * 10**a.decimals), a.unit, b.unit) if "°" not in a.unit else Fraction(1)
    return abs(converted - b.value) <= max(coarse, back or Fraction(0))


@oracle(severity=Severity.high, source="SI and customary conversions, exact by definition")
def units(trial: Trial) -> Verdict:
    """Judge restated quantities ("1500 mg (1.5 g)") against each other, and ``required``: the asked value carries a unit."""
    say = saying("units", Severity.high)
    envelope, response = trial.reply.envelope, trial.reply.response
    if response.error:
        return say(Outcome.skip, "no answer")
    example = next((e for e in trial.case.expected.accept if e.unit), None)
    asked = [b for b in bounds_of(trial, "units") if b.options.get("required")]
    if asked and example is not None and envelope is not None and envelope.status == "answer" and to_number(envelope.value) is not None and not envelope.unit:
        return say(Outcome.failed, f"{envelope.value} stands without a unit", id=asked[0].id, number=envelope.value)
    text = prose(trial.reply)
    if not any(c.isdigit() for c in text):
        return say(Outcome.passed if asked else Outcome.skip, "no quantity is said twice")
    compared = 0
    found = quantities_in(text, trial.language)
    for a, b in itertools.pairwise(found):
        if b.start - a.end <= 24 and _SAME.match(text[a.end : b.start]):
            same = _same(a, b)
            compared += same is not None
            if same is False:
                words = text[a.start : b.end + len(b.unit) + 1].strip()
                return say(Outcome.failed, f"'{words}' are two different quantities", span=[a.start, b.end], numbers=[str(a.value), str(b.value)])
    return say(Outcome.passed if compared or asked else Outcome.skip, f"{compared} restated quantities agree" if compared else "no quantity is said twice")
