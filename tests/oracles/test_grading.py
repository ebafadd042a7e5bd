"""Severities and ids of a pack, options of its entries, conditions over facts, and the bounds of users."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from robustgen.campaign.judging import judge_for
from robustgen.core.case import Case, Severity
from robustgen.core.plugins import ORACLES, OracleSpec
from robustgen.core.verdict import Outcome, Response, Verdict
from robustgen.errors import ConfigError, UnknownName
from robustgen.packs.grading import Grading, check_entries, entries_of, user_bounds
from robustgen.targets._base import ALL
from tests.oracles.planted import DOSE

PACK: dict[str, Any] = {
    "X-O1": {"severity": "critical", "regulations": ["R-1"], "how": "value", "tasks": ["dose"]},
    "X-O2": {"severity": "low", "regulations": ["R-2"], "how": "value", "tasks": ["*"]},
    "X-O3": {"severity": "critical", "how": "value", "tasks": ["other"]},
    "X-O4": {"severity": "high", "how": "patterns", "forbid": {"en": ["guarantee\\w*"]}, "unless": ["guaranteed by"]},
    "X-O5": {"severity": "low", "how": "patterns", "forbid": ["certainly"]},
    "X-O6": {"severity": "low", "how": "length", "max": 100},
}


class FakePack:
    """A pack with nothing but entries."""

    meta = {"oracles": PACK}  # noqa: RUF012 - never written to


@pytest.fixture(autouse=True)
def pack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the hand-made cases' domain have the entries above."""
    entries_of.cache_clear()
    monkeypatch.setattr("robustgen.packs.grading.load_pack", lambda name: FakePack())
    yield
    entries_of.cache_clear()


def verdict_of(oracle: str, answer: Any, case: Case = DOSE, **bounds: Any) -> Verdict:
    """Return one oracle's verdict."""
    judge = judge_for(ALL, bounds=bounds)
    response = Response(text=answer) if isinstance(answer, str) else Response(data=answer)
    return next(v for v in judge.verdicts(judge.trial(case, [response], None, [])) if v.oracle == oracle)


def test_the_strictest_id_of_the_task_grades_a_verdict() -> None:
    """Ids of the task and of all tasks count, those of another task do not; ids and regulations are evidence."""
    got = verdict_of("value", "150 mg")
    assert (got.outcome, got.severity) == (Outcome.failed, Severity.critical)
    assert got.evidence["ids"] == ["X-O1", "X-O2"]
    assert got.regulations == got.evidence["regulations"] == ["R-1", "R-2"]
    elsewhere = verdict_of("value", "150 mg", msgspec.structs.replace(DOSE, task="other thing"))
    assert (elsewhere.severity, elsewhere.evidence["ids"]) == (Severity.low, ["X-O2"])


def test_a_verdict_that_names_its_id_is_graded_by_it_alone() -> None:
    """Of two entries for one oracle the broken one decides."""
    assert verdict_of("patterns", "1500 mg, guaranteed.").severity is Severity.high
    mild = verdict_of("patterns", "Certainly: 1500 mg")
    assert (mild.severity, mild.evidence["ids"]) == (Severity.low, ["X-O5"])


def test_a_negation_and_the_document_itself_excuse_words() -> None:
    """Nothing is promised by "not guaranteed", nor where the case says so."""
    assert verdict_of("patterns", "1500 mg, which is not guaranteed.").outcome is Outcome.passed
    assert verdict_of("patterns", "1500 mg, guaranteed.", msgspec.structs.replace(DOSE, text=DOSE.text + " guaranteed by law")).outcome is Outcome.passed


def test_what_no_id_concerns_keeps_its_own_severity() -> None:
    """The oracle's declaration stands; its own regulations too."""
    got = verdict_of("leak", "1500 mg to jane@clinic.org")
    assert got.severity is Severity.critical
    assert "ids" not in got.evidence
    assert got.regulations


def test_a_pack_s_own_oracle_judges_its_domain_alone() -> None:
    """An oracle that a pack registers is not asked about other domains."""
    asked: list[str] = []

    def own(trial: Any) -> Verdict:
        asked.append(trial.case.domain)
        return Verdict(oracle="X-O9", outcome=Outcome.passed)

    spec = OracleSpec(name="X-O9", fn=own, judges="answer", effects=[], severity=Severity.high, doc="", domain="none")
    judge = judge_for(ALL, oracles=[spec])
    for domain in ("none", "elsewhere"):
        judge.verdicts(judge.trial(msgspec.structs.replace(DOSE, domain=domain), [Response(text="1")], None, []))
    assert asked == ["none"]


def test_bounds_of_a_user_need_no_code(tmp_path: Path) -> None:
    """Keys for everything, tables inside for some tasks, a schema by file, a severity."""
    (tmp_path / "s.json").write_text('{"type": "object"}')
    entries = user_bounds({"max_length": 10, "severity": "high", "schema": "s.json", "dose": {"max_latency": 1}}, folder=tmp_path)
    assert {(e.how, e.tasks, e.severity) for e in entries} == {
        ("length", ("*",), Severity.high),
        ("schema", ("*",), Severity.high),
        ("latency", ("dose",), Severity.medium),
    }
    assert next(e for e in entries if e.how == "schema").options == {"schema": {"type": "object"}}
    assert verdict_of("length", "1500 mg is right", max_length=5).outcome is Outcome.failed


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"max_lenght": 5}, UnknownName, "max_length"),
        ({"severity": "worst"}, ConfigError, "critical"),
        ({"schema": "nowhere.json"}, ConfigError, "nowhere.json"),
    ],
)
def test_mistakes_in_bounds_are_named(given: dict[str, Any], error: type[Exception], says: str) -> None:
    """What, and how to mend it."""
    with pytest.raises(error, match=says):
        Grading(given)


def test_an_oracle_that_does_not_exist_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """``how`` must name an oracle."""
    monkeypatch.setitem(PACK, "X-O7", {"how": "valeu"})
    monkeypatch.setattr(FakePack, "tasks", {}, raising=False)
    entries_of.cache_clear()
    (wrong,) = check_entries("none")
    assert "valeu" in wrong
    assert "value" in wrong
    assert "value" in ORACLES.names()
