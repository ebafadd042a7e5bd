"""Markdown for pull requests: a line of totals and a table of findings."""

from __future__ import annotations

import re

from robustgen.core.plugins import exporter
from robustgen.core.report import Cluster, Report, expected_text, readable, setting_words, visible, worst_first
from robustgen.core.verdict import Finding

__all__ = ["render_markdown"]

SHOWN, CAUSES, TASKS, FULL, CUT = 50, 10, 8, 5, 1500


def _cell(text: str) -> str:
    """Return text that stays inside its table cell."""
    line = " ".join(visible(text).split())
    for mark in "\\|`*_<>[]":
        line = line.replace(mark, f"\\{mark}")
    return line if len(line) <= 120 else line[:117] + "..."


def _where(cluster: Cluster) -> str:
    more = f" and {len(cluster.tasks) - TASKS} more" if len(cluster.tasks) > TASKS else ""
    return f"{cluster.count} {'case' if cluster.count == 1 else 'cases'}, {_cell(', '.join(cluster.tasks[:TASKS]))}{more}"


@exporter()
def render_markdown(report: Report) -> str:
    """Return the run as Markdown: totals, causes, a table of findings, and the first ones in full."""
    totals = ", ".join(f"{n} {name}" for name, n in report.totals.items())
    open_ones = [f for f in worst_first(report.findings) if f.mark is None]
    marked = len(report.findings) - len(open_ones)
    lines = [f"**{_cell(report.target)}**: {len(report.findings)} findings; cases: {totals}; {report.answered:.1%} answered", ""]
    if marked:
        lines += [f"{marked} of them are marked by triage and do not count.", ""]
    lines += [f"- **{c.severity}** {_cell(c.title)} ({_where(c)})" for c in report.clusters[:CAUSES]]
    if open_ones:
        lines += ["", "| severity | task | oracle | trigger | expected | times | replay |", "|---|---|---|---|---|---|---|"]
    for f in open_ones[:SHOWN]:
        expected = expected_text(f.case.expected.accept)
        cells = (f.verdict.severity.value, f"{f.case.task} {f.case.tag}", f.verdict.oracle, f.trigger, expected, str(f.count))
        lines.append("| " + " | ".join(map(_cell, cells)) + f" | `robustgen replay {f.id}` |")
    if len(open_ones) > SHOWN:
        lines += ["", f"... and {len(open_ones) - SHOWN} more"]
    for f in open_ones[:FULL]:
        lines += ["", "<details>", f"<summary>{_cell(f.case.task)} {_cell(f.trigger)}</summary>", "", *_full(f), "</details>"]
    return "\n".join(lines) + "\n"


def _full(finding: Finding) -> list[str]:
    """Return the smallest failing case beside its passing neighbour, in a block that nothing in it can end."""
    shown = [("failing", finding.case.text), ("expected", expected_text(finding.case.expected.accept)), ("got", readable(finding.response))]
    if finding.setting:
        shown.append(("check", setting_words(finding)))
    if finding.neighbour:
        shown.append(("passing", finding.neighbour.text))
    body = "\n".join(f"{name}: {visible(text)[:CUT]}" for name, text in shown)
    fence = "`" * max(3, 1 + max((len(m) for m in re.findall("`+", body)), default=0))
    return [f"{fence}text", body, fence, ""]
