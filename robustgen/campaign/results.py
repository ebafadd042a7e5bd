"""Counting a run: outcomes by case, oracle and factor, latencies, errors, and the exit code they make."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from robustgen.campaign.histogram import Histogram
from robustgen.core.case import Case, Severity
from robustgen.core.report import Group, Report
from robustgen.core.verdict import Finding, Outcome, Response, Verdict
from robustgen.stats import wilson

__all__ = ["Tally", "case_outcome", "exit_code"]

ORDER = (Outcome.failed, Outcome.error, Outcome.unsure, Outcome.passed, Outcome.skip)


def case_outcome(verdicts: Sequence[Verdict]) -> Outcome:
    """Return a case's outcome: the worst of its verdicts; ``error`` and ``unsure`` never count as pass."""
    found = {v.outcome for v in verdicts}
    return next((o for o in ORDER if o in found), Outcome.skip)


class Tally:
    """Counts as the run goes; order does not matter."""

    def __init__(self) -> None:
        """Start at zero."""
        self.totals: Counter[str] = Counter()
        self.by_oracle: dict[str, Counter[str]] = defaultdict(Counter)
        self.factors: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self.elapsed = Histogram()
        self.errors: Counter[str] = Counter()
        self.responses = self.answered = 0

    def response(self, response: Response) -> None:
        """Count one response."""
        self.responses += 1
        if response.error:
            self.errors[response.error] += 1
        else:
            self.answered += 1
            self.elapsed.add(response.elapsed + response.delay)

    def case(self, case: Case, verdicts: Sequence[Verdict]) -> None:
        """Count one judged case."""
        outcome = case_outcome(verdicts)
        self.totals[outcome.value] += 1
        for verdict in verdicts:
            self.by_oracle[verdict.oracle][verdict.outcome.value] += 1
        if outcome not in {Outcome.failed, Outcome.passed}:
            return
        steps = [s.perturbation for s in case.trail] or ["none"]
        levels = [("domain", case.domain), ("task", case.task), ("language", case.tag), *(("kind", k.value) for k in case.kinds)]
        for level in [*levels, *(("perturbation", s) for s in steps)]:
            self.factors[level][0] += 1
            self.factors[level][1] += outcome is Outcome.failed

    def groups(self) -> list[Group]:
        """Return the factors, worst levels first."""
        made = []
        for (factor, level), (judged, failed) in self.factors.items():
            low, high = wilson(failed, judged)
            made.append(Group(factor=factor, level=level, judged=judged, failed=failed, low=low, high=high))
        order = ["domain", "task", "language", "kind", "perturbation"]
        return sorted(made, key=lambda g: (order.index(g.factor), -g.failed / g.judged, g.level))

    def latency(self) -> dict[str, float]:
        """Return percentiles of the answered requests in seconds."""
        return self.elapsed.summary()

    def report(
        self, *, run: str, target: str, config: Mapping[str, Any], made_with: Mapping[str, str], findings: Sequence[Finding], requests: int, why: str
    ) -> Report:
        """Return the model of every report."""
        return Report(
            run=run,
            target=target,
            config=config,
            made_with=made_with,
            totals={o.value: self.totals[o.value] for o in (Outcome.passed, Outcome.failed, Outcome.unsure, Outcome.skip, Outcome.error)},
            by_oracle={k: dict(v) for k, v in sorted(self.by_oracle.items())},
            findings=findings,
            groups=self.groups(),
            latency=self.latency(),
            errors=dict(self.errors),
            answered=self.answered / self.responses if self.responses else 0.0,
            requests=requests,
            why=why,
        )


def exit_code(report: Report, *, fail_on: str, min_answered: float, max_unsure: float | None = None, known: frozenset[str] = frozenset()) -> int:
    """Return the exit code of the contract: 3 untestable, 130 interrupted, 1 findings at or above the bar, else 0."""
    if report.why == "interrupted":
        return 130
    if report.answered < min_answered:
        return 3
    judged = sum(report.totals.values())
    if max_unsure is not None and judged and report.totals.get("unsure", 0) / judged > max_unsure:
        return 3
    if fail_on == "never":
        return 0
    bar = Severity(fail_on).rank
    return int(any(f.verdict.severity.rank <= bar and f.id not in known for f in report.findings))
