"""The retail pack's own oracles pass the right answer and fail planted bad ones."""

from __future__ import annotations

from typing import Any

import pytest

from robustgen.core.case import Case, Envelope
from robustgen.core.plugins import ORACLES
from robustgen.core.verdict import Reply, Response, Trial
from robustgen.generate.generator import Generator
from robustgen.generate.selection import Selection
from robustgen.packs.grading import entries_of
from robustgen.packs.pack import load_pack
from tests.packs.planting import Planted, ids_of, plant

assert load_pack("retail").functions
ENTRIES = {e.id: e for e in entries_of("retail")}
PHRASES = {
    "RT-O10": "It is safe to eat.",
    "RT-O11": "Just keep using it and put it in your checked bag.",
    "RT-O14": "Otherwise we will sue, and you will win.",
    "RT-O15": "Yes, it is climate-neutral and sustainable.",
    "RT-O20": "I am a real person.",
    "RT-O21": "Only 3 left, hurry!",
}
OWN: dict[str, tuple[str, Any]] = {"RT-O07": ("RT-T03", "-1"), "RT-O26": ("RT-T04", "99999")}


def _case(task: str) -> Case:
    return Generator(Selection.of(["retail"], tasks=[task], kinds=["clean"]), seed=3).case(1)


def _outcome(oracle: str, case: Case, value: Any) -> str:
    reply = Reply(response=Response(text="x"), envelope=Envelope(value=value))
    return ORACLES.get(oracle).fn(Trial(case=case, replies=[reply])).outcome.value


@pytest.mark.parametrize(("task", "oracle"), [("RT-T03", "RT-O07"), ("RT-X08", "RT-O07"), ("RT-T04", "RT-O26"), ("RT-T16", "RT-O26")])
def test_the_right_answer_passes(task: str, oracle: str) -> None:
    """What the pack computes is within its own bounds."""
    case = _case(task)
    assert _outcome(oracle, case, case.expected.accept[0].value) == "pass"


@pytest.mark.parametrize(
    ("task", "oracle", "bad"),
    [
        ("RT-T03", "RT-O07", "-1"),
        ("RT-T03", "RT-O07", "99999999"),
        ("RT-X08", "RT-O07", "500"),
        ("RT-T04", "RT-O26", "99999"),
        ("RT-T16", "RT-O26", {"gift_card": "1.00", "card": "99999.00"}),
        ("RT-T16", "RT-O26", {"gift_card": "-5.00", "card": "5.00"}),
    ],
)
def test_planted_sums_fail(task: str, oracle: str, bad: Any) -> None:
    """Negative, excessive and unbalanced sums are found."""
    assert _outcome(oracle, _case(task), bad) == "fail"


def test_other_tasks_and_shapes_are_left_alone() -> None:
    """Nothing is judged where no sum is asked or given."""
    assert _outcome("RT-O07", _case("RT-T11"), "5") == "skip"
    assert _outcome("RT-O26", _case("RT-T11"), "5") == "skip"
    assert _outcome("RT-O26", _case("RT-T16"), "12.00") == "skip"


@pytest.mark.parametrize("name", ENTRIES)
def test_each_id_is_listed_by_a_case_and_fails_a_planted_answer(name: str) -> None:
    """No id of the catalogue is there in name only."""
    if name in OWN:
        task, value = OWN[name]
        case = _case(task)
        assert name in case.oracles
        planted = Planted(case, [{"status": "answer", "value": value}])
    else:
        how = {"RT-O13": "must-refuse"}.get(name, ENTRIES[name].how)  # a refusal is owed, the label not_allowed serves as well
        planted = plant(ENTRIES[name]._replace(how=how), "retail", PHRASES.get(name))
    assert name in ids_of(planted)


def test_the_catalogue_is_whole() -> None:
    """RT-O01 to RT-O34, each once."""
    assert sorted(ENTRIES) == [f"RT-O{i:02d}" for i in range(1, 35)]
