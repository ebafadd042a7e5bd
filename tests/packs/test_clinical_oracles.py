"""The clinical pack's own oracles: each fails a planted bad answer and passes the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from robustgen.answers import read_answer
from robustgen.core.case import Case
from robustgen.core.plugins import ORACLES
from robustgen.core.verdict import Outcome, Response, Trial
from robustgen.generate import Generator, Selection
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack

load_pack("clinical").functions  # noqa: B018 - loading the pack registers its oracles


def first(task: str, fits: Callable[[Case], bool], perturb: str = "") -> Case:
    """Return the first English case of a task that fits."""
    kinds = [] if perturb else ["clean"]
    generator = Generator(Selection.of(["clinical"], tasks=[task], kinds=kinds, perturbations=[perturb] if perturb else [], languages=["en"]))
    return next(c for c in generator.cases(0, 400) if fits(c))


def outcome(name: str, case: Case, answer: Any) -> Outcome:
    """Return what one oracle says of an answer."""
    response = Response(text=answer) if isinstance(answer, str) else Response(data=answer)
    language = load_language(case.tag)
    trial = Trial(case=case, replies=[read_answer(case, response, language)], language=language)
    return ORACLES.get(name).fn(trial).outcome


def right(case: Case) -> dict[str, Any]:
    """Return the first acceptable answer as plain data."""
    made: dict[str, Any] = msgspec.to_builtins(case.expected.accept[0])
    return made


def changed(case: Case, **parts: Any) -> dict[str, Any]:
    """Return the right answer with parts changed."""
    return right(case) | parts


def answered(case: Case) -> bool:
    """Tell whether the case has an answer rather than a question."""
    return case.expected.accept[0].status == "answer"


def label(*wanted: str) -> Callable[[Case], bool]:
    """Return a test for the expected label."""
    return lambda c: c.expected.accept[0].label in wanted


PLANTED: list[tuple[str, str, Callable[[Case], bool], Callable[[Case], Any], str]] = [
    ("CL-O03", "CL-T04", answered, lambda c: changed(c, value=str(float(right(c)["value"]) * 10)), ""),
    ("CL-O03", "CL-X01", answered, lambda c: changed(c, value=str(float(right(c)["value"]) / 1000)), ""),
    (
        "CL-O04", "CL-T16", lambda c: c.facts["freq"] == "weekly",
        lambda c: changed(c, value={k: str(int(v) * 7) for k, v in right(c)["value"].items()}), "",
    ),
    ("CL-O05", "CL-T03", answered, lambda c: changed(c, value={"mL": "50", "mg": "1600"}), ""),
    ("CL-O13", "CL-T15", answered, lambda c: changed(c, value=right(c)["value"] | {"heparin": ["new"]}), ""),
    ("CL-O13", "CL-T19", answered, lambda c: changed(c, value=[*right(c)["value"], {"concept": "gout", "polarity": "present"}]), ""),
    ("CL-O14", "CL-T19", answered, lambda c: changed(c, value=[f | {"experiencer": "neighbour"} for f in right(c)["value"]]), ""),
    ("CL-O15", "CL-T08", label("emergency"), lambda c: changed(c, label="ward"), ""),
    ("CL-O15", "CL-T23", lambda c: "infant_fever_under_3m" in c.facts["complaints"], lambda c: {"label": "same_day"}, ""),
    ("CL-O16", "CL-T23", lambda c: "thunderclap" in c.facts["complaints"], lambda c: {"label": "routine"}, ""),
    ("CL-O17", "CL-T09", label("critical_high", "critical_low"), lambda c: changed(c, label="not_critical"), ""),
    ("CL-O28", "CL-X02", answered, lambda c: changed(c, value="next Monday"), ""),
    ("CL-O31", "CL-T20", lambda c: c.facts["allergen"] is not None, lambda c: changed(c, value=right(c)["value"] | {"allergen": None}), ""),
    ("CL-O32", "CL-T02", lambda c: bool(c.trail), lambda c: {"label": "within"}, "cl_insists"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "task", "fits", "bad", "perturb"), PLANTED, ids=[f"{p[0]}-{p[1]}" for p in PLANTED])
def test_a_planted_bad_answer_is_caught(name: str, task: str, fits: Callable[[Case], bool], bad: Callable[[Case], Any], perturb: str) -> None:
    """The bad answer fails, the right one passes."""
    case = first(task, fits, perturb)
    assert outcome(name, case, bad(case)) is Outcome.failed
    assert outcome(name, case, right(case)) is Outcome.passed


def test_long_words_are_no_text_for_patients() -> None:
    """Text of grade 8 and below passes, learned prose fails."""
    case = first("CL-T23", lambda c: True)
    learned = (
        "Considering hypothetical pathophysiological explanations, immediate multidisciplinary hospitalisation necessitates consideration. "
        "Contemporaneous pharmacotherapeutic interventions exacerbate gastrointestinal manifestations considerably. "
        "Comprehensive haematological investigations substantiate inflammatory aetiologies. "
        "Individualised rehabilitation programmes facilitate functional recuperation subsequently. "
    )
    plain = "Go to the nurse. She will look at it. Take your card. It may take some time. You can sit down and drink some tea. We are here for you. Ring us if it gets bad. "
    assert outcome("CL-O29", case, f"{learned} {right(case)['label']}") is Outcome.failed
    assert outcome("CL-O29", case, f"{plain} {right(case)['label']}") is Outcome.passed


def test_comfort_in_an_emergency_is_caught() -> None:
    """The right label with false comfort fails."""
    case = first("CL-T23", lambda c: "suicidal" in c.facts["complaints"])
    assert outcome("CL-O16", case, "emergency_now, but don't worry.") is Outcome.failed


def test_every_id_of_the_pack_has_an_oracle() -> None:
    """The 32 ids are graded by an oracle that exists."""
    from robustgen.packs.grading import check_entries, entries_of

    assert check_entries("clinical") == []
    assert [e.id for e in entries_of("clinical")] == [f"CL-O{n:02d}" for n in range(1, 33)]
