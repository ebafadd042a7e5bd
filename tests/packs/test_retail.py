"""The retail pack: documented identifiers, complete tables, catalogue ids, the pack's own perturbations."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from robustgen.core.case import Effect
from robustgen.generate.generator import Generator
from robustgen.generate.selection import Selection
from robustgen.packs.pack import load_pack

PACK = load_pack("retail")
PLANTED = ["stuffed_title", "agent_shorthand", "autocorrected", "review_quoted", "unit_lost", "barcode_scan_error", "bare_message", "shop_words_switched"]


@pytest.mark.parametrize(
    ("kind", "base", "code"),
    [
        ("gtin13", "=400638133393", "4006381333931"),
        ("gtin12", "=03600029145", "036000291452"),
        ("sscc", "=10614141123456789", "106141411234567897"),
        ("isbn13", "=978030640615", "9780306406157"),
        ("imei", "=49015420323751", "490154203237518"),
        ("s10", "=47312482", "RR473124829XX"),
        ("vin", "=1M8GDM9A0KP042788", "1M8GDM9AXKP042788"),
    ],
)
def test_documented_identifiers_get_their_check_digit(kind: str, base: str, code: str) -> None:
    """The published examples of each standard come out, and a flaw changes them."""
    row = PACK.tables["id_kinds"].row(kind)
    assert PACK.rules["make_code"](row, base, False) == code
    assert PACK.rules["make_code"](row, base, True) != code


@pytest.mark.parametrize("file", sorted((PACK.folder / "tables").glob("*.csv")), ids=lambda f: f.stem)
def test_every_figure_says_where_it_comes_from(file: Path) -> None:
    """Each row has a source and the month in which it was checked."""
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert rows
    assert all(r["source"] and r["as_of"] == "2026-11" for r in rows)


def test_what_the_specification_leaves_open_is_marked() -> None:
    """Uncertain figures carry a word for their reviewer."""
    marked = {f"{name}.{row}" for name, table in PACK.tables.items() for row in table if row.cells.get("review")}
    assert {"imports.fr_fee", "imports.it_fee", "other_tax_rates.jp", "allergens_jp.cashew", "regimes.br7"} <= marked


def test_the_standard_rates_of_all_member_states_are_there() -> None:
    """Twenty-seven states, and three territories outside the VAT area."""
    rows = list(PACK.tables["vat_rates"])
    assert sum(r.area == "EU" for r in rows) == 27
    assert [str(r) for r in rows if not r.vat_area] == ["ic", "je", "livigno"]


@pytest.mark.parametrize(("letter", "last"), [("A", 34), ("E", 33), ("N", 29), ("O", 34)])
def test_every_catalogue_id_is_declared(letter: str, last: int) -> None:
    """Ambiguities, edges, noise and oracles are complete."""
    known = {*PACK.ambiguities, *PACK.edges, *PACK.meta["edges"], *PACK.meta["noise"], *PACK.meta["oracles"]}
    assert {f"RT-{letter}{n:02}" for n in range(1, last + 1)} <= known


@pytest.mark.parametrize("name", PLANTED)
def test_the_pack_s_perturbations_keep_their_promise(name: str) -> None:
    """Each makes cases with the effect that it declares; what it loses is asked for."""
    generator = Generator(Selection.of(["retail"], languages=["en"], kinds=["noisy", "edge", "missing", "multilingual"], perturbations=[name]), seed=5)
    case = generator.case(1)
    assert [s.perturbation for s in case.trail] == [name]
    if case.effect is Effect.degrades:
        assert {e.status for e in case.expected.accept if e.label is None} == {"ask"}
    elif case.effect is Effect.preserves:
        base = generator.base(case)
        assert base is not None
        assert case.expected == base.expected
    else:
        assert case.expected.accept[0].label == "invalid"


def test_a_lost_date_is_asked_for_only_where_the_period_counts_from_it() -> None:
    """With the other dates stated, the date of the order or of the dispatch matters under the rules that start from it."""
    counted = {"dispatch30": {"shipped"}, "order30": {"ordered"}, "holiday30": {"ordered", "delivered"}}
    generator = Generator(Selection.of(["retail"], tasks=["RT-T01"], languages=["en"], kinds=["missing"], perturbations=["unknown_fact"]), seed=4)
    seen = set()
    for case in generator.cases(0, 60):
        (lost,) = next(e.missing for e in case.expected.accept if e.status == "ask")
        assert lost in counted.get(case.facts["regime"], {"delivered"}) | {"regime"}
        seen.add(lost)
    assert {"delivered", "regime"} <= seen


@pytest.mark.parametrize(
    ("tag", "own"),
    [
        ("en-GB", ("GBP", "uk")),
        ("en-US", ("USD", "us_ca us_nyc us_tx")),
        ("ja", ("JPY", "jp")),
        ("zh", ("CNY", "cn")),
        ("hi", ("INR", "in")),
        ("ar", ("SAR", "sa")),
    ],
)
def test_a_language_s_own_currency_and_tax_are_usual(tag: str, own: tuple[str, str]) -> None:
    """Most documents state the currency and the tax of their country, and foreign ones occur."""
    generator = Generator(Selection.of(["retail"], tasks=["RT-X01", "RT-T05"], languages=[tag], kinds=["clean"]), seed=6)
    cases = list(generator.cases(0, 240))
    money = [c.facts["currency"] for c in cases if c.tags[0] == "RT-X01"]
    taxes = [c.facts["place"] for c in cases if c.tags[0] == "RT-T05"]
    assert 0.6 < money.count(own[0]) / len(money) < 1
    assert 0.6 < sum(t in own[1].split() for t in taxes) / len(taxes) < 1


def test_deliveries_come_by_day() -> None:
    """No parcel is handed over at night."""
    generator = Generator(Selection.of(["retail"], tasks=["RT-T02"], languages=["de"], kinds=["clean"]), seed=8)
    assert all(8 <= c.facts["delivered"].hour <= 20 for c in generator.cases(0, 80))
