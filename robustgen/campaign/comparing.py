"""Two runs side by side: findings fixed, broken and unchanged, and the cases that both were asked, with exact paired statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from robustgen.campaign.store import open_ledger
from robustgen.core.report import Cluster, Report
from robustgen.core.verdict import Finding
from robustgen.explain import clusters
from robustgen.packs.pack import load_pack
from robustgen.stats import clopper_pearson, mcnemar, wilson

__all__ = ["Comparison", "Judgement", "Shift", "compare", "judgements", "paired_interval", "summary"]

EXACT = 1000
"""Up to so many differing pairs the interval is exact; beyond, Wilson's is the same to the third decimal."""


class Judgement(msgspec.Struct, frozen=True):
    """How one case came out."""

    outcome: str
    domain: str = ""
    task: str = ""
    language: str = ""
    kind: str = ""
    perturbation: list[str] = []
    failed: list[str] = []


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A group of cases that both runs judged: how many came out better and worse, with p-value and interval of the change of the failure rate."""

    factor: str
    level: str
    shared: int
    fixed: int
    broken: int
    p: float
    change: float
    low: float
    high: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What one run has over another."""

    before: str
    after: str
    fixed: list[Finding]
    broken: list[Finding]
    unchanged: list[Finding]
    flaky: list[Finding]
    unasked: list[Finding]
    fixed_causes: list[Cluster]
    broken_causes: list[Cluster]
    cases: Shift
    levels: list[Shift]


def judgements(folder: Path) -> dict[str, Judgement]:
    """Return case id to how it came out in a run; of a case judged twice, the last time."""
    with open_ledger(folder) as ledger:
        return {r.key: msgspec.json.decode(r.body, type=Judgement) for r in ledger.records("judged") if r.body}


def paired_interval(fixed: int, broken: int, shared: int) -> tuple[float, float]:
    """Return the 95 % interval of the change of a failure rate, exact given how many pairs differ (Clopper and Pearson on the pairs)."""
    differ = fixed + broken
    if not differ or not shared:
        return 0.0, 0.0
    low, high = (clopper_pearson if differ <= EXACT else wilson)(broken, differ)
    return (2 * low - 1) * differ / shared, (2 * high - 1) * differ / shared


def compare(before: Report, after: Report, old: Mapping[str, Judgement], new: Mapping[str, Judgement]) -> Comparison:
    """Return what changed; a finding whose cases the other run never judged is neither fixed nor unchanged."""
    for domain in sorted({f.case.domain for f in (*before.findings, *after.findings) if f.case.domain}):
        load_pack(domain)  # its own perturbations are named in words then
    known, found = {f.id: f for f in before.findings}, {f.id: f for f in after.findings}
    fixed: list[Finding] = []
    moved: list[Finding] = []
    unasked: list[Finding] = []
    for finding in known.values():
        if finding.id not in found:
            asked = [new[c] for c in finding.cases if c in new]
            still = sum(finding.verdict.oracle in j.failed for j in asked)
            (unasked if not asked and new else moved if asked and still * 2 > len(asked) else fixed).append(finding)
    broken = [f for f in found.values() if f.id not in known and not _failed_before(f, old)]
    flaky = {f.id: f for f in (*known.values(), *found.values()) if f.flaky}
    pairs = [(old[c], new[c]) for c in old.keys() & new.keys() if {old[c].outcome, new[c].outcome} <= {"pass", "fail"}]
    return Comparison(
        before=before.run,
        after=after.run,
        fixed=fixed,
        broken=broken,
        unchanged=[*(f for f in found.values() if f.id in known), *moved],
        flaky=list(flaky.values()),
        unasked=unasked,
        fixed_causes=clusters(fixed),
        broken_causes=clusters(broken),
        cases=_shift("all", "all", pairs),
        levels=_levels(pairs),
    )


def _failed_before(finding: Finding, old: Mapping[str, Judgement]) -> bool:
    """Tell whether most cases of a new finding failed before already: the fault is old, only its smallest trigger is another."""
    asked = [old[c] for c in finding.cases if c in old]
    return bool(asked) and sum(finding.verdict.oracle in j.failed for j in asked) * 2 > len(asked)


Pair = tuple[Judgement, Judgement]


def _shift(factor: str, level: str, pairs: Sequence[Pair]) -> Shift:
    counts = Counter((a.outcome, b.outcome) for a, b in pairs)
    fixed, broken = counts["fail", "pass"], counts["pass", "fail"]
    low, high = paired_interval(fixed, broken, len(pairs))
    change = (broken - fixed) / len(pairs) if pairs else 0.0
    return Shift(factor=factor, level=level, shared=len(pairs), fixed=fixed, broken=broken, p=mcnemar(fixed, broken), change=change, low=low, high=high)


def _levels(pairs: Sequence[Pair]) -> list[Shift]:
    """Return the levels of every factor in which anything changed, the surest first; p-values are Holm's within a factor."""
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        for key in _keys(pair[0]):
            groups.setdefault(key, []).append(pair)
    made: list[Shift] = []
    for factor in dict.fromkeys(k[0] for k in groups):
        shifts = sorted((_shift(*key, group) for key, group in groups.items() if key[0] == factor), key=lambda s: (s.p, s.level))
        worst = 0.0
        for i, shift in enumerate(shifts):
            worst = max(worst, min(1.0, shift.p * (len(shifts) - i)))
            if shift.fixed + shift.broken:
                made.append(msgspec.structs.replace(shift, p=worst))
    return made


def _keys(judgement: Judgement) -> Iterator[tuple[str, str]]:
    for factor in ("domain", "task", "language", "kind"):
        yield factor, getattr(judgement, factor)
    for name in judgement.perturbation or ["none"]:
        yield "perturbation", name


def summary(made: Comparison) -> dict[str, Any]:
    """Return a comparison for machines: findings by id."""
    ids: dict[str, Any] = {k: [f.id for f in getattr(made, k)] for k in ("fixed", "broken", "unchanged", "flaky", "unasked")}
    causes = {k: [c.title for c in getattr(made, k)] for k in ("fixed_causes", "broken_causes")}
    return {"before": made.before, "after": made.after, **ids, **causes, "cases": made.cases, "levels": made.levels, "p": made.cases.p}
