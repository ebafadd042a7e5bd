"""A report as one HTML file: no network, hostile text inert, filters, dark mode, keyboard, print."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from robustgen.core.case import Severity
from robustgen.core.plugins import exporter
from robustgen.core.report import Report, expected_text, marks, one_line, visible
from robustgen.core.verdict import Finding, Response

__all__ = ["render_html"]

SHOWN = 500
CUT = 4000


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["percent"] = lambda x: f"{100 * x:.1f} %"
    return environment.from_string((Path(__file__).parent / "templates" / "report.html.j2").read_text("utf-8"))


@exporter()
def render_html(report: Report) -> str:
    """Return the whole page; everything that came from outside is escaped and shown, never obeyed."""
    ordered = sorted(report.findings, key=lambda f: (f.verdict.severity.rank, -f.count, f.id))
    rows = [_finding(f) for f in ordered[:SHOWN]]
    factors: dict[str, list[Any]] = {}
    for group in report.groups:
        factors.setdefault(group.factor, []).append(group)
    return str(
        _template().render(
            report=report,
            findings=rows,
            hidden=max(0, len(ordered) - SHOWN),
            severities=[s.value for s in Severity],
            factors=factors,
            choices={name: sorted({r[name] for r in rows}) for name in ("severity", "oracle", "domain", "task", "language", "kind")},
        )
    )


def _finding(finding: Finding) -> dict[str, Any]:
    case = finding.case
    base = finding.base.text if finding.base else case.base_text
    return {
        "id": finding.id,
        "severity": finding.verdict.severity.value,
        "oracle": finding.verdict.oracle,
        "domain": case.domain,
        "task": case.task,
        "language": case.tag,
        "kind": case.kinds[0].value,
        "trigger": visible(finding.trigger),
        "count": finding.count,
        "rate": f"{finding.failed} of {finding.tried}" if finding.tried else "",
        "why": visible(finding.verdict.why),
        "question": visible(case.messages[0]["content"]) if case.messages else "",
        "pieces": [(m.kind, visible(m.text)[:CUT]) for m in marks(base, case)] if case.trail else [("same", visible(case.text)[:CUT])],
        "rtl": any("\u0590" <= c <= "\u08ff" for c in case.text[:200]),
        "expected": visible(expected_text(case.expected.accept))[:CUT],
        "got": _got(finding.response),
        "base_got": _got(finding.base_response) if finding.base_response else "",
        "regulations": list(finding.verdict.regulations),
        "readings": [visible(one_line(r.expected.accept[0])) for r in case.readings] if len(case.readings) > 1 else [],
    }


def _got(response: Response) -> str:
    if response.error:
        return f"error: {visible(response.error)} {visible(response.detail)}"[:CUT]
    return visible(response.text or str(response.data))[:CUT]
