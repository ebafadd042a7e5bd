"""The legal pack's own oracles: each fails a planted bad answer, passes the right one, and skips what is not its business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from robustgen.answers import read_answer
from robustgen.core.case import Case
from robustgen.core.plugins import ORACLES
from robustgen.core.verdict import Outcome, Response, Trial
from robustgen.generate.generator import Generator
from robustgen.generate.selection import Selection
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack

assert load_pack("legal").functions
Fits = Callable[[Case], bool]


def first(task: str, kind: str, fits: Fits) -> Case:
    """Return the first English case of a task that fits."""
    generator = Generator(Selection(domains=["legal"], tasks=[task], kinds=[kind], languages=["en"]))
    return next(c for c in (generator.case(i) for i in range(300)) if fits(c))


def outcome(name: str, case: Case, answer: Any) -> Outcome:
    """Return what one oracle says of an answer."""
    response = Response(text=answer) if isinstance(answer, str) else Response(data=answer)
    language = load_language(case.tag)
    return ORACLES.get(name).fn(Trial(case=case, replies=[read_answer(case, response, language)], language=language)).outcome


def right(case: Case) -> dict[str, Any]:
    """Return the first acceptable answer as plain data."""
    made: dict[str, Any] = msgspec.to_builtins(case.expected.accept[0])
    return made


def capped(case: Case) -> bool:
    """Tell whether a cap holds the loss down."""
    facts = case.facts
    return not facts["carved"] and right(case)["value"] != str(facts["loss"] - facts["lost"])


def swapped(case: Case) -> dict[str, Any]:
    """Return the right pair the wrong way round."""
    pair = right(case)["value"]
    return {"status": "answer", "value": {"payer": pair["payee"], "payee": pair["payer"]}}


def other_modal(case: Case) -> dict[str, Any]:
    """Return the duties with what must be done turned into what may be done."""
    table = right(case)["value"]
    return {"status": "answer", "value": {"must": [], "may": [*table["may"], *table["must"]], "must_not": table["must_not"]}}


def readings(case: Case) -> list[str]:
    """Return the dates of a case with two readings, earliest first."""
    return sorted(str(e.value) for r in case.readings for e in r.expected.accept)


PLANTED: list[tuple[str, str, str, Fits, Callable[[Case], Any], Callable[[Case], Any]]] = [
    ("LG-O02", "LG-T02", "ambiguous", lambda c: len(c.readings) > 1, lambda c: {"status": "both", "value": readings(c)[-1]},
     lambda c: {"status": "both", "value": readings(c)}),
    ("LG-O04", "LG-T08", "clean", capped, lambda c: {**right(c), "value": str(c.facts["loss"])}, right),
    ("LG-O06", "LG-T20", "clean", lambda c: True, lambda c: "See Harrow v Pinnock [2019] UKSC 88.", lambda c: f"The record holds {c.facts['c1']}."),
    ("LG-O09", "LG-T15", "clean", lambda c: bool(right(c)["value"]["must"]), other_modal, right),
    ("LG-O10", "LG-T16", "clean", lambda c: True, lambda c: {"status": "answer", "value": ["a", "b", "d", "e", "f"]}, right),
    ("LG-O11", "LG-T17", "clean", lambda c: True, swapped, right),
]  # fmt: skip


@pytest.mark.parametrize(("name", "task", "kind", "fits", "bad", "good"), PLANTED, ids=[p[0] for p in PLANTED])
def test_a_planted_bad_answer_fails_and_the_right_one_passes(
    name: str, task: str, kind: str, fits: Fits, bad: Callable[[Case], Any], good: Callable[[Case], Any]
) -> None:
    """The oracle tells the two apart."""
    case = first(task, kind, fits)
    assert outcome(name, case, bad(case)) is Outcome.failed
    assert outcome(name, case, good(case)) is Outcome.passed


@pytest.mark.parametrize("name", [p[0] for p in PLANTED])
def test_another_task_is_skipped(name: str) -> None:
    """A date that is asked of a text is no business of these oracles."""
    case = first("LG-X01", "clean", lambda c: True)
    assert outcome(name, case, right(case)) is Outcome.skip
