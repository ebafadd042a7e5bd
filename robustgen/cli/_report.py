"""A run in the terminal: totals, then each finding with base, failing text, expected, got, trigger and replay line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from robustgen.core.case import exact_text
from robustgen.core.report import expected_text, visible

if TYPE_CHECKING:
    from rich.console import Console

    from robustgen.core.report import Report
    from robustgen.core.verdict import Finding

__all__ = ["findings_of", "print_finding", "print_report", "read_report"]

SHOWN = 20


def print_report(report: Report, folder: Path, *, as_json: bool, verbose: bool, known: frozenset[str] = frozenset()) -> None:
    """Print a run's report to standard output."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(report, enc_hook=exact_text).decode("utf-8", "replace") + "\n")
        return
    from robustgen.cli._show import console

    out = console()
    shown = report.findings if verbose else report.findings[:SHOWN]
    for finding in shown:
        print_finding(out, finding, new=bool(known) and finding.id not in known)
    if len(shown) < len(report.findings):
        out.print(f"... and {len(report.findings) - len(shown)} more findings (-v shows all)")
    totals = ", ".join(f"{n} {name}" for name, n in report.totals.items())
    out.print(f"{report.target}: {len(report.findings)} findings; cases: {totals}; {report.requests} requests, {report.answered:.1%} answered", markup=False)
    if report.errors:
        out.print("errors: " + ", ".join(f"{k} {n}" for k, n in report.errors.items()), markup=False)
    out.print(f"report: {folder / 'report.html'}", markup=False)


def print_finding(out: Console, finding: Finding, *, new: bool = False) -> None:
    """Print one finding."""
    from rich.text import Text

    from robustgen.cli._show import marked

    case, verdict = finding.case, finding.verdict
    head = f"{finding.id}  {verdict.severity.value}  {case.domain} {case.task} {case.tag}  {verdict.oracle}{'  new' if new else ''}"
    out.print(Text(f"── {head} " + "─" * max(2, 90 - len(head)), style="bold"))
    asked = case.messages[0]["content"] if case.messages else ""
    rows = [("asked", Text(visible(asked), style="dim"))]
    if case.trail:
        rows.append(("base", Text(visible(finding.base.text if finding.base else case.base_text))))
    rows.append(("failing", marked(case)))
    rows.append(("expected", Text(visible(expected_text(case.expected.accept)))))
    rows.append(("got", Text(_answer(finding.response.text, finding.response.data))))
    if finding.base_response:
        rows.append(("base got", Text(_answer(finding.base_response.text, finding.base_response.data), style="dim")))
    rows.append(("trigger", Text(f"{visible(finding.trigger)}   ({finding.count} of the cases, shrunk with {finding.queries} questions)")))
    rows.append(("replay", Text(f"robustgen replay {finding.id}")))
    for name, text in rows:
        out.print(Text(f"{name:>9}: ", style="cyan") + text)
    out.print()


def _answer(text: str, data: object) -> str:
    shown = text or msgspec.json.encode(data, enc_hook=exact_text).decode()
    return visible(shown)[:400]


def read_report(folder: Path) -> Report:
    """Return the last report of a run; raises ``LedgerError`` when it never finished."""
    from robustgen.campaign.ledger import Ledger
    from robustgen.core.report import Report
    from robustgen.errors import LedgerError

    with Ledger(folder / "ledger.sqlite") as ledger:
        bodies = [r.body for r in ledger.records("finished") if r.body]
    if not bodies:
        raise LedgerError(f"{folder}: the run has no report yet", mend="repeat its command with --resume")
    return msgspec.json.decode(bodies[-1], type=Report)


def findings_of(runs: Path, name: str) -> list[Finding]:
    """Return the findings of a run by name, prefix or ``latest``."""
    from robustgen.campaign.store import find_run

    return list(read_report(find_run(runs, name)).findings)
