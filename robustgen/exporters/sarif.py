"""SARIF 2.1.0: a rule for each oracle, a result for each finding, marks of triage as suppressions."""

from __future__ import annotations

from typing import Any

import msgspec

from robustgen.core.plugins import exporter
from robustgen.core.report import Report, expected_text, readable, setting_words, visible, worst_first
from robustgen.core.verdict import Finding

__all__ = ["LEVELS", "render_sarif"]

LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
RANKS = {"critical": 95.0, "high": 75.0, "medium": 45.0, "low": 15.0}
CUT = 4000


@exporter()
def render_sarif(report: Report) -> str:
    """Return one run; locations are lines of the run's ``findings.jsonl``, fingerprints are finding ids."""
    oracles = sorted({f.verdict.oracle for f in report.findings})
    lines = {f.id: i for i, f in enumerate(report.findings, 1)}
    version = report.made_with.get("robustgen", "")
    driver: dict[str, Any] = {"name": "robustgen", "rules": [_rule(o, report) for o in oracles]}
    if version:
        driver["version"] = version
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"robustgen/{visible(report.target)}/{report.run}"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.why == "done", "exitCodeDescription": report.why}],
        "results": [_result(f, oracles, lines[f.id], report.run) for f in worst_first(report.findings)],
    }
    made = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"


def _rule(oracle: str, report: Report) -> dict[str, Any]:
    worst = min((f.verdict.severity for f in report.findings if f.verdict.oracle == oracle), key=lambda s: s.rank).value
    return {
        "id": oracle,
        "name": "".join(w.title() for w in oracle.replace("_", "-").split("-")),
        "shortDescription": {"text": f"oracle '{oracle}' failed"},
        "defaultConfiguration": {"level": LEVELS[worst]},
    }


def _result(finding: Finding, oracles: list[str], line: int, run: str) -> dict[str, Any]:
    case, verdict = finding.case, finding.verdict
    text = f"{case.task} {case.tag}: {visible(finding.trigger)}: {visible(verdict.why)}"
    details = f"{visible(case.text)}\n\nexpected: {visible(expected_text(case.expected.accept))}\ngot: {readable(finding.response)}"
    made: dict[str, Any] = {
        "ruleId": verdict.oracle,
        "ruleIndex": oracles.index(verdict.oracle),
        "level": LEVELS[verdict.severity.value],
        "rank": RANKS[verdict.severity.value],
        "message": {"text": f"{text}\n\n{details}"[:CUT]},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": f"{run}/findings.jsonl"}, "region": {"startLine": line}},
                "logicalLocations": [{"fullyQualifiedName": f"{case.domain}/{case.task}/{case.tag}", "kind": "module"}],
            }
        ],
        "partialFingerprints": {"robustgenFinding/v1": finding.id},
        "occurrenceCount": max(1, finding.count),
        "properties": {
            "severity": verdict.severity.value,
            "regulations": list(verdict.regulations),
            "replay": f"robustgen replay {finding.id}",
            **({"check": visible(setting_words(finding))} if finding.setting else {}),
            "tags": [case.domain, case.task, case.tag, *(k.value for k in case.kinds)],
        },
    }
    if finding.mark:
        status = "underReview" if finding.mark.status == "known" else "accepted"
        made["suppressions"] = [{"kind": "external", "status": status, "justification": visible(f"{finding.mark.status}: {finding.mark.reason}")}]
    return made
