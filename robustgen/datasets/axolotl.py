"""axolotl: ``type: chat_template``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from robustgen.datasets._base import Made, Problem, Record, Row, data_format, prompt_of, said
from robustgen.datasets._checks import answers, keys, last_is, tools, turns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("messages",), ("tools", "chat_template_kwargs"))
    if isinstance(record, dict) and "messages" in record:
        yield from turns(record["messages"], "messages", optional=("name", "tool_calls", "tool_call_id", "weight", "training", "train"))
        yield from answers(record["messages"], "messages")
        yield from last_is(record["messages"], "assistant", "messages")
        yield from tools(record)


def _beside(made: Made) -> Mapping[str, str]:
    lines = []
    for split, key in (("train", "datasets"), ("validation", "test_datasets")):
        files = made.files.get(split, ())
        lines += [f"{key}:"] if files else []
        for file in files:
            lines += [
                f"  - path: {file}",
                "    ds_type: json",
                "    split: train",
                "    type: chat_template",
                "    field_messages: messages",
                "    message_property_mappings:",
                "      role: role",
                "      content: content",
            ]
    return {"axolotl.yaml": "\n".join(lines) + "\n"}


@data_format(_check, beside=_beside)
def records(row: Row) -> Iterator[Record]:
    """axolotl: ``messages``, with the part of the configuration that names them."""
    yield {"messages": [*prompt_of(row), said("assistant", row.answer)]}
