"""Counting a run: outcomes by case, oracle and factor, latencies, errors, and the exit code they make."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from robustgen.campaign.histogram import Histogram
from robustgen.core.case import Case, Kind, Severity
from robustgen.core.plugins import PERTURBATIONS
from robustgen.core.report import Cell, Duty, Group, Influence, Point, Report
from robustgen.core.verdict import Finding, Mark, Outcome, Response, Verdict
from robustgen.errors import MissingExtra
from robustgen.explain import clusters
from robustgen.packs.pack import load_pack
from robustgen.stats import agreement_of, wilson
from robustgen.stats.attribution import attribute

__all__ = ["Tally", "case_outcome", "exit_code", "with_marks"]

ORDER = (Outcome.failed, Outcome.error, Outcome.unsure, Outcome.passed, Outcome.skip)
FACTORS = ("domain", "task", "language", "kind", "perturbation")
FEWEST, MOST = (300, 20), 20_000
"""Judged and failed cases below which nothing is attributed; cases above which counts are scaled down, which only widens intervals."""
SURE, SHOWN = 0.05, 40
TEXT = {o: o.value for o in Outcome}
PLACES = 4096
JUDGE = "judge-model"
"""The oracle whose verdicts are another model's word."""
Place = tuple[str, str, str, tuple[Kind, ...], tuple[str, ...], float]
Alike = tuple[str, str, str, str, tuple[str, ...]]
STEPS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Shares of a text that were changed, by which strength curves are drawn."""


def case_outcome(verdicts: Sequence[Verdict]) -> Outcome:
    """Return a case's outcome: the worst of its verdicts; ``error`` and ``unsure`` never count as pass."""
    worst = Outcome.skip
    for verdict in verdicts:
        found = verdict.outcome
        if found is Outcome.failed:
            return found
        if found is not worst and found is not Outcome.skip and ORDER.index(found) < ORDER.index(worst):
            worst = found
    return worst


class Tally:
    """Counts as the run goes; order does not matter."""

    def __init__(self) -> None:
        """Start at zero."""
        self.totals: Counter[str] = Counter()
        self.by_oracle: dict[str, Counter[str]] = defaultdict(Counter)
        self.factors: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self.cells: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        self.curves: dict[tuple[str, float], list[int]] = defaultdict(lambda: [0, 0])
        self.duties: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.alike: dict[Alike, list[int]] = defaultdict(lambda: [0, 0])
        self._places: dict[Place, list[list[int]]] = {}
        self.judges: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
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

    def case(self, case: Case, verdicts: Sequence[Verdict]) -> Outcome:
        """Count one judged case and return its outcome."""
        outcome = case_outcome(verdicts)
        text = TEXT[outcome]
        self.totals[text] += 1
        duties = set(_duties_of(case.domain, case.task))
        for verdict in verdicts:
            counts = self.by_oracle[verdict.oracle]
            if verdict.outcome is Outcome.skip:
                counts["skip"] += 1
            else:
                counts[TEXT[verdict.outcome]] += 1
                duties.update(verdict.regulations)
                if verdict.oracle == JUDGE:
                    self.judges[str(verdict.evidence.get("judge", ""))][TEXT[verdict.outcome], str(verdict.evidence.get("exact", ""))] += 1
        for duty in duties:
            self.duties[duty, case.domain][text] += 1
        if outcome is Outcome.failed or outcome is Outcome.passed:
            failed = outcome is Outcome.failed
            for place in self._places_of(case):
                place[0] += 1
                place[1] += failed
        return outcome

    def _places_of(self, case: Case) -> list[list[int]]:
        """Return the counts that a case belongs to: of its factors, cells and curves; those of the last kinds of cases are kept."""
        key = (case.domain, case.task, case.tag, tuple(case.kinds), tuple([s.perturbation for s in case.trail]), _changed(case))
        found = self._places.get(key)
        if found is None:
            if len(self._places) >= PLACES:
                self._places.clear()
            found = self._places[key] = self._placed(*key)
        return found

    def _placed(self, domain: str, task: str, tag: str, kinds: tuple[Kind, ...], trail: tuple[str, ...], changed: float) -> list[list[int]]:
        steps, kind = trail or ("none",), kinds[0].value
        levels = [("domain", domain), ("task", task), ("language", tag), *(("kind", k.value) for k in kinds), *(("perturbation", s) for s in steps)]
        found = [self.factors[level] for level in levels]
        found.append(self.alike[domain, task, tag, kind, tuple(sorted(set(steps)))])
        found += [self.cells[domain, kind, tag, step] for step in steps]
        return found + [self.curves[family, changed] for family in {_family(s) for s in steps}]

    def groups(self) -> list[Group]:
        """Return the factors, worst levels first."""
        made = []
        for (factor, level), (judged, failed) in self.factors.items():
            low, high = wilson(failed, judged)
            made.append(Group(factor=factor, level=level, judged=judged, failed=failed, low=low, high=high))
        return sorted(made, key=lambda g: (FACTORS.index(g.factor), -g.failed / g.judged, g.level))

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
            cells=[_cell(key, counts) for key, counts in sorted(self.cells.items())],
            curves=[_point(key, counts) for key, counts in sorted(self.curves.items())],
            clusters=clusters(findings),
            influences=self.influences() if why != "running" else [],
            duties=self._duties(findings),
            leaks=self._leaks(),
            judges={name: msgspec.to_builtins(agreement_of(counts)) for name, counts in sorted(self.judges.items())},
            titles={task: _task_title(domain, task) for domain, task in sorted({key[:2] for key in self.alike})},
        )

    def influences(self) -> list[Influence]:
        """Return what failing depends on, the surest first; nothing for few cases, or where the libraries for it are not installed."""
        judged, failed = (sum(c[i] for c in self.alike.values()) for i in (0, 1))
        if judged < FEWEST[0] or failed < FEWEST[1]:
            return []
        share = min(1.0, MOST / judged)
        rows: list[dict[str, Any]] = []
        outcomes: list[bool] = []
        for key, (n, bad) in sorted(self.alike.items()):
            row = dict(zip(FACTORS, key, strict=True))
            for count, outcome in ((round(bad * share), True), (round((n - bad) * share), False)):
                rows += [row] * count
                outcomes += [outcome] * count
        try:
            found = attribute(rows, outcomes)
        except MissingExtra:
            return []
        sure = [e for e in found if e.q < SURE][:SHOWN]
        names = ("factor", "level", "odds", "low", "high", "q", "judged", "failed")
        return [Influence(**{k: getattr(e, k) for k in names}) for e in sure]

    def _duties(self, findings: Sequence[Finding]) -> list[Duty]:
        made: dict[str, Duty] = {}
        for (duty, domain), counts in sorted(self.duties.items()):
            known = made.get(duty, Duty(id=duty, title=_title(domain, duty)))
            made[duty] = msgspec.structs.replace(
                known,
                domains=[*known.domains, domain],
                passed=known.passed + counts["pass"],
                failed=known.failed + counts["fail"],
                undecided=known.undecided + counts["unsure"] + counts["error"],
                findings=[f.id for f in findings if duty in {*f.verdict.regulations, *_duties_of(f.case.domain, f.case.task)}],
            )
        return list(made.values())

    def _leaks(self) -> dict[str, int]:
        counts = [c for name, c in self.by_oracle.items() if "leak" in name]
        return {"searched": sum(c["pass"] + c["fail"] for c in counts), "held": sum(c["fail"] for c in counts)} if counts else {}


def _cell(key: tuple[str, str, str, str], counts: list[int]) -> Cell:
    return Cell(domain=key[0], kind=key[1], language=key[2], perturbation=key[3], judged=counts[0], failed=counts[1])


def _point(key: tuple[str, float], counts: list[int]) -> Point:
    low, high = wilson(counts[1], counts[0])
    return Point(family=key[0], changed=key[1], judged=counts[0], failed=counts[1], low=low, high=high)


def _changed(case: Case) -> float:
    """Return the step of the share of a text that its trail changed."""
    if not case.trail:
        return STEPS[0]
    changed = sum(max(len(e.old), len(e.new)) for s in case.trail for e in s.edits)
    share = changed / max(1, len(case.base_text))
    return next((s for s in STEPS if share <= s), STEPS[-1])


@lru_cache(maxsize=1024)
def _family(perturbation: str) -> str:
    known = dict(PERTURBATIONS.items())
    return known[perturbation].family if perturbation in known else perturbation


@lru_cache(maxsize=1024)
def _duties_of(domain: str, task: str) -> frozenset[str]:
    """Return the regulations that a pack maps to a task, directly or through its oracles."""
    if not domain:
        return frozenset()
    pack = load_pack(domain)
    known = pack.meta.get("regulations", {})
    found = {t for t in (pack.tasks[task].tags if task in pack.tasks else ()) if t in known}
    for entry in pack.meta.get("oracles", {}).values():
        if {task, "*"} & set(entry.get("tasks", [])):
            found.update(entry.get("regulations", []))
    return frozenset(found)


@lru_cache(maxsize=1024)
def _task_title(domain: str, task: str) -> str:
    tasks = load_pack(domain).tasks if domain else {}
    return tasks[task].title if task in tasks else ""


def _title(domain: str, duty: str) -> str:
    entry = load_pack(domain).meta.get("regulations", {}).get(duty, {}) if domain else {}
    return ", ".join(str(entry[k]) for k in ("title", "clause") if entry.get(k))


def with_marks(report: Report, marks: Mapping[str, Mark], file: str = "") -> Report:
    """Return the report with what triage says of its findings."""
    findings = [msgspec.structs.replace(f, mark=marks.get(f.id)) for f in report.findings]
    return msgspec.structs.replace(report, findings=findings, triage=file if marks else "")


def exit_code(report: Report, *, fail_on: str, min_answered: float, max_unsure: float | None = None, known: frozenset[str] = frozenset()) -> int:
    """Return the exit code of the contract: 3 untestable, 130 interrupted, 1 findings at or above the bar that nobody has marked, else 0."""
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
    return int(any(f.verdict.severity.rank <= bar and f.id not in known and f.mark is None for f in report.findings))
