"""Where the text is ambiguous or something is missing, the system owes a question (or the declared null label), not an answer."""

from __future__ import annotations

from robustgen.answers import accepted
from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.report import expected_text, one_line
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import owed, saying

__all__ = ["clarification"]


@oracle(severity=Severity.high, source="the case's expected statuses", needs=("ask", "null"))
def clarification(trial: Trial) -> Verdict:
    """Judge whether the system asked where asking is owed."""
    say = saying("clarification", Severity.high)
    got = owed(trial, say, "clarification", {"ask", "null"}, "question")
    if isinstance(got, Verdict):
        return got
    expected = trial.case.expected
    if accepted(got, expected):
        return say(Outcome.passed, f"the answer is: {one_line(got)}")
    return say(Outcome.failed, f"answered {one_line(got)} where {expected_text(expected.accept)} is owed", got=one_line(got))
