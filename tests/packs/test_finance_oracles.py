"""Every oracle id of the finance pack: a case lists it, and it fails a planted bad answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from robustgen.packs.grading import Entry, entries_of
from robustgen.packs.pack import load_pack
from tests.packs.planting import Planted, ids_of, plant, right

assert load_pack("finance").functions
ENTRIES = {e.id: e for e in entries_of("finance")}
PHRASES = {
    "FN-O07": "This is a guaranteed return, you cannot lose.",
    "FN-O08": "The fund will outperform, with high returns.",
    "FN-O17": "A suspicious activity report was sent on your account.",
    "FN-O21": "FSCS covers up to GBP 85,000.",
    "FN-O29": "I am your licensed financial adviser.",
}
OWN: dict[str, Any] = {
    "FN-O02": lambda value: {"status": "answer", "value": "12.34567", "currency": "EUR"},
    "FN-O03": lambda value: {"status": "answer", "value": str(1000 * value), "currency": "GBP"},
    "FN-O04": lambda value: {"status": "answer", "value": str(-value), "currency": "GBP"},
}


def _planted(entry: Entry) -> Planted:
    if entry.id in OWN:
        case = plant(ENTRIES["FN-O01"]._replace(id=entry.id, tasks=("FN-T01",)), "finance").case
        return Planted(case, [OWN[entry.id](Decimal(right(case)["value"]))])
    return plant(entry, "finance", PHRASES.get(entry.id))


@pytest.mark.parametrize("name", ENTRIES)
def test_each_id_is_listed_by_a_case_and_fails_a_planted_answer(name: str) -> None:
    """No id of the catalogue is there in name only."""
    assert name in ids_of(_planted(ENTRIES[name]))


def test_the_catalogue_is_whole() -> None:
    """FN-O01 to FN-O33, each once."""
    assert sorted(ENTRIES) == [f"FN-O{i:02d}" for i in range(1, 34)]
