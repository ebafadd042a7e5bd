"""What the questions say of bounds is what the tables hold, in every language."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from robustgen.packs.pack import load_pack

PACK = load_pack("clinical")
TAGS = [t for t in PACK.tags if PACK.speaks(t, "CL-T02")]


def asked(tag: str, task: str) -> str:
    """Return the question of a task."""
    return PACK.say(tag).alternatives("ask", task)[0].source


def shown(value: Any) -> str:
    """Return a bound as the question writes it."""
    return format(Decimal(str(value)).normalize(), "f")


@pytest.mark.parametrize("tag", TAGS)
def test_every_bounded_drug_stands_in_the_question(tag: str) -> None:
    """Lowest usual dose, single and daily bound, in the order of the table."""
    text = asked(tag, "CL-T02")
    words = PACK.say(tag).lexicon.sets["drugs"]
    checked = 0
    for row in PACK.tables["drugs"]:
        if not row.ranged or row.us_daily is None:
            continue
        names = [e.form for e in words.by_value[str(row)] if e.mark == ""]
        entry = next((p for p in re.split(r"[;；:：]|؛", text) if any(n.casefold() in p.casefold() for n in names)), None)
        assert entry is not None, f"{row} is missing in {tag}"
        figures = re.findall(r"\d+(?:[.,]\d+)?", entry)
        wanted = [shown(v) for v in (row.usual_low, row.us_single, row.us_daily) if v is not None]
        assert [f for f in figures if f in wanted][: len(set(wanted))], entry
        assert all(w in figures for w in wanted), f"{tag}: {entry} lacks one of {wanted}"
        if row.uk_daily != row.us_daily:
            assert shown(row.uk_daily) in figures, f"{tag}: {entry} lacks the British {row.uk_daily}"
        checked += 1
    assert checked >= 19


@pytest.mark.parametrize("tag", [t for t in PACK.tags if PACK.speaks(t, "CL-T09")])
def test_every_factor_stands_in_the_question(tag: str) -> None:
    """Conversion factors and critical limits of the laboratory table."""
    text = asked(tag, "CL-T09").replace(", ", "; ").replace(",", ".")
    figures = set(re.findall(r"\d+(?:\.\d+)?", text))
    limits = ("r_low", "r_high", "m_low", "m_high", "k_low", "k_high")
    for row in PACK.tables["labs"]:
        for value in (row.factor, *(getattr(row, c) for c in limits)):
            assert value is None or shown(value) in {shown(f) for f in figures}, f"{tag}: {row} {value}"


def test_the_closed_list_of_pairs_is_the_table() -> None:
    """Every pair of the table stands in the question by number and by name."""
    text = asked("en", "CL-T14")
    for row in PACK.tables["interactions"]:
        part = re.search(rf"{row} ([^;.]+)", text)
        assert part, str(row)
        names = [*(row.a if isinstance(row.a, tuple) else (row.a,)), *(row.b if isinstance(row.b, tuple) else (row.b,))]
        assert all(n in part[1] for n in names), part[1]
