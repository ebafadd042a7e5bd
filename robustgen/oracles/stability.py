"""Asked again, a system says the same; disagreement is flakiness and kept apart from failure."""

from __future__ import annotations

from collections.abc import Sequence

from robustgen.answers import accepted, matches
from robustgen.core.case import Case, Envelope, Severity
from robustgen.core.plugins import oracle
from robustgen.core.report import one_line
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, saying
from robustgen.stats import pass_hat_k

__all__ = ["stability"]


def groups_of(envelopes: Sequence[Envelope], case: Case) -> list[list[int]]:
    """Return the repetitions in groups that say the same, the largest first."""
    made: list[list[int]] = []
    for i, envelope in enumerate(envelopes):
        for group in made:
            if _same(envelope, envelopes[group[0]], case):
                group.append(i)
                break
        else:
            made.append([i])
    return sorted(made, key=lambda g: (-len(g), g[0]))


def _same(a: Envelope, b: Envelope, case: Case) -> bool:
    tolerance = case.expected.tolerance
    return matches(a, b, tolerance) or (matches(b, a, tolerance)) or (a.status == b.status != "answer")


@oracle(severity=Severity.medium, source="k-of-n agreement under repetition; pass^k as in tau-bench (Yao et al. 2024)")
def stability(trial: Trial) -> Verdict:
    """Judge whether repetitions agree: all of them, or the share ``min`` that is asked for; pass^k and k-of-n go into the evidence."""
    say = saying("stability", Severity.medium)
    if len(trial.replies) < 2:
        return say(Outcome.skip, "asked once only")
    answered = [r for r in trial.replies if not r.response.error]
    read = [r.envelope for r in answered if r.envelope is not None]
    if not answered:
        return say(Outcome.error, "no repetition was answered", error=trial.reply.response.error)
    if len(read) < 2:
        return say(Outcome.unsure, f"{len(read)} of {len(trial.replies)} repetitions could be read")
    groups = groups_of(read, trial.case)
    agreeing, right = len(groups[0]), sum(accepted(e, trial.case.expected) for e in read)
    share = agreeing / len(read)
    wanted = max((float(b.options.get("min", 1.0)) for b in bounds_of(trial, "stability")), default=1.0)
    evidence = {
        "n": len(trial.replies), "read": len(read), "agree": agreeing, "right": right, "pass_hat_k": round(pass_hat_k(right, len(read), len(read)), 4),
        "answers": [one_line(read[g[0]]) for g in groups[:4]],
    }  # fmt: skip
    if share >= wanted:
        return say(Outcome.passed, f"{agreeing} of {len(read)} agree", **evidence)
    shown = "; ".join(f"{len(g)} times {one_line(read[g[0]])}" for g in groups[:4])
    return say(Outcome.failed, f"{agreeing} of {len(read)} repetitions agree: {shown}", **evidence)
