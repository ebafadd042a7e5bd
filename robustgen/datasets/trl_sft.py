"""TRL, supervised fine-tuning: conversational language modelling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, prompt_of, said
from robustgen.datasets._checks import answers, keys, tools, turns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    if isinstance(record, dict) and "text" in record and "messages" not in record:
        if not isinstance(record["text"], str) or not record["text"].strip():
            yield "empty_text", "'text' must be text that is not empty"
        return
    yield from keys(record, ("messages",), ("tools", "images", "chat_template_kwargs"))
    if isinstance(record, dict) and "messages" in record:
        yield from turns(record["messages"], "messages")
        yield from answers(record["messages"], "messages")
        yield from tools(record)
    if isinstance(record, dict) and {"prompt", "chosen", "completion", "text"} & set(record):
        yield "mixed_types", "a row with 'messages' must have none of prompt, completion, chosen, text: readers cannot tell what it is"


@data_format(_check)
def records(row: Row) -> Iterator[Record]:
    """TRL SFT: ``messages``."""
    yield {"messages": [*prompt_of(row), said("assistant", row.answer)]}
