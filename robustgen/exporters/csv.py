"""Findings as CSV, one a line; a cell that a spreadsheet would take for a formula is kept as text."""

from __future__ import annotations

import csv
import io

from robustgen.core.plugins import exporter
from robustgen.core.report import Report, expected_text, readable, setting_words, visible, worst_first
from robustgen.core.verdict import Finding

__all__ = ["render_csv"]

COLUMNS = (
    "id", "severity", "domain", "task", "language", "kind", "oracle", "trigger", "why", "times", "failed", "tried", "expected", "got", "text",
    "passing_text", "check", "regulations", "triage", "reason", "replay",
)  # fmt: skip


def _safe(text: str) -> str:
    """Return a cell that no spreadsheet computes."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else shown


def _row(finding: Finding) -> list[str]:
    case, verdict = finding.case, finding.verdict
    return [
        finding.id, verdict.severity.value, case.domain, case.task, case.tag, case.kinds[0].value, verdict.oracle, finding.trigger, verdict.why,
        str(finding.count), str(finding.failed), str(finding.tried), expected_text(case.expected.accept), readable(finding.response), case.text,
        finding.neighbour.text if finding.neighbour else "", setting_words(finding), " ".join(verdict.regulations), finding.mark.status if finding.mark else "",
        finding.mark.reason if finding.mark else "", f"robustgen replay {finding.id}",
    ]  # fmt: skip


@exporter()
def render_csv(report: Report) -> str:
    """Return a line of names and a line for each finding."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in worst_first(report.findings):
        writer.writerow([_safe(c) for c in _row(finding)])
    return out.getvalue()
