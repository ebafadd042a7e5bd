"""Which rows of a pack's tables no specialist has confirmed: those whose ``review`` column is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from robustgen.grammar.tables import BOOKKEEPING, read_csv

if TYPE_CHECKING:
    from robustgen.packs.pack import Pack

__all__ = ["Review", "open_reviews"]

WHOLE_ROW = frozenset({"yes", "y", "true", "1"})


class Review(msgspec.Struct, frozen=True):
    """One row that waits: where it stands, what is open in it, what it says now and from where."""

    pack: str
    table: str
    line: int
    row: str
    open: str
    states: dict[str, str]
    source: str = ""
    jurisdiction: str = ""
    as_of: str = ""


def open_reviews(pack: Pack) -> list[Review]:
    """Return the rows of all tables whose ``review`` is filled, in the order of the files."""
    found = []
    for file in sorted((pack.folder / "tables").glob("*.csv")):
        for line, row in read_csv(file.read_text("utf-8"), str(file)):
            note = row.get("review", "").strip()
            if not note:
                continue
            states = {k: v for k, v in row.items() if v.strip() and k != "key" and k not in BOOKKEEPING}
            said = "every figure of the row" if note.lower() in WHOLE_ROW else note
            found.append(Review(pack.name, file.stem, line, row["key"], said, states, row.get("source", ""), row.get("jurisdiction", ""), row.get("as_of", "")))
    return found
