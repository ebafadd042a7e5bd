"""What a clinician would look at first: documents of several pages that do not repeat themselves, and facts that fit together."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from robustgen.core.draw import RandomDraw
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack

PACK = load_pack("clinical")
LONG = 4000
DENSE = {"zh", "ja"}
"""Languages whose signs hold about three letters each."""


def lengths(tag: str) -> dict[str, list[int]]:
    """Return the length of one document of each wording, by task."""
    say = PACK.say(tag)
    found: dict[str, list[int]] = {}
    for task in PACK.tasks.values():
        type_ = say.schema.types[task.type.name]
        for i, wording in enumerate(say.alternatives("documents", task.name)):
            draw = RandomDraw(i + 1)
            found.setdefault(task.name, []).append(len(say.write(wording, type_, type_.draw(draw), draw).text))
    return found


@pytest.mark.parametrize("tag", [t for t in PACK.tags if t != "en-US"])
def test_documents_go_from_a_line_to_several_pages(tag: str) -> None:
    """At least a twentieth of the wordings is longer than 4,000 characters (1,300 in zh and ja), and some fit on a line."""
    by_task = lengths(tag)
    bound = LONG // 3 if tag in DENSE else LONG
    share = sum(sum(n > bound for n in ns) / len(ns) for ns in by_task.values()) / len(by_task)
    assert share >= 0.05, share
    assert min(n for ns in by_task.values() for n in ns) < 60


def test_the_longest_go_beyond_8000_characters() -> None:
    """A full English record has more than 8,000 characters."""
    assert max(n for ns in lengths("en").values() for n in ns) > 8000


@pytest.mark.parametrize("tag", [t for t in PACK.tags if t != "en-US"])
def test_a_long_document_says_nothing_twice(tag: str) -> None:
    """No sentence of 25 signs or more stands twice in a document of several pages."""
    say = PACK.say(tag)
    for task in PACK.tasks.values():
        type_ = say.schema.types[task.type.name]
        for i, wording in enumerate(say.alternatives("documents", task.name)):
            draw = RandomDraw(i + 7)
            text = say.write(wording, type_, type_.draw(draw), draw).text
            if len(text) < LONG // 4:
                continue
            said = [s.strip() for s in re.split(r"[.。।!?\n]", text) if len(s.strip()) >= 25 and not s.startswith("|")]
            assert len(said) == len(set(said)), (task.name, [s for s in said if said.count(s) > 1])


def drawn(name: str, tag: str, count: int) -> list[Any]:
    """Return views of records of a type."""
    type_ = PACK.schema(tag).types[name]
    return [type_.view(type_.draw(RandomDraw(i))) for i in range(count)]


@pytest.mark.parametrize("tag", ["en", "es", "de", "fr", "it", "pt-BR", "zh", "ja", "ar", "hi"])
def test_names_fit_the_sex(tag: str) -> None:
    """Who is pregnant has a woman's name; where a record states the sex, the name fits it."""
    men = set(load_language(tag).pool("male_name"))
    women = set(load_language(tag).pool("female_name"))
    assert men
    assert not men & women
    assert not [r.patient for r in drawn("Pregnancy", tag, 60) if r.patient not in women]
    for record in drawn("Kidney", tag, 60):
        assert record.patient not in (women if record.sex == "male" else men)
    for record in drawn("Chart", tag, 120):
        assert record.pregnant == "no" or record.patient in women


def test_figures_are_those_of_a_ward() -> None:
    """Children weigh what children weigh, no dose has a trailing zero, tablets stay countable, drips run, as-needed limits agree with the frequency."""
    for child in drawn("Child", "en", 200):
        months = Decimal((child.seen - child.born).days) / Decimal("30.4")
        usual = (months + 9) / 2 if months < 12 else 2 * (months / 12 + 4)
        assert Decimal("0.75") < child.weight / usual < Decimal("1.35"), (months, child.weight)
        assert not re.search(r"\.\d*0$", str(child.per_kg))
    for infusion in drawn("Infusion", "en", 200):
        assert not re.search(r"\.\d*0$", str(infusion.rate))
    for taper in drawn("Taper", "en", 100):
        assert all(s.dose <= 12 * taper.tablet for s in taper.steps)
    for drip in drawn("Drip", "en", 100):
        assert 40 <= drip.volume / drip.hours <= 250
    for sig in drawn("Sig", "en", 400):
        if sig.kind == "prn":
            assert sig.prn_max <= sig.freq.per_day
        if sig.kind == "range" and sig.drug.us_daily:
            assert sig.dose * sig.tabs_high * 24 / sig.hours_low <= sig.drug.us_daily
    for chart in drawn("Chart", "en", 200):
        assert chart.sbp - chart.dbp >= 20
