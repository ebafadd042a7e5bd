"""The pack's answers against a second implementation that shares nothing with it; ROBUSTGEN_DEEP=1 asks 2,000 cases a task."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from robustgen.answers.quantities import quantities_in
from robustgen.core.case import Case, exact_text
from robustgen.generate import Generator, Selection
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack
from tests.packs import clinical_second as second

COUNT = 2000 if os.environ.get("ROBUSTGEN_DEEP") else 100


def answered(task: str) -> Iterator[tuple[Case, dict[str, Any], Any]]:
    """Yield English cases of a task that have an answer, with their facts as JSON and the expected envelope."""
    made = 0
    for case in Generator(Selection.of(["clinical"], tasks=[task], kinds=["clean"], languages=["en"]), seed=77).cases(0, COUNT * 3):
        expected = case.expected.accept[0]
        if expected.status != "answer" or (expected.value is None and expected.label is None):
            continue
        facts = msgspec.json.decode(msgspec.json.encode(case.facts, enc_hook=exact_text))
        yield case, facts, expected
        made += 1
        if made == COUNT:
            return


def numbers(value: Any) -> Any:
    """Return decimal strings as floats, inside mappings too."""
    return {k: float(v) for k, v in value.items()} if isinstance(value, dict) else float(value)


FROM_TEXT: dict[str, Callable[[str], Any]] = {"CL-T04": second.infusion, "CL-T05": second.drip, "CL-T24": second.taper}
FROM_FACTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "CL-T03": second.child,
    "CL-T07": second.apixaban,
    "CL-T16": second.supply,
    "CL-T21": second.risk,
}


@pytest.mark.parametrize("task", FROM_TEXT)
def test_numbers_read_from_the_text(task: str) -> None:
    """Infusion rates, drops and tapers, read from the document by patterns."""
    count = 0
    for case, _, expected in answered(task):
        assert numbers(FROM_TEXT[task](case.text)) == pytest.approx(numbers(expected.value), rel=1e-9), case.text
        count += 1
    assert count == COUNT


@pytest.mark.parametrize("task", FROM_FACTS)
def test_numbers_from_the_record(task: str) -> None:
    """Children's doses, apixaban, supplies and scores."""
    count = 0
    for case, facts, expected in answered(task):
        assert numbers(FROM_FACTS[task](facts)) == pytest.approx(numbers(expected.value), rel=1e-9), case.facts
        count += 1
    assert count == COUNT


def test_kidney_function() -> None:
    """Both equations by floating point, before rounding."""
    count = 0
    for case, facts, expected in answered("CL-T06"):
        whole = facts["reported"] is not None or facts["drug"] in {"metformin", "empagliflozin", "sitagliptin"}
        assert abs(float(expected.value) - float(second.kidney(facts))) <= (0.5 if whole else 0.05) + 1e-6, case.facts
        count += 1
    assert count == COUNT


def test_news2() -> None:
    """Score and trigger by a chart typed in anew."""
    count = 0
    for case, facts, expected in answered("CL-T08"):
        assert (int(expected.value), expected.label) == second.news2(facts), case.facts
        count += 1
    assert count == COUNT


def test_conversions() -> None:
    """Results in the other unit and their flags, by fractions and limits typed in anew."""
    count = 0
    for case, facts, expected in answered("CL-T09"):
        assert Fraction(expected.value) == second.other_unit(facts), case.facts
        assert expected.label == second.flag(facts), case.facts
        count += 1
    assert count == COUNT


def test_results_without_a_second_unit() -> None:
    """A ratio and a pH are stated without a unit and stand as reported; ionised calcium keeps its one."""
    seen = set()
    for case, facts, expected in answered("CL-T09"):
        if facts["analyte"] in {"inr", "arterial_ph", "calcium_ionised"}:
            seen.add(facts["analyte"])
            assert (expected.unit, facts["unit"]) == (("mmol/L",) * 2 if facts["analyte"] == "calcium_ionised" else (None, None))
            assert Fraction(expected.value) == Fraction(facts["value"])
            assert "None" not in case.text
    assert seen


@pytest.mark.parametrize("tag", load_pack("clinical").tags)
def test_an_answer_in_words_keeps_the_basis_of_a_d_dimer(tag: str) -> None:
    """DDU and FEU are two units in every language; plain ng/mL is neither."""
    found = [q.unit for q in quantities_in("9850 ng/mL FEU = 4925 ng/mL (DDU); 30 ng/mL.", load_language(tag))]
    assert found == ["ng/mL FEU", "ng/mL DDU", "ng/mL"]


def test_opioid_load() -> None:
    """Morphine equivalents read from the text, patches among them."""
    patches = 0
    for case, facts, expected in answered("CL-T11"):
        load = second.opioids(case.text)
        assert Fraction(expected.value) == load, case.text
        assert expected.label == ("at_least_50" if load >= 50 else "below_50")
        patches += any(o["route"] == "patch" for o in facts["orders"])
    assert patches


@pytest.mark.parametrize(("task", "answer"), [("CL-T17", second.next_dose), ("CL-T18", second.due)])
def test_dates(task: str, answer: Callable[[dict[str, Any]], Any]) -> None:
    """Next doses by the time zone database, due dates by ordinal days."""
    count = 0
    for case, facts, expected in answered(task):
        assert answer(facts) == expected.value, case.facts
        count += 1
    assert count == COUNT
