"""Suites of one record a line, or a few lines: the records that were there keep their bytes, new ones stand behind their base."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from robustgen.suites._base import EXPECTED, TEXTS, Link, Place, Variation, cannot_read, first_of, identity, labelled, renamed, texts_in
from robustgen.suites._offsets import move_offsets, named_spans

__all__ = ["JsonLines", "Records", "is_json_lines", "said"]


class Records:
    """Raw records and what was added behind each."""

    forbidden = ""

    def __init__(self, raw: list[str]) -> None:
        """Keep the records with their line ends."""
        self.raw = raw
        self.added: dict[int, list[str]] = {}
        self.end = next((e for e in ("\r\n", "\n", "\r") if raw and e in raw[0]), "\n")

    def put(self, number: int, line: str) -> None:
        """Add a record, given without its line end, behind a record."""
        self.added.setdefault(number, []).append(line)

    def render(self) -> str:
        """Return all records; a last line without an end gets one only if something follows it, and the suite then ends as it did."""
        pieces = []
        for number, raw in enumerate(self.raw):
            more = self.added.get(number, [])
            bare = not raw.endswith(("\n", "\r"))
            pieces.append(raw + (self.end if bare and more else ""))
            for i, line in enumerate(more):
                pieces.append(line + ("" if bare and i == len(more) - 1 else self.end))
        return "".join(pieces)


def is_json_lines(text: str) -> dict[str, Any] | None:
    """Return the first record of JSON Lines, None when this is something else."""
    first = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    try:
        found = json.loads(first)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


class JsonLines(Records):
    """JSON Lines; a subclass says where links go and which text is meant."""

    link_in = "robustgen"
    """The key that holds the link, inside ``inside`` when that is set."""
    inside = ""

    def __init__(self, text: str, path: Path) -> None:
        """Read every line; raises ``UsageError`` naming the line that is no JSON object."""
        super().__init__(text.splitlines(keepends=True))
        self.rows: list[dict[str, Any] | None] = []
        for number, line in enumerate(self.raw, 1):
            self.rows.append(self._row(line.lstrip("\ufeff"), path, number) if line.strip() else None)
        used = "".join(self.raw)
        self.ascii = used.isascii()
        tight, loose = used.count('":"') + used.count('","'), used.count('": "') + used.count('", "')
        self.separators = (",", ":") if tight > loose else (", ", ": ")

    @staticmethod
    def _row(line: str, path: Path, number: int) -> dict[str, Any]:
        try:
            row = json.loads(line)
        except ValueError as error:
            raise cannot_read(path, f"not valid JSON: {error}", number) from None
        if not isinstance(row, dict):
            raise cannot_read(path, "a line must be a JSON object", number)
        return row

    def place(self, row: dict[str, Any], number: int, field: str) -> Place | None:
        """Return the place of one row, None when it has no text."""
        name = first_of(TEXTS, row, field)
        value = row.get(name)
        text, where = said(value)
        if not text.strip():
            return None
        spans = named_spans(row, text)
        made = identity(row, number + 1)
        return Place(row=number, id=made, field=name, text=text, expected=self.expected(row), where=where, spans=spans, labelled=labelled(row))

    def expected(self, row: dict[str, Any]) -> list[str]:
        """Return what is expected of a row."""
        return [t for name in EXPECTED if name in row for t in texts_in(row[name])]

    def places(self, field: str) -> list[Place]:
        """Return one text a row."""
        found = (self.place(row, i, field) for i, row in enumerate(self.rows) if row is not None)
        return [p for p in found if p is not None]

    def write(self, row: dict[str, Any], place: Place, variation: Variation) -> None:
        """Put a variant's text into a new row, with the numbers that name places of it."""
        move_offsets(row, place.text, variation.edits)
        if place.where is None:
            row[place.field] = variation.text
        else:
            row[place.field][place.where]["content"] = variation.text

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Put a new row behind its base."""
        row = deepcopy(self.rows[place.row])
        assert row is not None
        self.write(row, place, variation)
        renamed(row, link)
        holder = row
        if self.inside:
            if not isinstance(row.get(self.inside), dict):
                row[self.inside] = {}
            holder = row[self.inside]
        holder[self.link_in] = link.short()
        self.put(place.row, json.dumps(row, ensure_ascii=self.ascii, separators=self.separators))


def said(value: Any) -> tuple[str, int | None]:
    """Return the text of a value, and of a list of chat messages the last one of the user with its place."""
    if isinstance(value, str):
        return value, None
    if isinstance(value, list):
        for at in range(len(value) - 1, -1, -1):
            turn = value[at]
            if isinstance(turn, dict) and turn.get("role") == "user" and isinstance(turn.get("content"), str):
                return turn["content"], at
    return "", None


Fits = Callable[[str, Path], int]
