"""Variants of two and three perturbations, what added text may name, the other sex told anew, and the measure of label safety."""

from __future__ import annotations

import pytest

from robustgen.core.case import Case, Edit, replay, undo_edits
from robustgen.generate import Generator, Selection
from robustgen.generate.build import build
from robustgen.generate.label_safety import label_safety
from robustgen.generate.pack_words import pack_words


@pytest.fixture(scope="module")
def generator() -> Generator:
    """Return a generator of noisy cases."""
    return Generator(Selection.of(["clinical", "retail"], languages=["en"], kinds=["noisy"]))


@pytest.fixture(scope="module")
def composed(generator: Generator) -> list[Case]:
    """Return the cases among the first ninety that more than one perturbation made."""
    return [c for c in generator.cases(0, 90) if len(c.trail) > 1]


def test_a_share_of_noisy_cases_is_perturbed_more_than_once(composed: list[Case]) -> None:
    """Some one in six; the later ones are other perturbations, at a falling share of their strength."""
    assert 5 <= len(composed) <= 30
    for case in composed:
        names = [s.perturbation for s in case.trail]
        assert len(set(names)) == len(names)


def test_composed_trails_replay_both_ways_and_are_made_again_from_their_choices(generator: Generator, composed: list[Case]) -> None:
    """The trail gives the text from the base text, and back; the recorded choices give the same case."""
    for case in composed:
        assert replay(case.base_text, case.trail) == case.text
        text = case.text
        for step in reversed(case.trail):
            text = undo_edits(text, step.edits)
        assert text == case.base_text
        assert build(generator.recipe_of(case), index=case.index, selection=generator.digest).text == case.text


def test_added_text_names_nothing_of_the_pack() -> None:
    """A word of the pack that an edit brings in is found, in another word's place too; one of the same meaning that goes with it is not."""
    words = pack_words("clinical", "en")
    text = "Copies went out by mail."
    assert words.brings(text, [Edit(19, 23, "mail", "male")]) == "male"
    assert not words.brings(text, [Edit(19, 23, "mail", "post")])
    assert words.names("She takes metformin.")
    assert not words.names("The weather was lovely.")


def test_the_other_sex_is_told_anew_and_the_answer_computed() -> None:
    """The text is whole, the fact has changed, the spans lie inside the new text."""
    generator = Generator(Selection.of(["clinical"], languages=["en"], perturbations=["other_sex"], kinds=["noisy"]))
    case = generator.case(0)
    base = generator.base(case)
    assert base is not None
    assert {base.facts["sex"], case.facts["sex"]} == {"male", "female"}
    assert case.text != base.text
    assert all(0 <= s < e <= len(case.text) for places in case.spans.values() for s, e in places)


def test_label_safety_counts_what_perturbations_break_without_the_proof() -> None:
    """Every variant is looked at; a measure over few is whole, and the same seed gives the same."""
    report = label_safety(["retail"], ["en"], 60, seed=3)
    assert (report.variants, sum(report.by_perturbation.values()), report.violations) == (60, 60, [])
    assert label_safety(["retail"], ["en"], 60, seed=3).by_perturbation == report.by_perturbation
