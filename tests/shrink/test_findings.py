"""Findings of whole runs: the passing neighbour, needs in words, folding, flaky targets."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from robustgen.campaign import session
from robustgen.campaign.run import Limits
from robustgen.core.case import Case
from robustgen.core.report import Report
from robustgen.generate import Generator, Selection
from robustgen.generate.trigger import shape
from robustgen.targets._base import CallTarget
from tests.quality.answerer import answer, wrong


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, answers: Any, selection: Selection, *, count: int = 60, shrink: int = 60) -> Report:
    """Run a campaign on a function in this process."""

    async def opened(address: str, options: object) -> CallTarget:
        async def call(case: Case) -> Any:
            await asyncio.sleep(0)
            return answers(case)

        return CallTarget(call, name=address)

    monkeypatch.setattr(session, "open_target", opened)
    return session.Session(Generator(selection), "python:it", folder, count=count, limits=Limits(concurrency=8), shrink=shrink).go()


BASKET = Selection.of(["basket"], tasks=["B1"], kinds=["clean"])


def test_the_neighbour_passes_and_differs_by_the_trigger_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A border of 13 is shown with 12 beside it: same text but for the number."""
    faulty = lambda c: wrong(c) if any(x["number"] >= 13 for x in c.facts["lines"]) else answer(c)  # noqa: E731
    (finding,) = run(tmp_path, monkeypatch, faulty, BASKET).findings
    assert finding.trigger == "lines.number ≥ 13"
    assert finding.needs == ["lines.number ≥ 13"]
    assert finding.neighbour is not None
    assert finding.neighbour.text == finding.case.text.replace("13", "12")
    assert finding.neighbour_response is not None
    assert finding.neighbour_response.data == answer(finding.neighbour)
    assert (finding.tried, finding.failed) == (3, 3)
    assert not finding.flaky
    assert finding.count > 5


def test_a_language_that_fails_is_shown_beside_the_plain_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails in German and passes in English has the English text of the same facts as its neighbour."""
    selection = Selection.of(["clinical"], tasks=["CL-X01"], kinds=["clean"], languages=["en", "de"])
    found = run(tmp_path, monkeypatch, lambda c: wrong(c) if c.tag == "de" else answer(c), selection, count=40).findings
    assert {f.trigger for f in found} == {"in de"}
    finding = found[0]
    assert finding.neighbour is not None
    assert (finding.case.tag, finding.neighbour.tag) == ("de", "en")
    assert finding.neighbour.facts["dose"] == finding.case.facts["dose"]
    assert finding.neighbour_response is not None
    assert finding.neighbour_response.data == answer(finding.neighbour)


def test_a_wrong_answer_to_the_clean_case_is_no_fault_of_a_changed_fact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is wrong of the facts before the change has no finding on the change; whoever is right there has one."""
    selection = Selection.of(["retail"], tasks=["RT-T04"], kinds=["edge"], perturbations=["another_value"], languages=["en"])
    places = [tmp_path / name for name in ("always", "changed")]
    for place in places:
        place.mkdir()
    assert not run(places[0], monkeypatch, wrong, selection, count=20).findings
    changed = run(places[1], monkeypatch, lambda c: wrong(c) if c.facts["take"] > 3 else answer(c), selection, count=40).findings
    assert changed
    assert all(f.base is not None and f.base.facts["take"] <= 3 < f.case.facts["take"] for f in changed)


def test_one_value_is_not_taken_for_a_border(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that fails at exactly one number is said to fail there, not from there on."""
    faulty = lambda c: wrong(c) if c.facts["lines"][0]["number"] == 30 else answer(c)  # noqa: E731
    triggers = {f.trigger for f in run(tmp_path, monkeypatch, faulty, BASKET, count=120).findings}
    assert triggers == {"lines.number = 30"}


def test_a_variant_is_shown_beside_its_clean_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The passing neighbour of a perturbed case is the clean one; different texts fold to one finding."""
    selection = Selection.of(["basket"], tasks=["B1"], kinds=["clean", "noisy"], perturbations=["bold_markdown_fact"])
    (finding,) = run(tmp_path, monkeypatch, lambda c: wrong(c) if "**" in c.text else answer(c), selection).findings
    assert finding.cause == "bold_markdown_fact"
    assert finding.neighbour == finding.base
    assert finding.neighbour is not None
    assert finding.case.text.replace("**", "") == finding.neighbour.text
    assert len(finding.cases) == finding.count > 10


def test_a_flaky_target_is_shrunk_by_majority_and_reported_with_its_rate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that shows in two of three answers is neither lost nor taken for a steady one."""
    times: dict[str, int] = {}

    def flaky(case: Case) -> Any:
        times[case.text] = times.get(case.text, -1) + 1
        return wrong(case) if len(case.facts["lines"]) > 2 and times[case.text] % 3 != 2 else answer(case)

    findings = run(tmp_path, monkeypatch, flaky, BASKET).findings
    assert findings
    assert all(f.flaky for f in findings)
    assert {f.trigger for f in findings} == {"3 lines"}
    assert all(1 < f.failed < f.tried for f in findings)


def test_what_passed_by_chance_makes_no_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that fails on two of three askings, steadily wrong on some texts by luck, is found flaky by asking again what passed."""
    asked: dict[str, int] = {}

    def lucky(case: Case) -> Any:
        asked[case.text] = asked.get(case.text, -1) + 1
        steady = len(case.facts["lines"]) > 3
        return wrong(case) if len(case.facts["lines"]) > 2 and (steady or asked[case.text] % 3) else answer(case)

    findings = run(tmp_path, monkeypatch, lucky, BASKET).findings
    assert {f.trigger for f in findings} == {"3 lines"}
    assert all(f.flaky for f in findings)


def test_without_a_budget_failures_are_shown_as_they_were_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing more is asked, nothing is lost."""
    report = run(tmp_path, monkeypatch, wrong, BASKET, count=10, shrink=0)
    assert report.requests == 10
    assert sum(f.count for f in report.findings) == 10
    assert all(f.queries == 0 for f in report.findings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,234.50 mg", "9,999.99 mg"), ("１２ kg", "９９ kg"), ("١٢٣", "٩٩٩"), ("metformin", "met…"), ("don't", "don't"), ("x" * 200, "xxx…")],
)
def test_shapes_fold_what_is_alike(text: str, expected: str) -> None:
    """Digits become nines of their own script, long words are cut, short ones stay."""
    assert shape(text) == expected


def test_what_an_oracle_needs_to_speak_is_no_need_of_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that a mark alone makes wrong is so in every zone; the zone stands apart from the trigger."""
    selection = Selection.of(["clinical"], kinds=["clean", "noisy"], perturbations=["byte_order_mark"], tasks=["CL-T17"], languages=["en"])
    found = run(tmp_path, monkeypatch, lambda c: wrong(c) if "\ufeff" in c.text else answer(c), selection).findings
    assert {f.trigger for f in found} == {r"byte_order_mark: '' → '\ufeff'"}
    (value,) = [f for f in found if f.verdict.oracle == "value"]
    assert not value.needs
    assert value.setting == ["zone = chicago"]


def test_a_need_stays_the_targets_where_other_values_are_answered_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that knows every zone but one needs that zone, though the oracle needs some zone too."""
    selection = Selection.of(["clinical"], kinds=["clean"], tasks=["CL-T17"], languages=["en"])
    found = run(tmp_path, monkeypatch, lambda c: wrong(c) if c.facts["zone"] == "chicago" else answer(c), selection).findings
    assert {f.trigger for f in found if f.verdict.oracle == "value"} == {"zone = chicago"}
    assert all(not f.setting for f in found if f.verdict.oracle == "value")
