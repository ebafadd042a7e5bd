"""Counting: outcomes by factor, duties, curves, and what failing depends on."""

from __future__ import annotations

import pytest

from robustgen.campaign.results import Tally, exit_code, with_marks
from robustgen.core.case import Edit, Severity
from robustgen.core.verdict import Mark, Outcome, Verdict
from tests.exporters.sample import case_of, finding_of, report_of


def tally_of(count: int) -> Tally:
    """Return a tally in which Arabic fails in seven of ten cases and English in one of ten, whatever was done to the text."""
    tally = Tally()
    for i in range(count):
        for tag, bad in (("en", 1), ("ar", 7)):
            edits = [Edit(0, 4, "Dose", "DOSE")] if i % 2 else None
            outcome = Outcome.failed if i % 10 < bad else Outcome.passed
            tally.case(case_of(f"Dose {i} mg of it, once daily.", language=tag, edits=edits), [Verdict(oracle="value", outcome=outcome)])
    return tally


def test_failures_are_laid_to_what_they_depend_on() -> None:
    """The language is named with odds whose interval lies above 1; the perturbation, which does nothing, is not."""
    pytest.importorskip("scipy")
    found = {(e.factor, e.level): e for e in tally_of(200).influences()}
    arabic = found["language", "ar"]
    assert 1 < arabic.low < arabic.odds < arabic.high
    assert (arabic.failed, arabic.judged) == (140, 200)
    assert found["language", "en"].high < 1
    assert not [k for k in found if k[0] == "perturbation"]


def test_few_cases_are_laid_to_nothing() -> None:
    """Below 300 cases no model is made."""
    assert tally_of(100).influences() == []


def test_cells_curves_and_groups_count_every_judged_case() -> None:
    """Each view adds up to the same cases."""
    report = tally_of(50).report(run="r", target="t", config={}, made_with={}, findings=[], requests=100, why="done")
    assert sum(c.judged for c in report.cells) == 100
    assert sum(p.judged for p in report.curves) == 100
    assert {p.changed for p in report.curves if p.family != "none"} == {0.2}
    assert sum(g.failed for g in report.groups if g.factor == "language") == report.totals["fail"] == 40


def test_a_task_carries_the_regulations_of_its_pack() -> None:
    """Cases count for what the pack maps to their task, with its title, and findings stand against it."""
    finding = finding_of(case_of("Dose 5 mg."), "dose = 5 mg")
    tally = tally_of(10)
    duties = {d.id: d for d in tally.report(run="r", target="t", config={}, made_with={}, findings=[finding], requests=1, why="done").duties}
    assert duties["ISMP-2024"].passed == 12
    assert duties["ISMP-2024"].failed == 8
    assert duties["ISMP-2024"].title
    assert duties["ISMP-2024"].findings == [finding.id]


def test_marks_do_not_fail_a_run_and_the_rest_does() -> None:
    """One mark of two findings leaves one that counts; with both marked the run passes."""
    a, b = (finding_of(case_of(f"Dose {i} mg."), f"dose = {i} mg", severity=Severity.high) for i in (1, 2))
    report, known = report_of([a, b]), Mark(status="known", reason="r")
    assert exit_code(with_marks(report, {a.id: known}), fail_on="high", min_answered=0.9) == 1
    assert exit_code(with_marks(report, {a.id: known, b.id: known}), fail_on="high", min_answered=0.9) == 0
    assert exit_code(report, fail_on="high", min_answered=0.9, known=frozenset({a.id, b.id})) == 0
