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
from robustgen.core.draw import RandomDraw
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


def test_new_york_trades_to_the_end_of_a_full_day_only() -> None:
    """Half days, closed days and weekends have no close at 16:00; the half days are those of the table."""
    full = load_pack("finance").functions["ny_full_day"]
    with (Path(load_pack("finance").folder) / "tables" / "calendars.csv").open(encoding="utf-8", newline="") as file:
        half = [date.fromisoformat(row["day"]) for row in csv.DictReader(file) if row["market"] == "us" and row["state"].startswith("closes")]
    assert half
    assert not any(full(day) for day in [*half, date(2026, 11, 26), date(2026, 11, 28)])
    assert full(date(2026, 11, 25))


@pytest.mark.parametrize(("back", "day"), [(0, date(2026, 11, 30)), (1, date(2026, 11, 27)), (2, date(2026, 11, 25)), (6, date(2026, 11, 29))])
def test_trades_are_dated_on_open_days_but_for_one_in_seven(back: int, day: date) -> None:
    """Counting back skips weekends and Thanksgiving; the last choice is the closed day before."""
    assert load_pack("finance").functions["dealt"](date(2026, 11, 30), "us", back) == day


DOMESTIC = {
    "de": "EUR",
    "fr": "EUR",
    "es": "EUR",
    "it": "EUR",
    "pt-BR": "BRL",
    "zh": "CNY",
    "ja": "JPY",
    "ar": "SAR",
    "hi": "INR",
    "en-GB": "GBP",
    "en-US": "USD",
}


@pytest.mark.parametrize(("tag", "currency"), DOMESTIC.items())
def test_the_domestic_currency_is_the_usual_one(tag: str, currency: str) -> None:
    """Invoices, loans, dividends and statements of a country are in its own money more often than not."""
    schema = load_pack("finance").schema(tag)
    drawn = [schema.types[name].draw(RandomDraw(seed))["currency"] for name in ("Stated", "Loan", "Dividend", "Kpi", "Split") for seed in range(40)]
    assert drawn.count(currency) > len(drawn) / 2


def test_amounts_are_whole_in_currencies_without_minor_units() -> None:
    """A yen has no parts: invoices, fees and cash in lieu are whole numbers of it."""
    schema = load_pack("finance").schema("ja")
    for name in ("Stated", "Loan", "Dividend"):
        for seed in range(60):
            facts = schema.types[name].draw(RandomDraw(seed))
            money = [facts.get(field) for field in ("amount", "principal", "instalment", "per_share")]
            assert facts["currency"] != "JPY" or all(value is None or value % 1 == 0 for value in money)
    split = load_pack("finance").functions["split_position"]
    view = schema.types["Split"].view(schema.types["Split"].typed({"currency": "JPY", "shares": 1003, "ratio": 15, "price": "425"}))
    assert split(view) == {"shares": 66, "cash": 368}


TOLD_EVERYWHERE = ("FN-E11", "FN-E13", "FN-E23", "FN-E24", "FN-E27", "FN-E28", "FN-E29")


@pytest.mark.parametrize("tag", ["en", "de", "fr", "es", "it", "pt-BR", "zh", "ja", "ar", "hi"])
def test_edge_cases_that_need_words_have_them_in_every_language(tag: str) -> None:
    """Two centres, open orders, wrong ISINs, restatements, disclaimers, footnotes and contradictions are told in each language."""
    say = load_pack("finance").say(tag)
    assert not [name for name in TOLD_EVERYWHERE if not say.alternatives("edges", name)]


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
