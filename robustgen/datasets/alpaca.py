"""Alpaca: instruction, input, output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format
from robustgen.datasets._checks import keys, pair, text

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    ranked = isinstance(record, dict) and "chosen" in record
    yield from keys(record, ("instruction", "chosen", "rejected") if ranked else ("instruction", "output"), ("input", "system", "history"))
    if not isinstance(record, dict):
        return
    for name in ("instruction", "output", "chosen", "rejected"):
        yield from text(record, name)
    for name in ("input", "system"):
        yield from text(record, name, empty=True)
    history = record.get("history", [])
    if not isinstance(history, list) or any(not isinstance(h, list) or len(h) != 2 or not all(isinstance(x, str) for x in h) for h in history):
        yield "history_type", "'history' must be a list of [question, answer]"
    if ranked:
        yield from pair(record.get("chosen"), record.get("rejected"))


@data_format(_check)
def records(row: Row) -> Iterator[Record]:
    """Alpaca: the question as ``instruction``, the document as ``input``; earlier turns stand in it, since a list that is mostly empty has no type."""
    told = "\n\n".join(t["content"] for t in row.turns)
    yield {"instruction": row.system or told, "input": told if row.system else "", "output": row.answer}
