"""Anthropic models on Amazon Bedrock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, alternating, data_format, said
from robustgen.datasets._checks import alternate, keys, last_is, text, turns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("messages",), ("system",), closed=True)
    if not isinstance(record, dict):
        return
    yield from text(record, "system")
    if "messages" in record:
        yield from turns(record["messages"], "messages", ("user", "assistant"), optional=())
        yield from alternate(record["messages"], "messages", "user", "assistant")
        yield from last_is(record["messages"], "assistant", "messages")
        if isinstance(record["messages"], list) and len(record["messages"]) == 1:
            yield "too_few_turns", "'messages' needs two turns or more"


@data_format(_check)
def records(row: Row) -> Iterator[Record]:
    """Bedrock (Anthropic): ``system`` at the top, user and assistant in turns."""
    made: Record = {"system": row.system} if row.system else {}
    yield {**made, "messages": [*alternating(row), said("assistant", row.answer)]}
