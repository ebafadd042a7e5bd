"""A run in the terminal: totals, then each finding with base, failing text, expected, got, trigger and replay line."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from robustgen.core.case import exact_text
from robustgen.core.report import expected_text, setting_words, visible, worst_first

if TYPE_CHECKING:
    from rich.console import Console

    from robustgen.core.report import Report
    from robustgen.core.verdict import Finding

__all__ = ["findings_of", "judge_line", "print_finding", "print_marks", "print_report", "read_report", "region_line"]

SHOWN = 20


def print_report(report: Report, folder: Path, *, as_json: bool, verbose: bool, known: frozenset[str] = frozenset(), baseline: str = "") -> None:
    """Print a run's report to standard output; ``known`` are the findings of the ``baseline``."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(report, enc_hook=exact_text).decode("utf-8", "replace") + "\n")
        return
    from robustgen.cli._show import console
    from robustgen.stats import share_told

    out = console()
    ordered = sorted(worst_first(report.findings), key=lambda f: f.id in known)
    shown = ordered if verbose else ordered[:SHOWN]
    for finding in shown:
        print_finding(out, finding, new=bool(baseline) and finding.id not in known)
    if len(shown) < len(ordered):
        out.print(f"... and {len(ordered) - len(shown)} more findings (-v shows all)")
    if len(report.clusters) > 1 or len(report.findings) > 1:
        for cluster in report.clusters[:SHOWN]:
            out.print(f"{cluster.severity:>9}  {cluster.title}  ({_cases(cluster.count)} in {', '.join(cluster.tasks)})", markup=False)
    totals = ", ".join(f"{n} {name}" for name, n in report.totals.items())
    out.print(f"{report.target}: {len(report.findings)} findings; cases: {totals}; {report.requests} requests, {report.answered:.1%} answered", markup=False)
    if baseline:
        new = sum(f.id not in known for f in report.findings)
        out.print(f"against {baseline}: {new} new findings count, {len(report.findings) - new} were there before", markup=False)
    print_marks(out, report)
    if report.errors:
        out.print("errors: " + ", ".join(f"{k} {n}" for k, n in report.errors.items()), markup=False)
    if report.leaks.get("searched"):
        out.print(f"leaks: {' '.join(share_told(report.leaks['held'], report.leaks['searched']))} answers held what they must not", markup=False)
    for name, found in report.judges.items():
        out.print(judge_line(name, found), markup=False)
    for region in report.regions:
        out.print(region_line(region), markup=False)
    out.print(f"report: {folder / 'report.html'}", markup=False)


def print_marks(out: Console, report: Report) -> None:
    """Say which findings triage has marked, so that nobody takes silence for health."""
    counts = Counter(f.mark.status for f in report.findings if f.mark)
    if counts:
        said = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
        out.print(f"triage: {sum(counts.values())} of the findings do not count: {said}", markup=False)


def judge_line(name: str, found: Mapping[str, float]) -> str:
    """Return how far a model that judged agrees with the exact comparison, in one line."""
    from robustgen.stats import share_told

    decided, agreed, undecided = (int(found[k]) for k in ("decided", "agreed", "undecided"))
    if not decided:
        return f"judge {name}: no case that both it and the exact comparison decide; {undecided} undecided"
    return f"judge {name}: agrees with the exact comparison in {' '.join(share_told(agreed, decided))}, kappa {found['kappa']:.2f}; {undecided} undecided"


def region_line(region: Mapping[str, Any]) -> str:
    """Return availability, latency and time to the first token of a region, or of the whole run, in one line."""
    parts = [f"{region['region'] or 'all'}: {region['availability']:.1%} of {region['asked']} attempts answered"]
    for head, prefix in (("latency", ""), ("first token", "first_")):
        figures = [f"{p} {region[prefix + p]:.3g} s" for p in ("p50", "p95", "p99", "p99.9") if prefix + p in region]
        if figures:
            parts.append(f"{head} {' '.join(figures)}")
    return "; ".join(parts)


def print_finding(out: Console, finding: Finding, *, new: bool = False) -> None:
    """Print one finding."""
    from rich.text import Text

    from robustgen.cli._show import marked

    case, verdict = finding.case, finding.verdict
    state = f"{'  new' if new else ''}{f'  {finding.mark.status}' if finding.mark else ''}"
    head = f"{finding.id}  {verdict.severity.value}  {case.domain} {case.task} {case.tag}  {verdict.oracle}{state}"
    out.print(Text(f"── {head} " + "─" * max(2, 90 - len(head)), style="bold"))
    asked = case.messages[0]["content"] if case.messages else ""
    rows = [("asked", Text(visible(asked), style="dim"))]
    if case.trail:
        rows.append(("base", Text(visible(finding.base.text if finding.base else case.base_text))))
    rows.append(("failing", marked(case)))
    rows.append(("expected", Text(visible(expected_text(case.expected.accept)))))
    rows.append(("got", Text(_answer(finding.response.text, finding.response.data))))
    if finding.neighbour and not case.trail:
        rows.append(("passing", Text(visible(finding.neighbour.text), style="dim")))
    before = finding.neighbour_response or finding.base_response
    if before:
        rows.append(("there got", Text(_answer(before.text, before.data), style="dim")))
    rate = f", fails {finding.failed} of {finding.tried} times" if finding.flaky else ""
    rows.append(("trigger", Text(f"{visible(finding.trigger)}   (met in {_cases(finding.count)}, shrunk with {finding.queries} questions{rate})")))
    if finding.setting:
        rows.append(("check", Text(visible(setting_words(finding)), style="dim")))
    if finding.mark:
        rows.append(("triage", Text(visible(f"{finding.mark.status} by {finding.mark.author or 'nobody named'}: {finding.mark.reason}"))))
    rows.append(("replay", Text(f"robustgen replay {finding.id}")))
    for name, text in rows:
        out.print(Text(f"{name:>9}: ", style="cyan") + text)
    out.print()


def _cases(count: int) -> str:
    return f"{count} {'case' if count == 1 else 'cases'}"


def _answer(text: str, data: object) -> str:
    shown = text or msgspec.json.encode(data, enc_hook=exact_text).decode()
    return visible(shown)[:400]


def read_report(folder: Path) -> Report:
    """Return the last report of a run; raises ``LedgerError`` when it never finished."""
    from robustgen.campaign.store import open_ledger
    from robustgen.core.report import Report
    from robustgen.errors import LedgerError

    with open_ledger(folder) as ledger:
        bodies = [r.body for r in ledger.records("finished") if r.body] or [r.body for r in ledger.records("checkpoint") if r.body]
    if not bodies:
        raise LedgerError(f"{folder}: the run has no report yet", mend="repeat its command with --resume")
    return msgspec.json.decode(bodies[-1], type=Report)


def findings_of(runs: Path, name: str) -> list[Finding]:
    """Return the findings of a run by name, prefix or ``latest``."""
    from robustgen.campaign.store import find_run

    return list(read_report(find_run(runs, name)).findings)
