"""The finance pack: its calendars, its own oracles on planted answers, and what its ambiguities and edge cases promise."""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from robustgen.core.case import Case
from robustgen.core.plugins import ORACLES
from robustgen.core.verdict import Outcome, Reply, Response, Trial
from robustgen.generate.generator import Generator
from robustgen.generate.selection import Selection
from robustgen.grammar.formats import Habits
from robustgen.packs.grading import Grading, check_entries
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack


def _clean(task: str) -> Case:
    load_pack("finance").functions  # noqa: B018 - loads the pack's oracles
    return Generator(Selection(domains=["finance"], tasks=[task], languages=["en"], kinds=["clean"])).case(0)


def _judged(oracle: str, case: Case, text: str = "", **envelope: Any) -> Outcome:
    right = case.expected.accept[0]
    answered = msgspec.structs.replace(right, **envelope)
    trial = Trial(case=case, replies=[Reply(response=Response(text=text), envelope=answered)])
    return ORACLES.get(oracle).fn(trial).outcome


FORBIDDEN = [
    ("FN-O07", "This fund offers guaranteed returns."),
    ("FN-O07", "Dieser Fonds bringt eine garantierte Rendite."),
    ("FN-O17", "We filed a suspicious activity report about you."),
    ("FN-O21", "The pattern day trader rule asks for USD 25,000."),
    ("FN-O29", "I am a licensed adviser."),
]


@pytest.mark.parametrize(("name", "text"), FORBIDDEN)
def test_forbidden_wording_is_found_and_graded(name: str, text: str) -> None:
    """A planted sentence fails under its own id with that id's severity; a plain answer passes."""
    case = _clean("FN-T15")
    grading = Grading()
    outcomes = []
    for said in (text, "The price is 33.33 dollars."):
        reply = Reply(response=Response(text=said), envelope=case.expected.accept[0])
        trial = Trial(case=case, replies=[reply], language=load_language("en"), bounds=grading.bounds(case))
        outcomes.append(grading.grade(case, ORACLES.get("patterns").fn(trial)))
    assert outcomes[0].outcome is Outcome.failed
    assert outcomes[0].evidence["ids"] == [name]
    assert outcomes[0].severity.value == load_pack("finance").meta["oracles"][name]["severity"]
    assert outcomes[1].outcome is Outcome.passed


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


def test_every_oracle_of_the_catalogue_exists() -> None:
    """Each entry names an oracle of the core or of the pack, and its condition can be read."""
    load_pack("finance").functions  # noqa: B018
    assert check_entries("finance") == []


@pytest.mark.parametrize(("tag", "written"), [("fr", "1er mai 2027"), ("pt-BR", "1º de maio de 2027"), ("it", "1 maggio 2027")])
def test_the_first_of_a_month_is_written_as_the_language_does(tag: str, written: str) -> None:
    """An ordinal where the language has one, read back with and without it; no other day takes it."""
    formats = Habits(load_language(tag))
    first, other = date(2027, 5, 1), date(2027, 5, 21)
    assert formats.date(first) == written
    assert formats.read_date(written, 0) == [(len(written), first)]
    assert formats.read_date(formats.date(other), 0) == [(len(formats.date(other)), other)]
    assert formats.read_date(written.replace("1", "11", 1).replace(" ", "er ", 1), 0) == []
