"""Suites in tables: the rows that were there keep their bytes, columns stay as they are."""

from __future__ import annotations

import csv
import io
from functools import partial
from pathlib import Path

from robustgen.suites._base import EXPECTED, TEXTS, Link, Place, Variation, cannot_read, first_of, identity, labelled, renamed
from robustgen.suites._lines import Records

__all__ = ["Table", "header_of"]

_QUOTE = '"'


def header_of(text: str, delimiter: str) -> list[str]:
    """Return the cells of a table's first line."""
    first = text.lstrip("\ufeff").splitlines()[:1]
    return next(csv.reader(first, delimiter=delimiter), []) if first else []


class Table(Records):
    """A table with a header; a subclass may choose the place and write a row in its own way."""

    def __init__(self, text: str, path: Path, delimiter: str = ",", *, quoted: bool = True, header: bool = True) -> None:
        """Split the text into records; raises ``UsageError`` for a row of another width."""
        lines = list(io.StringIO(text, newline="")) if quoted else text.split("\n")
        if not quoted:
            lines = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
        rows, raw, at = [], [], 0
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, strict=quoted)
        try:
            for row in reader:
                raw.append("".join(lines[at : reader.line_num]))
                at = reader.line_num
                rows.append([c.rstrip("\r\n") for c in row] if not quoted else row)
        except csv.Error as error:
            raise cannot_read(path, f"not a valid table: {error}", reader.line_num) from None
        super().__init__(raw)
        self.forbidden = "" if quoted else "\t\n\r"
        self.delimiter, self.quoted = delimiter, quoted
        self.first = 1 if header else 0
        self.columns = [c.lstrip("\ufeff") for c in rows[0]] if header and rows else [str(i) for i in range(len(rows[0]) if rows else 0)]
        self.rows = rows
        for number, row in enumerate(rows, 1):
            if row and len(row) != len(self.columns):
                raise cannot_read(path, f"the row has {len(row)} cells, the first one {len(self.columns)}", number)
        body = [r for r in raw[self.first :] if r.strip()]
        self.all_quoted = quoted and bool(body) and all(r.lstrip("\ufeff").startswith(_QUOTE) and r.rstrip().endswith(_QUOTE) for r in body)

    def record(self, number: int) -> dict[str, str]:
        """Return a row by column name."""
        return dict(zip(self.columns, self.rows[number], strict=False))

    def column(self, field: str) -> str:
        """Return the column that holds the text."""
        longest = {c: sum(len(r[i]) for r in self.rows[self.first :] if r) for i, c in enumerate(self.columns) if c.casefold() not in EXPECTED}
        usual = next((c for n in TEXTS for c in self.columns if c.casefold() == n), "")
        return field or usual or max(longest, key=lambda c: longest[c], default="")

    def places(self, field: str) -> list[Place]:
        """Return one text a row."""
        name = self.column(field)
        found = []
        for number in range(self.first, len(self.rows)):
            record = self.record(number)
            if self.rows[number] and first_of([name], record) and record[name].strip():
                expected = [v for c, v in record.items() if c.casefold() in EXPECTED]
                made = identity(record, number + 1 - self.first)
                found.append(Place(row=number, id=made, field=name, text=record[name], expected=expected, labelled=labelled(record)))
        return found

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Put a new row behind its base; a column of ids gets the new row's own."""
        record = self.record(place.row)
        record[place.field] = variation.text
        renamed(record, link)
        self.put_row(place.row, list(record.values()))

    def put_row(self, number: int, cells: list[str]) -> None:
        """Write cells in the table's own way."""
        if not self.quoted:
            self.put(number, self.delimiter.join(cells))
            return
        out = io.StringIO()
        # with these line ends the writer quotes whatever holds one of them
        writer = partial(csv.writer, out, delimiter=self.delimiter, lineterminator="\r\n")
        (writer(quoting=csv.QUOTE_ALL) if self.all_quoted else writer()).writerow(cells)
        self.put(number, out.getvalue().removesuffix("\r\n"))
