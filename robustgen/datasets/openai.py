"""The chat layout of OpenAI, which many others read too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, prompt_of, said
from robustgen.datasets._checks import answers, keys, last_is, tools, turns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("messages",), ("tools", "parallel_tool_calls", "functions"), closed=True)
    if isinstance(record, dict) and "messages" in record:
        yield from turns(record["messages"], "messages")
        yield from answers(record["messages"], "messages")
        yield from last_is(record["messages"], "assistant", "messages")
        yield from tools(record)


@data_format(_check)
def records(row: Row) -> Iterator[Record]:
    """OpenAI chat: ``messages``, the assistant last."""
    yield {"messages": [*prompt_of(row), said("assistant", row.answer)]}
