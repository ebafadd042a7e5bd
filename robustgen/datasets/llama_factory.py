"""LLaMA-Factory: chat turns, with the entry for ``dataset_info.json`` beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from robustgen.datasets._base import Made, Problem, Record, Row, alternating, data_format, said
from robustgen.datasets._checks import alternate, keys, last_is, text, turns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("messages",), ("system", "tools"))
    if isinstance(record, dict):
        yield from text(record, "system", empty=True)
        if "messages" in record:
            yield from turns(record["messages"], "messages", ("system", "user", "assistant", "tool", "function"))
            yield from alternate(record["messages"], "messages", "user", "assistant")
            yield from last_is(record["messages"], "assistant", "messages")


def _beside(made: Made) -> Mapping[str, str]:
    columns = {"messages": "messages", "system": "system"}
    tags = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant", "system_tag": "system"}
    entries = {}
    for split, files in made.files.items():
        for number, file in enumerate(files):
            name = f"{made.name}_{split}" + (f"_{number}" if len(files) > 1 else "")
            entries[name.replace("-", "_")] = {"file_name": file, "formatting": "sharegpt", "ranking": False, "columns": columns, "tags": tags}
    return {"dataset_info.json": json.dumps(entries, ensure_ascii=False, indent=2) + "\n"}


@data_format(_check, beside=_beside)
def records(row: Row) -> Iterator[Record]:
    """LLaMA-Factory: ``messages`` and ``system``, with ``dataset_info.json``."""
    yield {"messages": [*alternating(row), said("assistant", row.answer)], "system": row.system}
