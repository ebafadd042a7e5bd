"""Hypothesis over generated cases and over a user's own texts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, example, find, given, settings, target
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.errors import NoSuchExample
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from robustgen import strategies
from robustgen.core.case import Case, replay
from robustgen.errors import UnknownName

QUIET = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow], database=None)
LONG = settings(deadline=None, max_examples=2000, database=None)
QUESTIONS = st.sampled_from(["please confirm the delivery", "where does my parcel stay for 3 days", "we did not receive the statement"])


@QUIET
@given(strategies.cases(domain="retail", task="RT-X01", perturb=["neighbour_key", "shouted_words"]))
def test_variants_replay_from_their_base(case: Case) -> None:
    """A drawn variant has a trail that makes its text, and the base's answer."""
    assert replay(case.base_text, case.trail) == case.text
    assert case.expected.accept


def test_variants_are_drawn_and_an_unneeded_edit_shrinks_away() -> None:
    """Variants come, and what fails without an edit shrinks to the clean case."""
    strategy = strategies.cases(domain="retail", task="RT-X01", perturb="shouted_words")
    varied = find(strategy, lambda c: bool(c.trail), settings=LONG)
    assert varied.trail[0].perturbation == "shouted_words"
    assert len(varied.trail[0].edits) == 1
    plain = find(strategy, lambda c: len(c.text) > 8, settings=LONG)
    assert not plain.trail


@QUIET
@given(strategies.pairs(QUESTIONS, "keyboard", keep=["parcel"]))
def test_pairs_keep_what_must_stay(pair: tuple[str, str]) -> None:
    """Numbers, negations and what the user names stay in every variant."""
    for word in ("parcel", "3", "not"):
        assert (f" {word} " in f" {pair[0]} ") == (f" {word} " in f" {pair[1]} ")


def test_a_failing_variant_shrinks_to_one_edit_of_the_first_text() -> None:
    """The simplest failing variant has one edit."""
    found = find(strategies.pairs(QUESTIONS, "shouted_words", strength=1.0), lambda p: p[0] != p[1], settings=LONG)
    assert found[0] == "please confirm the delivery"
    assert sum(a != b for a, b in zip(found[0].split(), found[1].split(), strict=True)) == 1


@QUIET
@given(strategies.perturbed(st.text(st.characters(categories=["Ll", "Zs"]), max_size=40)))
def test_any_text_may_be_perturbed(text: str) -> None:
    """Empty and blank texts come through as they are."""
    assert isinstance(text, str)


@example("DELIVERY")
@QUIET
@given(strategies.documents(domain="retail", task="RT-X01"))
def test_examples_and_targets_go_with_it(text: str) -> None:
    """``@example`` and ``target()`` work as with any strategy."""
    target(float(len(text)), label="length")
    assert text


def test_a_failure_that_hangs_on_two_facts_shrinks_to_the_plainest_in_most_runs() -> None:
    """Which doses there are hangs on the drug: the plainest drug has failing doses of its own, and most searches end there."""
    strategy = strategies.cases(domain="clinical", task="CL-X01")
    found = [find(strategy, lambda c: c.facts["dose"] >= 600, settings=LONG, random=Random(seed)).text.casefold() for seed in range(6)]
    assert found.count("acetaminophen 650 mg") >= 4, found


def test_the_database_keeps_a_failure() -> None:
    """A failure is asked first in the next run."""
    database = InMemoryExampleDatabase()
    own = settings(deadline=None, max_examples=300, database=database)
    seen: list[str] = []

    def fails(case: Case) -> bool:
        seen.append(case.text)
        return bool(case.facts["dose"] >= 600)

    strategy = strategies.cases(domain="clinical", task="CL-X01")
    first = find(strategy, fails, settings=own, database_key=b"dose")
    seen.clear()
    again = find(strategy, fails, settings=own, database_key=b"dose")
    assert first.text == again.text
    assert first.text in seen[:2]


def test_stateful_tests_draw_cases() -> None:
    """A rule of a state machine may draw documents; a fault in the machine is found."""

    class Inbox(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.texts: list[str] = []

        @rule(text=strategies.documents(domain="retail", task="RT-X01"))
        def receive(self, text: str) -> None:
            self.texts.append(text)
            assert len(self.texts) < 4, "the inbox is full"

    with pytest.raises(AssertionError, match="the inbox is full"):
        run_state_machine_as_test(Inbox, settings=settings(QUIET, stateful_step_count=10))


@pytest.mark.parametrize(
    ("make", "near"),
    [
        (lambda: strategies.cases(domain="retale"), "retail"),
        (lambda: strategies.cases(domain="retail", perturb="neighbor_key"), "neighbour_key"),
        (lambda: strategies.pairs(QUESTIONS, "neighbor_key"), "neighbour_key"),
    ],
)
def test_unknown_names_are_told_at_once(make: Callable[[], object], near: str) -> None:
    """A strategy with a wrong name cannot be made."""
    with pytest.raises(UnknownName, match=near):
        make()


def test_find_says_when_there_is_none() -> None:
    """Clean cases have no trail, however long one looks."""
    with pytest.raises(NoSuchExample):
        find(strategies.cases(domain="retail", task="RT-X01"), lambda c: bool(c.trail), settings=settings(LONG, max_examples=50))
