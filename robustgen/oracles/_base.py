"""What oracles share: the outcomes that need no thought, and verdicts with their name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from robustgen.core.case import Envelope, Severity
from robustgen.core.verdict import Outcome, Trial, Verdict

__all__ = ["Say", "answering", "saying"]

Say = Callable[..., Verdict]


def saying(oracle: str, severity: Severity) -> Say:
    """Return a maker of verdicts of one oracle."""

    def say(outcome: Outcome, why: str, **evidence: Any) -> Verdict:
        return Verdict(oracle=oracle, outcome=outcome, severity=severity, why=why, evidence=evidence)

    return say


def answering(trial: Trial, say: Say) -> Envelope | Verdict:
    """Return the answer's envelope, or the verdict where there is none: an error, or unsure."""
    response = trial.reply.response
    if response.error:
        return say(Outcome.error, f"{response.error}: {response.detail}".rstrip(": "), error=response.error)
    if trial.reply.envelope is None:
        return say(Outcome.unsure, trial.reply.unsure or "nothing could be read")
    return trial.reply.envelope
