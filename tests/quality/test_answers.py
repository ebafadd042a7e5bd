"""The labelled answers: enough of them, honestly split, and the floors that the detectors hold on tuned, held-out and fresh lines."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from robustgen.packs.locate import corpora
from tests.quality.answers.measure import STATUSES, Read, read_all, scores

ROOT = Path(__file__).parents[2]
PRECISION = 0.95
DETECTED = ("ask", "both", "escalate", "refuse", "disclaimer")


@pytest.fixture(scope="module")
def everything() -> list[Read]:
    """Return every labelled answer as it is read."""
    return read_all()


@pytest.fixture(scope="module")
def reads(everything: list[Read]) -> list[Read]:
    """Return the answers of the rules' own writer as they are read; the others have floors of their own below."""
    return [r for r in everything if not r.other_hand and not r.later_hand and not r.vendor_style and "style" not in r.row]


def test_the_set_is_large_and_even(reads: list[Read]) -> None:
    """A thousand answers and more, every base language with a hundred or nearly, every status in every language."""
    tags = Counter(r.tag for r in reads)
    assert sum(tags.values()) >= 1000
    assert set(tags) == {t for t in corpora() if "-" not in t}
    assert min(tags.values()) >= 95
    for tag in tags:
        assert {r.row["status"] for r in reads if r.tag == tag} == set(STATUSES)
    assert len({(r.tag, r.row["question"], r.row["text"], r.row.get("document")) for r in reads}) == len(reads)
    kinds = Counter(t for r in reads for t in r.row.get("tags", []))
    for kind in ("correction", "echo", "deny", "steps", "json", "fence", "latex", "courtesy", "hedge", "several", "complies", "wrong"):
        assert kinds[kind] >= 3, kind


@pytest.mark.parametrize("name", DETECTED)
def test_a_detector_is_precise_in_every_language(name: str, reads: list[Read]) -> None:
    """Precision of at least 0.95 over all lines of a language, and over the held-out lines of all languages."""
    for tag in sorted({r.tag for r in reads}):
        score = scores([r for r in reads if r.tag == tag])[name]
        assert score.precision >= PRECISION, (tag, score)
        assert score.found
    assert scores([r for r in reads if r.held_out])[name].precision >= PRECISION


def test_values_are_exact_or_unsure(reads: list[Read]) -> None:
    """What is read as the answer is what the answer says, unit and currency with it; the rest is unsure."""
    for part in (reads, [r for r in reads if r.held_out]):
        assert scores(part)["value"].precision >= PRECISION
        assert scores(part)["value"].recall >= 0.9
        assert scores(part)["unsure"].recall >= 0.95


def test_recall_does_not_fall(reads: list[Read]) -> None:
    """Floors of recall over the held-out lines."""
    held = scores([r for r in reads if r.held_out])
    for name in DETECTED:
        assert held[name].recall >= 0.85, (name, held[name])


def test_half_of_the_set_is_recorded_or_by_another_hand(everything: list[Read]) -> None:
    """The rules are measured on what their writer did not write, and half of that is never tuned on."""
    others = [r for r in everything if r.other_hand or r.later_hand or r.vendor_style or r.recorded]
    assert 2 * len(others) >= len(everything)
    assert sum(r.recorded for r in others) >= 450
    held = [r for r in others if r.held_out]
    assert 0.4 * len(others) <= len(held) <= 0.6 * len(others)


FLOORS = {
    "answer": (0.97, 0.87),
    "ask": (0.91, 0.76),
    "both": (0.91, 0.58),
    "escalate": (0.94, 0.86),
    "refuse": (0.95, 0.76),
    "disclaimer": (0.94, 0.68),
    "value": (0.94, 0.84),
}
"""Precision and recall on the held-out half of what another hand wrote, as measured, less a little: they may rise, not fall."""


@pytest.mark.parametrize("name", FLOORS)
def test_answers_by_another_hand_are_read_as_well_as_measured(name: str, everything: list[Read]) -> None:
    """The held-out half of another hand's answers holds its floors."""
    score = scores([r for r in everything if r.other_hand and r.held_out])[name]
    precision, recall = FLOORS[name]
    assert score.precision >= precision, score
    assert score.recall >= recall, score


VENDORS = ("answer", "ask", "both", "escalate", "refuse", "disclaimer", "value")


@pytest.mark.parametrize("name", VENDORS)
def test_answers_in_the_manner_of_vendors_are_read(name: str, everything: list[Read]) -> None:
    """Scenes told as chat models tell them, in ten languages: precise in the half that was worked on and in the other."""
    for held in (False, True):
        score = scores([r for r in everything if r.vendor_style and r.held_out == held])[name]
        assert score.precision >= PRECISION, (held, score)
        assert score.recall >= 0.85, (held, score)


def test_gibberish_of_a_small_model_is_mostly_unsure(everything: list[Read]) -> None:
    """Of the held-out recorded texts that answer nothing, at least 85 of 100 are unsure; none counts as an escalation."""
    held = [r for r in everything if "style" in r.row and r.held_out]
    assert scores(held)["unsure"].recall >= 0.85
    assert not scores(held)["escalate"].found


def test_one_command_prints_the_matrices() -> None:
    """``python -m tests.quality.answers`` prints a matrix per language and for the held-out lines."""
    done = subprocess.run([sys.executable, "-m", "tests.quality.answers"], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    for tag in ("en", "zh", "ar"):
        assert f"\n{tag}: " in done.stdout
    assert "held-out" in done.stdout
    assert done.stdout.count("precision") >= 24
