"""ShareGPT: human and gpt in turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, alternating, data_format
from robustgen.datasets._checks import keys, last_is, text, turns

__all__ = ["records"]
ROLES = ("human", "gpt", "system", "function_call", "observation")


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("conversations",), ("system", "tools", "id"))
    if not isinstance(record, dict):
        return
    yield from text(record, "system", empty=True)
    if "conversations" in record:
        yield from turns(record["conversations"], "conversations", ROLES, role="from", content="value", optional=("weight",))
        yield from last_is(record["conversations"], "gpt", "conversations", "from")
        yield from _places(record["conversations"])


def _places(said: Any) -> Iterator[Problem]:
    """Check places: human and observation stand at odd places, gpt and function_call at even ones."""
    who = [t.get("from") for t in said if isinstance(t, dict)] if isinstance(said, list) else []
    who = who[1:] if who and who[0] == "system" else who
    for number, name in enumerate(who):
        if name in ROLES and name not in (("human", "observation"), ("gpt", "function_call"))[number % 2]:
            yield "alternation", f"'conversations': turn {number + 1} cannot be {name!r}"
            return


@data_format(_check)
def records(row: Row) -> Iterator[Record]:
    """ShareGPT: ``conversations`` with ``from`` and ``value``, ``system`` beside."""
    made = [{"from": "gpt" if t["role"] == "assistant" else "human", "value": t["content"]} for t in alternating(row)]
    yield {"conversations": [*made, {"from": "gpt", "value": row.answer}], "system": row.system}
