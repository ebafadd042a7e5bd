"""TRL, unpaired preference (KTO)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, prompt_of, said
from robustgen.datasets._checks import keys, same_kind
from robustgen.datasets.trl_prompt_completion import sides

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("prompt", "completion", "label"), ("tools", "images", "chat_template_kwargs"))
    if isinstance(record, dict):
        yield from same_kind(record, ("prompt", "completion"))
        yield from sides(record, ("completion",))
        if "label" in record and not isinstance(record["label"], bool):
            yield "label_type", f"'label' must be true or false, it is {record['label']!r}"


@data_format(_check, pairs=True)
def records(row: Row) -> Iterator[Record]:
    """TRL unpaired preference: ``prompt``, ``completion``, ``label``."""
    yield {"prompt": prompt_of(row), "completion": [said("assistant", row.answer)], "label": True}
    for wrong in row.rejected:
        yield {"prompt": prompt_of(row), "completion": [said("assistant", wrong.text)], "label": False}
