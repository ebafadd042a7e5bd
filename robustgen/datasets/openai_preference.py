"""The preference layout of OpenAI (DPO)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, prompt_of, said
from robustgen.datasets._checks import keys, pair, tools, turns

__all__ = ["records"]
OURS = ("assistant", "tool")


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("input", "preferred_output", "non_preferred_output"), closed=True)
    if not isinstance(record, dict):
        return
    if "input" in record:
        yield from keys(record["input"], ("messages",), ("tools", "parallel_tool_calls"), closed=True, where="input")
        if isinstance(record["input"], dict) and "messages" in record["input"]:
            yield from turns(record["input"]["messages"], "input.messages")
            yield from tools(record["input"])
    for name in ("preferred_output", "non_preferred_output"):
        if name in record:
            yield from turns(record[name], name, OURS)
    yield from pair(record.get("preferred_output"), record.get("non_preferred_output"))


@data_format(_check, pairs=True)
def records(row: Row) -> Iterator[Record]:
    """OpenAI preference: ``input``, ``preferred_output``, ``non_preferred_output``."""
    for wrong in row.rejected:
        yield {
            "input": {"messages": prompt_of(row), "tools": [], "parallel_tool_calls": True},
            "preferred_output": [said("assistant", row.answer)],
            "non_preferred_output": [said("assistant", wrong.text)],
        }
