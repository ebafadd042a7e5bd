"""A report of many sorts of findings, made by hand: scripts of both directions, hostile answers, marks, flaky ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from robustgen.core.case import Case, Edit, Effect, Envelope, Expected, Kind, Reading, Severity, Step, replay
from robustgen.core.report import Cell, Duty, Group, Influence, Point, Report
from robustgen.core.verdict import Finding, Mark, Outcome, Response, Verdict, finding_id
from robustgen.explain import clusters

__all__ = ["HOSTILE", "case_of", "finding_of", "report_of"]

HOSTILE = "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'> \x1b[31m \u202e 7 mg ]]> </pre></script> | `x` =cmd()\ud800\ufffe"
TEXTS = {
    "en": ("Amy Ross takes metformin 500 mg once daily.", "500 mg", "５００ mg"),
    "ar": ("تأخذ المريضة ليلى ميتفورمين 500 ملغ مرتين يوميًا حتى 3 مارس 2026.", "500 ملغ", "٥٠٠ ملغ"),
    "he": ("המטופלת נוטלת 500 מ״ג פעמיים ביום.", "500 מ״ג", "500\u202fמ״ג"),
    "zh": ("患者每日两次服用二甲双胍500毫克，自2026年3月1日起。", "500毫克", "五百毫克"),
    "ja": ("患者はメトホルミン500mgを1日2回服用する。", "500mg", "５００ｍｇ"),
    "hi": ("रोगी मेटफॉर्मिन 500 मि.ग्रा. दिन में दो बार लेता है।", "500", "५००"),
    "de": ("Frau Groß nimmt Metformin 500 mg zweimal täglich.", "zweimal täglich", "2 x tgl."),
}


def case_of(text: str, *, language: str = "en", edits: list[Edit] | None = None, task: str = "CL-T01", **more: Any) -> Case:
    """Return a case, perturbed when edits are given."""
    trail = [Step("full_width_digits", {"strength": 0.1}, Effect.preserves, edits)] if edits else []
    expected = Expected(accept=[Envelope(value="1000", unit="mg")])
    changed = replay(text, trail)
    fields: dict[str, Any] = {
        "id": f"{abs(hash((changed, language, task))):016x}"[:16], "family": "f", "base": "b" if edits else None, "domain": "clinical", "task": task,
        "language": language, "kinds": [Kind.noisy if edits else Kind.clean], "text": changed, "base_text": text,
        "messages": [{"role": "user", "content": "What is the total daily dose in mg?"}, {"role": "user", "content": changed}],
        "facts": {"dose": Decimal(500)}, "expected": expected, "readings": [Reading({}, expected, safe=True)], "trail": trail,
    }  # fmt: skip
    return Case(**(fields | more))


def finding_of(case: Case, trigger: str, *, answer: str = HOSTILE, severity: Severity = Severity.high, **more: Any) -> Finding:
    """Return a finding on a case."""
    base = case_of(case.base_text, language=case.tag, task=case.task) if case.trail else None
    verdict = Verdict(
        oracle="value", outcome=Outcome.failed, severity=severity, why=f"answered {answer}", evidence={"got": "10000 mg"}, regulations=["ISMP-2024"]
    )
    fields: dict[str, Any] = {
        "id": finding_id("value", case.task + case.tag, trigger), "verdict": verdict, "case": case, "base": base, "found_in": case.id,
        "response": Response(text=answer), "base_response": Response(text="1000 mg"), "trigger": trigger, "cause": "full_width_digits" if case.trail else "",
        "neighbour": base, "neighbour_response": Response(text="1000 mg") if base else None, "tried": 3, "failed": 3, "count": 2, "cases": [case.id],
    }  # fmt: skip
    return Finding(**(fields | more))


def findings() -> list[Finding]:
    """Return one finding a language, one on clean text with a neighbour, a flaky and a marked one."""
    made = []
    for tag, (text, old, new) in TEXTS.items():
        at = text.index(old)
        made.append(finding_of(case_of(text, language=tag, edits=[Edit(at, at + len(old), old, new)]), f"full_width_digits: {old!r} → {new!r}"))
    clean, beside = case_of("Dose 850 mg once daily."), case_of("Dose 800 mg once daily.")
    made.append(
        finding_of(
            clean,
            "dose ≥ 850 mg",
            severity=Severity.critical,
            needs=["dose ≥ 850 mg"],
            neighbour=beside,
            neighbour_response=Response(text="800"),
            base_response=None,
        )
    )
    made.append(finding_of(case_of("Dose 5 mg.", task="CL-T02"), "CL-T02 as it stands", failed=2, severity=Severity.low))
    mark = Mark(status="known", author="A. <b>Author</b>", reason=HOSTILE.replace("\ud800", "").replace("\ufffe", ""))
    made.append(finding_of(case_of("Dose 7 mg.", task="CL-T03"), "dose = 7 mg", needs=["dose = 7 mg"], severity=Severity.medium, mark=mark))
    return made


def report_of(found: list[Finding] | None = None, **more: Any) -> Report:
    """Return a whole report on findings."""
    chosen = findings() if found is None else found
    languages = sorted({f.case.tag for f in chosen})
    fields: dict[str, Any] = {
        "run": "2026-11-24-abcdef", "target": "python:<b>it</b>:\u202ef", "config": {"count": 40, "target": "python:it:f"},
        "made_with": {"robustgen": "0.1.0", "pack_version clinical": "0.1.0"},
        "totals": {"pass": 900, "fail": 90, "unsure": 5, "skip": 0, "error": 5}, "by_oracle": {"value": {"pass": 900, "fail": 90}, "language": {"pass": 990}},
        "findings": chosen, "latency": {"p50": 0.1, "p95": 0.4, "p99": 1.25}, "errors": {"timeout": 3}, "answered": 0.97, "requests": 1200,
        "groups": [Group(factor="language", level=t, judged=100, failed=9, low=0.05, high=0.16) for t in languages],
        "cells": [Cell(domain="clinical", kind="noisy", language=t, perturbation="full_width_digits", judged=10, failed=i) for i, t in enumerate(languages)],
        "influences": [Influence(factor="language", level="ar", odds=4.2, low=2.1, high=8.4, q=0.001, judged=100, failed=30)],
        "curves": [Point(family="unicode", changed=c, judged=50, failed=n, low=n / 60, high=n / 40) for c, n in ((0.01, 1), (0.05, 9), (0.2, 30))],
        "clusters": clusters(chosen), "duties": [Duty(id="ISMP-2024", title="ISMP list", domains=["clinical"], passed=10, failed=3, findings=[f.id for f in chosen])],
        "windows": [{"from": f"2026-11-24T10:0{i}:00Z", "seconds": 60.0, "asked": 100, "availability": 1 - i / 20, "p95": 0.2 + i / 10} for i in range(5)],
        "spend": {"requests": 1200, "tokens_in": 5000, "tokens_out": 800, "money": "0.12", "currency": "USD"},
    }  # fmt: skip
    return Report(**(fields | more))
