"""Tables: what is wrong with a line of one, and its columns as Arrow knows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from robustgen.datasets._base import COLUMNS
from robustgen.datasets._checks import Problem, keys, text

__all__ = ["LISTS", "NUMBERS", "REPEATED", "TURNS", "columns", "packed", "schema", "unpacked"]

LISTS = ("kinds", "perturbations", "trail")
NUMBERS = ("seed", "index")
TURNS = ("messages",)
REPEATED = (
    "domain",
    "task",
    "language",
    "kinds.list.element",
    "perturbations.list.element",
    "effect",
    "status",
    "system",
    "messages.list.element.role",
    "rejected_why",
    "pack",
    "pack_version",
    "selection",
    "trail.list.element",
)
"""Leaves of the columns in which few values occur again and again."""
NEEDED = ("id", "system", "document", "answer")


def columns(record: Any) -> Iterator[Problem]:
    """Check a line of a table: its needed columns are there and hold text, none is null."""
    yield from keys(record, NEEDED)
    if not isinstance(record, dict):
        return
    for name in ("id", "document", "answer"):
        yield from text(record, name)
    for name, value in record.items():
        if value is None:
            yield "null_cell", f"'{name}' is null: a column that starts with nulls gets a type that later rows break"
        elif name in NUMBERS and (isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdigit()))):
            yield "number_type", f"'{name}' must be a whole number"


def schema() -> Any:
    """Return the Arrow schema; every type is said, so none is guessed from the first rows."""
    import pyarrow as pa

    turn = pa.struct([("role", pa.string()), ("content", pa.string())])
    kinds = {**dict.fromkeys(LISTS, pa.list_(pa.string())), **dict.fromkeys(NUMBERS, pa.int64()), **dict.fromkeys(TURNS, pa.list_(turn))}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])


def packed(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return lines of a table as Arrow's stream."""
    import pyarrow as pa

    fields = schema()
    table = pa.Table.from_pydict({name: [row[name] for row in rows] for name in COLUMNS}, schema=fields)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, fields, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def unpacked(body: bytes) -> Any:
    """Return the table of Arrow's stream."""
    import pyarrow as pa

    return pa.ipc.open_stream(body).read_all()
