"""An answer comes within the time that is asked for."""

from __future__ import annotations

from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, saying

__all__ = ["latency"]


@oracle(severity=Severity.low, source="asked for by the pack or in [bounds]")
def latency(trial: Trial) -> Verdict:
    """Judge the slowest repetition against ``max`` in seconds; a timeout is an error, not a slow answer."""
    say = saying("latency", Severity.low)
    asked = bounds_of(trial, "latency")
    times = [r.response.elapsed for r in trial.replies if not r.response.error]
    if not asked or not times:
        return say(Outcome.skip, "no time is asked for")
    slowest = max(times)
    for bound in asked:
        limit = float(bound.options.get("max", "inf"))
        if slowest > limit:
            return say(Outcome.failed, f"answered in {slowest:.2f} s, later than {limit:g} s", id=bound.id, got=round(slowest, 3), limit=limit)
    return say(Outcome.passed, f"answered in {slowest:.2f} s")
