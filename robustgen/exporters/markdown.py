"""Markdown for pull requests: a line of totals and a table of findings."""

from __future__ import annotations

from robustgen.core.plugins import exporter
from robustgen.core.report import Report, expected_text, visible

__all__ = ["render_markdown"]

SHOWN = 50


def _cell(text: str) -> str:
    """Return text that stays inside its table cell."""
    line = " ".join(visible(text).split())
    for mark in "\\|`*_<>[]":
        line = line.replace(mark, f"\\{mark}")
    return line if len(line) <= 120 else line[:117] + "..."


@exporter()
def render_markdown(report: Report) -> str:
    """Return the run as Markdown."""
    totals = ", ".join(f"{n} {name}" for name, n in report.totals.items())
    lines = [f"**{_cell(report.target)}**: {len(report.findings)} findings; cases: {totals}; {report.answered:.1%} answered", ""]
    if report.findings:
        lines += ["| severity | task | oracle | trigger | expected | times | replay |", "|---|---|---|---|---|---|---|"]
    for f in report.findings[:SHOWN]:
        expected = expected_text(f.case.expected.accept)
        cells = (f.verdict.severity.value, f"{f.case.task} {f.case.tag}", f.verdict.oracle, f.trigger, expected, str(f.count))
        lines.append("| " + " | ".join(map(_cell, cells)) + f" | `robustgen replay {f.id}` |")
    return "\n".join(lines) + "\n"
