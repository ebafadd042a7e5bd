"""The answer is one of the acceptable ones, and none of those that never are."""

from __future__ import annotations

from robustgen.answers import accepted
from robustgen.answers.compare import forbidden
from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.report import expected_text, one_line
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import answering, saying

__all__ = ["value"]


@oracle(effects=("preserves", "shifts"), severity=Severity.high, source="definition of the task")
def value(trial: Trial) -> Verdict:
    """Judge value, unit, label, set or JSON against the computed answer within its tolerance."""
    say = saying("value", Severity.high)
    expected = trial.case.expected
    if not any(e.status == "answer" and (e.value is not None or e.label is not None) for e in expected.accept) or len(trial.case.readings) > 1:
        return say(Outcome.skip, "no single value is expected")
    got = answering(trial, say)
    if isinstance(got, Verdict):
        return got
    if accepted(got, expected):  # a typical mistake can come to the right value by chance
        said = one_line(got)
        return say(Outcome.passed, f"answered {said}", got=said)
    never = forbidden(got, expected)
    if never is not None:
        return say(Outcome.failed, f"answered {one_line(got)}, which is never acceptable here", got=one_line(got), never=one_line(never))
    wanted = expected_text(expected.accept)
    return say(Outcome.failed, f"answered {one_line(got)} where {wanted} is right", got=one_line(got), expected=wanted)
