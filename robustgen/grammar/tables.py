"""Lexicon tables: ``tables/*.csv`` with typed columns; a row is text (its key) that knows its columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from io import StringIO
from typing import Any

from robustgen.errors import GrammarError, PackError

__all__ = ["BOOKKEEPING", "RowKey", "Table", "load_table", "read_csv"]

_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
BOOKKEEPING = ("source", "jurisdiction", "as_of", "review")


class RowKey(str):
    """The key of a row: compares as text, and its columns are attributes."""

    __slots__ = ("cells", "table")
    cells: Mapping[str, Any]
    table: str

    def __getattr__(self, name: str) -> Any:
        """Return the cell of a column."""
        try:
            return self.cells[name]
        except KeyError:
            raise AttributeError(f"table '{self.table}' has no column '{name}'") from None

    @property
    def key(self) -> str:
        """The key itself."""
        return str(self)


class Table:
    """One lexicon table in file order."""

    def __init__(self, name: str, columns: tuple[str, ...], rows: list[RowKey]) -> None:
        """Index the rows by key."""
        self.name, self.columns, self.rows = name, columns, tuple(rows)
        self.by_key = {str(r): r for r in rows}

    def __iter__(self) -> Iterator[RowKey]:
        """Yield the rows in file order."""
        return iter(self.rows)

    def row(self, key: str) -> RowKey:
        """Return the row of a key; raises ``GrammarError`` when there is none."""
        try:
            return self.by_key[key]
        except KeyError:
            raise GrammarError(f"table '{self.name}' has no row '{key}'") from None


def read_csv(source: str, file: str, required: Iterable[str] = ()) -> list[tuple[int, dict[str, str]]]:
    """Return (line, row) of a CSV text with a header; raises ``PackError`` for ragged lines and missing columns."""
    reader = csv.reader(StringIO(source.removeprefix("\ufeff")), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    header: list[str] = []
    try:
        for cells in reader:
            if not cells or (len(cells) == 1 and not cells[0].strip()):
                continue
            if not header:
                header = [c.strip() for c in cells]
                continue
            if len(cells) != len(header):
                raise PackError(
                    f"{len(cells)} cells where the header has {len(header)}",
                    file=file,
                    line=reader.line_num,
                    mend="quote a cell that holds a comma, or add the missing commas",
                )
            rows.append((reader.line_num, dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        raise PackError(f"not valid CSV: {error}", file=file, line=reader.line_num) from None
    for column in required:
        if column not in header:
            raise PackError(f"the header lacks the column '{column}'", file=file, line=1, mend=f"found: {', '.join(header)}")
    return rows


def load_table(name: str, source: str, file: str) -> Table:
    """Return a table with typed columns; raises ``PackError`` for doubles and bad cells."""
    rows = read_csv(source, file, ("key",))
    columns = tuple(rows[0][1]) if rows else ("key",)
    typed = {c: _convert([r[c].strip() for _, r in rows]) if c not in BOOKKEEPING else [r[c] for _, r in rows] for c in columns}
    made: list[RowKey] = []
    seen: dict[str, int] = {}
    for i, (line, row) in enumerate(rows):
        key = row["key"].strip()
        if not key or key in seen:
            was = f"row '{key}' stands already on line {seen[key]}" if key else "a row without a key"
            raise PackError(was, file=file, line=line, mend="keys are unique and not empty")
        seen[key] = line
        made.append(_row(name, key, {c: typed[c][i] for c in columns}))
    return Table(name, columns, made)


def _row(table: str, key: str, cells: Mapping[str, Any]) -> RowKey:
    row = RowKey(key)
    row.cells, row.table = cells, table
    return row


def _convert(cells: list[str]) -> list[Any]:
    """Return a column's cells, typed by what all of them look like."""
    full = [c for c in cells if c]
    if any("|" in c for c in full):
        items = [[i.strip() for i in c.split("|") if i.strip()] for c in cells]
        numeric = all(_NUMBER.match(i) for cell in items for i in cell)
        return [tuple(_number(i) if numeric else i for i in cell) for cell in items]
    if full and all(_NUMBER.match(c) for c in full):
        return [_number(c) if c else None for c in cells]
    if full and all(c in {"yes", "no"} for c in full):
        return [{"yes": True, "no": False}.get(c) for c in cells]
    return [c or None for c in cells]


def _number(text: str) -> int | Decimal:
    return Decimal(text) if "." in text else int(text)
