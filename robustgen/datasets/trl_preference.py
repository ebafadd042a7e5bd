"""TRL, preference (DPO, reward models): explicit prompt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, prompt_of, said
from robustgen.datasets._checks import keys, pair, same_kind
from robustgen.datasets.trl_prompt_completion import sides

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("chosen", "rejected"), ("prompt", "tools", "images", "chat_template_kwargs"))
    if isinstance(record, dict):
        yield from same_kind(record, ("prompt", "chosen", "rejected"))
        yield from sides(record, ("chosen", "rejected"))
        yield from pair(record.get("chosen"), record.get("rejected"))


@data_format(_check, pairs=True)
def records(row: Row) -> Iterator[Record]:
    """TRL preference: ``prompt``, ``chosen``, ``rejected``, all lists of turns."""
    for wrong in row.rejected:
        yield {"prompt": prompt_of(row), "chosen": [said("assistant", row.answer)], "rejected": [said("assistant", wrong.text)]}
