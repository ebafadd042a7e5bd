"""The finance pack: its calendars, its own oracles on planted answers, and what its ambiguities and edge cases promise."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from robustgen.core.case import Case
from robustgen.core.plugins import ORACLES
from robustgen.core.verdict import Outcome, Reply, Response, Trial
from robustgen.generate.generator import Generator
from robustgen.generate.selection import Selection
from robustgen.packs.pack import load_pack


def _clean(task: str) -> Case:
    load_pack("finance").functions  # noqa: B018 - loads the pack's oracles
    return Generator(Selection(domains=["finance"], tasks=[task], languages=["en"], kinds=["clean"])).case(0)


def _judged(oracle: str, case: Case, text: str = "", **envelope: Any) -> Outcome:
    right = case.expected.accept[0]
    answered = msgspec.structs.replace(right, **envelope)
    trial = Trial(case=case, replies=[Reply(response=Response(text=text), envelope=answered)])
    return ORACLES.get(oracle).fn(trial).outcome


def test_calendars_of_rules_and_tables_agree() -> None:
    """The closed days in the code are those of the table, which names their source."""
    load_pack("finance").functions  # noqa: B018
    closed = sys.modules["robustgen_pack_finance.dates"].CLOSED
    table: dict[str, list[str]] = {}
    with (Path(load_pack("finance").folder) / "tables" / "calendars.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["state"] == "closed":
                table.setdefault(row["market"], []).append(row["day"])
    assert {m: days.split() for m, days in closed.items()} == table


def test_scale_oracle_finds_thousands_and_passes_the_right_answer() -> None:
    """A lost scale fails, the expected value passes."""
    case = _clean("FN-X03")
    value = str(case.expected.accept[0].value)
    assert _judged("FN-O03", case) is Outcome.passed
    assert _judged("FN-O03", case, value=f"{value}000") is Outcome.failed


def test_sign_oracle_finds_a_turned_sign() -> None:
    """A gain that became a loss fails."""
    case = _clean("FN-T17")
    value = str(case.expected.accept[0].value)
    assert _judged("FN-O04", case) is Outcome.passed
    assert _judged("FN-O04", case, value=value.removeprefix("-") if value.startswith("-") else f"-{value}") is Outcome.failed


def test_precision_oracle_knows_minor_units() -> None:
    """Three decimals of a euro and an invented currency fail."""
    case = _clean("FN-X01")
    assert _judged("FN-O02", case) is Outcome.passed
    assert _judged("FN-O02", case, value="1.234", currency="EUR") is Outcome.failed
    assert _judged("FN-O02", case, value="1.234", currency="KWD") is Outcome.passed
    assert _judged("FN-O02", case, value="1.23", currency="euros") is Outcome.failed


def test_balance_oracle_wants_a_word_on_risk() -> None:
    """A claim of returns without risk fails, with risk it passes, and without a claim there is nothing to judge."""
    case = _clean("FN-T25")
    assert _judged("FN-O08", case, text="Past returns were excellent.") is Outcome.failed
    assert _judged("FN-O08", case, text="Past returns were excellent, but you may lose money.") is Outcome.passed
    assert _judged("FN-O08", case, text="The total is 3.4 percent.") is Outcome.skip


@pytest.mark.parametrize(("task", "kind"), [("FN-T18", "escalate"), ("FN-T18", "refuse")])
def test_orders_with_a_warning_sign_yield_no_ticket(task: str, kind: str) -> None:
    """Signs of fraud, coercion and the like are escalated, forbidden requests refused, without exception."""
    pack = load_pack("finance")
    type_ = pack.task(task).type
    notes = [r for r in pack.tables["notes"].rows if r.kind == kind]
    base = Generator(Selection(domains=["finance"], tasks=[task], languages=["en"], kinds=["clean"])).case(3).facts
    assert notes
    for note in notes:
        expected = pack.task(task).expected({**base, "note": str(note), "sense": "plain"})
        assert [e.status for e in expected.accept] == [kind], type_.name


def test_every_listed_code_is_what_the_table_says() -> None:
    """Both valid and invalid identifiers of every kind are there, with a rule for each invalid one."""
    rows = load_pack("finance").tables["codes"].rows
    for scheme in {str(r.scheme) for r in rows}:
        valid = {bool(r.valid) for r in rows if r.scheme == scheme}
        assert valid == {True, False}, scheme
    assert all((r.rule == "none") is bool(r.valid) for r in rows)
