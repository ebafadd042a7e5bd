"""TRL, supervised fine-tuning on the answer alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, prompt_of, said
from robustgen.datasets._checks import keys, same_kind, text, tools, turns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("prompt", "completion"), ("tools", "images", "chat_template_kwargs"))
    if isinstance(record, dict):
        yield from same_kind(record, ("prompt", "completion"))
        yield from sides(record, ("completion",))
        yield from tools(record)


def sides(record: Record, ours: tuple[str, ...]) -> Iterator[Problem]:
    """Check prompt and answers of a row of TRL, as texts or as turns."""
    for name in ("prompt", *ours):
        if isinstance(record.get(name), list):
            yield from turns(record[name], name)
        else:
            yield from text(record, name)
    if isinstance(record.get("prompt"), list):
        prompt = record["prompt"]
        if prompt and isinstance(prompt[-1], dict) and prompt[-1].get("role") == "assistant":
            yield "prompt_ends_with_assistant", "'prompt' must end before the answer, its last turn is the assistant's"
    for name in ours:
        value = record.get(name)
        if isinstance(value, list) and value and isinstance(value[0], dict) and value[0].get("role") in {"user", "system"} and "prompt" in record:
            yield "prompt_in_answer", f"'{name}' repeats the prompt; with an explicit 'prompt' it holds the answer's turns alone"


@data_format(_check)
def records(row: Row) -> Iterator[Record]:
    """TRL prompt and completion, both lists of turns."""
    yield {"prompt": prompt_of(row), "completion": [said("assistant", row.answer)]}
