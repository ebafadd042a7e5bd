"""A report as one HTML file: no network, hostile text inert, filters, charts, dark mode, keyboard, print."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from robustgen.core.case import Severity
from robustgen.core.plugins import exporter
from robustgen.core.report import Mark, Report, compared, expected_text, marks, one_line, readable, setting_words, visible, worst_first
from robustgen.core.verdict import Finding
from robustgen.exporters._charts import FEWEST, curves, heat, timeline
from robustgen.stats import share_told

__all__ = ["LIMIT", "render_html"]

LIMIT = 1_900_000
"""Bytes that a page stays below, whatever the run holds."""
BODIES = 1_150_000
"""Bytes for findings in full; further ones are one line."""
LINES = 350_000
SHOWN_CAUSES, LEVELS = 40, 25
CUT = 4000
SPENT = {"tokens_in": "tokens in (estimated where the target does not tell)", "tokens_out": "tokens out (estimated where the target does not tell)"}
FACTORS = ("severity", "oracle", "domain", "task", "language", "kind", "state")
_SPACES = str.maketrans({" ": "␣", "\t": "⇥", "\n": "⏎\n", "\xa0": "⍽", "\u202f": "⍽", "\r": "␍"})


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["percent"] = lambda x: f"{100 * x:.1f} %"
    environment.filters["visible"] = lambda x: visible(str(x))
    return environment.from_string(_file("report.html.j2"))


def _file(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text("utf-8")


@exporter()
def render_html(report: Report) -> str:
    """Return the whole page; everything that came from outside is escaped and shown, never obeyed."""
    from markupsafe import Markup

    ordered = worst_first(report.findings)
    rows = _rows(ordered, {f: c.id for c in report.clusters for f in c.findings}, report.titles)
    factors: dict[str, list[Any]] = {}
    for group in report.groups:
        factors.setdefault(group.factor, []).append(group)
    more = {name: len(groups) - LEVELS for name, groups in factors.items()}
    factors = {name: groups[:LEVELS] for name, groups in factors.items()}
    script = "\n" + _file("report.js")
    values = {
        "report": report,
        "findings": rows,
        "hidden": len(ordered) - len(rows),
        "marked": sum(f.mark is not None for f in ordered),
        "clusters": report.clusters[:SHOWN_CAUSES],
        "factors": factors,
        "more": more,
        "fewest": FEWEST,
        "choices": {name: _ordered(name, {r[name] for r in rows}) for name in FACTORS},
        "heat": heat(report.cells),
        "curves": curves(report.curves),
        "timeline": timeline(report),
        "kpi": _kpi(report),
        "listed": {r["id"] for r in rows},
        "style": Markup(_file("report.css")),  # noqa: S704 - a file of ours
        "script": Markup(script),  # noqa: S704 - a file of ours
        "script_hash": "sha256-" + b64encode(sha256(script.encode()).digest()).decode(),
    }
    return str(_template().render(**values, sections=_sections(values)))


def _sections(values: dict[str, Any]) -> list[tuple[str, str]]:
    every = [("causes", "Causes"), ("findings", "Findings"), ("where", "Where"), ("heat", "Heat map"), ("strength", "Strength"), ("kpi", "Key figures")]
    every += [("duties", "Regulations"), ("oracles", "Oracles"), ("how", "How it was made")]
    there = {"causes": values["clusters"], "heat": values["heat"], "strength": values["curves"], "duties": values["report"].duties}
    return [(i, name) for i, name in every if there.get(i, True)]


def _ordered(name: str, values: set[str]) -> list[str]:
    return [s.value for s in Severity if s.value in values] if name == "severity" else sorted(values)


def _kpi(report: Report) -> dict[str, Any]:
    passed, failed = report.totals.get("pass", 0), report.totals.get("fail", 0)
    rate, interval = share_told(passed, passed + failed)
    leaks, leaks_interval = share_told(report.leaks.get("held", 0), report.leaks.get("searched", 0)) if report.leaks else ("", "")
    judges = [(visible(name), *share_told(int(j["agreed"]), int(j["decided"])), f"{j['kappa']:.2f}", int(j["undecided"])) for name, j in report.judges.items()]
    told = {k: f"{v:,}" if isinstance(v, int) else visible(str(v)) for k, v in report.spend.items() if k not in {"requests", "currency"}}
    if "money" in told:
        told["money"] += f" {visible(str(report.spend.get('currency', '')))}"
    spend = [(SPENT.get(k, k.replace("_", " ")), v) for k, v in told.items()]
    return {"rate": rate or "nothing was judged", "interval": interval, "leaks": leaks, "leaks_interval": leaks_interval, "judges": judges, "spend": spend}


def _rows(ordered: list[Finding], causes: dict[str, str], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return findings in full as long as there is room, then in one line, then none."""
    rows: list[dict[str, Any]] = []
    full = lines = 0
    for finding in ordered:
        row = _row(finding, causes.get(finding.id, ""), titles)
        if full < BODIES:
            row |= _body(finding)
            full += len(msgspec.json.encode(row)) + 1500
        else:
            lines += len(msgspec.json.encode(row)) + 400
            if lines > LINES:
                break
        rows.append(row)
    return rows


def _row(finding: Finding, cause: str, titles: Mapping[str, str]) -> dict[str, Any]:
    case = finding.case
    return {
        "id": finding.id,
        "severity": finding.verdict.severity.value,
        "oracle": finding.verdict.oracle,
        "domain": case.domain,
        "task": case.task,
        "title": visible(titles.get(case.task, "")),
        "language": case.tag,
        "kind": case.kinds[0].value,
        "state": finding.mark.status if finding.mark else "open",
        "cause": cause,
        "trigger": re.split(r"('[^']*')", visible(finding.trigger)[:400]),
        "count": finding.count,
        "flaky": finding.flaky,
        "full": False,
    }


def _body(finding: Finding) -> dict[str, Any]:
    case = finding.case
    before = finding.neighbour_response or finding.base_response
    other = _other_language(finding)
    return {
        "full": True,
        "mark": msgspec.to_builtins(finding.mark) | {"author": finding.mark.author, "until": finding.mark.until} if finding.mark else None,
        "rate": f"{finding.failed} of {finding.tried}" if finding.tried else "",
        "queries": finding.queries,
        "setting": visible(setting_words(finding))[:CUT],
        "why": visible(finding.verdict.why)[:CUT],
        "question": visible(case.messages[0]["content"])[:CUT] if case.messages else "",
        "pieces": _cut(_pieces(finding)),
        "changed": "the clean text" if case.trail else "the nearest text that passes" if finding.neighbour and not other else "",
        "passing": visible(finding.neighbour.text)[:CUT] if finding.neighbour and other else "",
        "passing_language": finding.neighbour.tag if finding.neighbour else "",
        "expected": visible(expected_text(case.expected.accept))[:CUT],
        "got": readable(finding.response)[:CUT],
        "before_got": readable(before)[:CUT] if before else "",
        "regulations": list(finding.verdict.regulations),
        "readings": [visible(one_line(r.expected.accept[0])) for r in case.readings] if len(case.readings) > 1 else [],
    }


def _pieces(finding: Finding) -> list[Mark]:
    """Return the text with the smallest difference between pass and fail marked."""
    case = finding.case
    if case.trail:
        return marks(finding.base.text if finding.base else case.base_text, case)
    return compared(finding.neighbour.text, case.text) if finding.neighbour and not _other_language(finding) else [Mark("same", case.text)]


def _other_language(finding: Finding) -> bool:
    """Tell whether the passing neighbour says the same in another language: it is shown whole, not word against word."""
    return finding.neighbour is not None and finding.neighbour.tag != finding.case.tag


def _cut(pieces: list[Mark]) -> list[tuple[str, str]]:
    """Return the pieces as shown, long unchanged ones shortened in the middle and changed white space made visible."""
    made, left = [], CUT
    for piece in pieces:
        shown = piece.text if piece.kind == "same" else (piece.text.translate(_SPACES) if piece.text.isspace() else piece.text)
        if piece.kind == "same" and len(shown) > 1200 and len(pieces) > 1:
            shown = f"{shown[:500]} [… {len(shown) - 1000} characters …] {shown[-500:]}"
        made.append((piece.kind, visible(shown)[:left]))
        left = max(0, left - len(shown))
    return [p for p in made if p[1]]
