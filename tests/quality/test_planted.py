"""The promise itself: planted faults are found within 500 cases and shrunk to the smallest trigger; a right answerer has no findings."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from robustgen.campaign import session
from robustgen.campaign.run import Limits
from robustgen.core.case import Case
from robustgen.core.report import Report
from robustgen.generate import Generator, Selection
from robustgen.targets._base import CallTarget
from tests.quality.answerer import FAULTS, Fault, answer, with_fault


def fuzz(monkeypatch: pytest.MonkeyPatch, folder: Path, answers: Callable[[Case], Any], *, count: int = 500, domain: str = "all", kinds: str = "all") -> Report:
    """Run a whole campaign on a function in this process."""

    async def opened(address: str, options: object) -> CallTarget:
        async def call(case: Case) -> Any:
            return answers(case)

        return CallTarget(call, name=address)

    monkeypatch.setattr(session, "open_target", opened)
    names = ["ward", "shop"] if domain == "all" else [domain]
    chosen = [] if kinds == "all" else ["clean", kinds] if kinds != "clean" else ["clean"]
    generator = Generator(Selection.of(names, kinds=chosen))
    folder.mkdir(parents=True, exist_ok=True)
    return session.Session(generator, "python:planted", folder, count=count, limits=Limits(concurrency=8)).go()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_fault_is_found_and_shrunk_to_its_trigger(fault: Fault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each fault yields a finding whose smallest case holds the trigger and nothing else."""
    report = fuzz(monkeypatch, tmp_path, with_fault(fault), domain=fault.domain, kinds=fault.kinds)
    assert report.findings, "not found"
    fitting = [f for f in report.findings if re.fullmatch(fault.trigger, f.trigger, re.DOTALL)]
    assert fitting, [f.trigger for f in report.findings]
    best = fitting[0]
    assert fault.hits(best.case)
    assert len(best.case.trail) <= 1
    for name, value in fault.facts.items():
        assert best.case.facts[name] == value
    assert best.queries <= 60


@pytest.mark.slow
def test_planted_faults_are_brought_to_their_smallest_trigger() -> None:
    """At least 95 in 100 planted faults of every effect end in exactly their smallest trigger, at a median of at most 30 questions."""
    from statistics import median

    from tests.quality.planted import exact, hunt, planted

    wrong_ones, queries = [], []
    faults = planted()
    for fault in faults:
        findings = hunt(fault)[0].findings
        queries += [f.queries for f in findings]
        if not findings or not all(exact(fault, f) for f in findings):
            wrong_ones.append((fault.name, [f.trigger for f in findings if not exact(fault, f)][:2]))
    assert len(faults) >= 100
    assert len({f.effect for f in faults}) >= 10
    assert len(wrong_ones) <= 0.05 * len(faults), wrong_ones
    assert median(queries) <= 30


def test_a_right_answerer_has_no_findings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No false alarm in 1,000 cases of every kind."""
    report = fuzz(monkeypatch, tmp_path, answer, count=1000)
    assert not report.findings, [(f.trigger, f.verdict.why) for f in report.findings[:3]]
    assert report.totals["pass"] == 1000


@pytest.mark.parametrize(
    ("name", "answers", "passing"),
    [
        ("always asks", lambda case: {"status": "ask"}, lambda case: any(e.status == "ask" for e in case.expected.accept)),
        ("always refuses", lambda case: {"status": "refuse"}, lambda case: False),
        ("echo", lambda case: case.text, lambda case: False),
    ],
)
def test_thoughtless_answerers_get_what_they_deserve(
    name: str, answers: Callable[[Case], Any], passing: Callable[[Case], bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Asking passes only where asking is owed; refusing and echoing never pass."""
    report = fuzz(monkeypatch, tmp_path, answers, count=300)
    generator = Generator(Selection.of(["ward", "shop"]))
    assert report.totals["pass"] == sum(passing(c) for c in generator.cases(0, 300))
    assert report.totals["fail"] + report.totals["unsure"] + report.totals["pass"] == 300
