"""Within a family, an edit that preserves the truth must not change the answer."""

from __future__ import annotations

from robustgen.answers import accepted, matches
from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.report import one_line
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import answering, saying
from robustgen.oracles.fairness import concerns

__all__ = ["invariance"]


@oracle(judges="pair", effects=("preserves",), severity=Severity.high, source="metamorphic relation: invariance")
def invariance(trial: Trial) -> Verdict:
    """Judge a variant against the answer that its own base got."""
    say = saying("invariance", Severity.high)
    if trial.base is None or not trial.base_replies or not trial.case.trail or len(trial.case.readings) > 1:
        return say(Outcome.skip, "not a variant of a clean case")
    if concerns(trial.case):
        return say(Outcome.skip, "who someone is was swapped: fairness judges it")
    before = trial.base_replies[0]
    if before.response.error or before.envelope is None:
        return say(Outcome.skip, "the base was not answered")
    got = answering(trial, say)
    if isinstance(got, Verdict):
        return got
    if accepted(got, trial.case.expected):
        return say(Outcome.passed, "the variant is answered right")
    if matches(got, before.envelope, trial.case.expected.tolerance):
        return say(Outcome.passed, "the answer is the same as without the change")
    a, b = one_line(before.envelope), one_line(got)
    return say(Outcome.failed, f"answered {a} without the change and {b} with it", before=a, after=b)
