"""A model as a judge: asked only where named, marked as its word, never told the computed answer, its agreement counted."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import msgspec
import pytest

from robustgen.answers import read_answer
from robustgen.campaign.results import Tally
from robustgen.cli._report import judge_line
from robustgen.core.case import Case
from robustgen.core.plugins import EXPORTERS
from robustgen.core.report import Report
from robustgen.core.verdict import Bound, Outcome, Response, Trial, Verdict
from robustgen.errors import ConfigError
from robustgen.generate import Generator, Selection
from robustgen.oracles.judge_model import agreement, judge_model, word_in
from robustgen.packs.grading import user_bounds
from robustgen.packs.language import load_language

ASKED: list[str] = []


@pytest.fixture(autouse=True)
def stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer local judges: one that likes round numbers, one that talks, one that breaks."""
    module = ModuleType("stub_judges")

    def strict(text: str) -> str:
        ASKED.append(text)
        said = text.rpartition("ANSWER\n")[2]
        return "wrong" if "7" in said else "unsure" if "?" in said else "The answer is right."

    def both(text: str) -> str:
        return f"right or wrong, who knows ({len(text)})"

    def broken(text: str) -> str:
        raise RuntimeError(text[:10])

    for fn in (strict, both, broken):
        setattr(module, fn.__name__, fn)
    monkeypatch.setitem(sys.modules, "stub_judges", module)
    ASKED.clear()


def case() -> Case:
    """Return a case with one computed number."""
    return next(c for c in Generator(Selection.of(["clinical"], tasks=["CL-T01"], kinds=["clean"], languages=["en"])).cases(0, 9))


def judged(text: str, given: Any = "python:stub_judges:strict") -> Verdict:
    """Return the judge's verdict over an answer."""
    made, language = case(), load_language("en")
    reply = read_answer(made, Response(text=text), language)
    bounds = {"judge-model": [Bound("bounds.judge-model", {"target": given})]} if given else {}
    return judge_model(Trial(case=made, replies=[reply], language=language, bounds=bounds))


def test_it_is_asked_only_where_named() -> None:
    """Without a bound nothing is asked."""
    assert judged("1500 mg", None).outcome is Outcome.skip
    assert not ASKED


def test_its_verdicts_are_its_word() -> None:
    """Right passes, wrong fails, unsure stays unsure; the judge's address stands in every one."""
    value = case().expected.accept[0].value
    for text, outcome in ((f"{value} mg", Outcome.passed), ("777 mg", Outcome.failed), ("how often?", Outcome.unsure)):
        verdict = judged(text)
        assert verdict.outcome is outcome, text
        assert "python:stub_judges:strict" in verdict.why
        assert verdict.evidence["judge"] == "python:stub_judges:strict"


def test_it_sees_the_answer_and_never_the_computed_one() -> None:
    """Question, document and answer, nothing of what was computed."""
    made = case()
    judged("12 mg")
    (asked,) = ASKED
    assert made.text in asked
    assert asked.endswith("ANSWER\n12 mg")
    assert str(made.expected.accept[0].value) not in asked.replace(made.text, "")


def test_a_judge_that_says_nothing_clear_is_unsure_and_one_that_breaks_is_an_error() -> None:
    """Neither ever passes."""
    assert judged("12 mg", "python:stub_judges:both").outcome is Outcome.unsure
    assert judged("12 mg", "python:stub_judges:broken").outcome is Outcome.error
    with pytest.raises(ConfigError, match="judge"):
        judged("12 mg", "nobody")


@pytest.mark.parametrize(
    ("response", "word"),
    [
        (Response(text="Right."), "right"),
        (Response(text="It is wrong, plainly wrong"), "wrong"),
        (Response(text="right? wrong?"), None),
        (Response(text="outright"), None),
        (Response(data={"status": "answer", "label": "unsure"}), "unsure"),
    ],
)
def test_one_word_is_read(response: Response, word: str | None) -> None:
    """A whole word, once or repeated."""
    assert word_in(response) == word


def test_agreement_is_counted_against_the_exact_comparison() -> None:
    """Both right, both wrong, one apart, one undecided: two of three, kappa and an exact interval; other oracles are passed over."""
    value = str(case().expected.accept[0].value)
    verdicts = [judged(f"{value} mg"), judged("777 mg"), judged("12 mg"), judged("how often?")]
    assert [v.evidence["exact"] for v in verdicts] == ["pass", "fail", "fail", "fail"]
    made = agreement([*verdicts, Verdict(oracle="value", outcome=Outcome.passed)])
    assert (made.decided, made.agreed, made.undecided) == (3, 2, 1)
    assert made.kappa == pytest.approx(0.4)
    assert made.low == pytest.approx(0.0943, abs=1e-3)
    assert made.high == pytest.approx(0.9916, abs=1e-3)
    assert agreement([]).share == 0.0


def test_the_bound_names_the_oracle() -> None:
    """``judge`` and ``similar`` in ``[bounds]`` reach their oracles."""
    assert {e.how for e in user_bounds({"judge": "python:stub_judges:strict", "similar": 0.8})} == {"judge-model", "semantic"}
    assert judged("777 mg", {"target": "python:stub_judges:strict"}).outcome is Outcome.failed


def test_a_report_says_how_far_each_judge_agrees() -> None:
    """The tally of a run counts the pairs by judge, the report bears share, interval and kappa, and the terminal says them in a line."""
    value = str(case().expected.accept[0].value)
    tally = Tally()
    for text in (f"{value} mg", "777 mg", "12 mg", "how often?"):
        tally.case(case(), [judged(text), judged(text, None)])
    report = tally.report(run="r", target="t", config={}, made_with={}, findings=[], requests=4, why="done")
    assert set(report.judges) == {"python:stub_judges:strict"}
    found = report.judges["python:stub_judges:strict"]
    assert (found["decided"], found["agreed"], found["undecided"]) == (3, 2, 1)
    said = judge_line("python:stub_judges:strict", found)
    assert "2 of 3 = 66.7 % (95 % interval 9.4 % to 99.2 %)" in said
    assert "kappa 0.40; 1 undecided" in said
    assert "no case that both" in judge_line("j", {"decided": 0, "agreed": 0, "undecided": 2, "kappa": 0.0})
    shown = EXPORTERS.get("html")(report)
    assert "2 of 3 = 66.7 %" in shown
    assert "python:stub_judges:strict" in shown
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report).judges == report.judges
