"""Inspect: samples for ``json_dataset``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, expected_of, prompt_of
from robustgen.datasets._checks import keys, text, turns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("input", "target"), ("id", "choices", "metadata", "sandbox", "files", "setup"), closed=True)
    if not isinstance(record, dict):
        return
    if isinstance(record.get("input"), list):
        yield from turns(record["input"], "input", ("system", "user", "assistant", "tool"))
    else:
        yield from text(record, "input")
    target = record.get("target")
    if isinstance(target, list):
        if not target or not all(isinstance(t, str) and t.strip() for t in target):
            yield "target_type", "'target' must hold texts that are not empty"
    else:
        yield from text(record, "target")


@data_format(_check, evaluates=True)
def records(row: Row) -> Iterator[Record]:
    """Inspect: ``input`` as turns, ``target`` as the answers that are right, ``id``, ``metadata``."""
    known = {"family": row.family, "domain": row.domain, "task": row.task, "language": row.language, "kinds": list(row.kinds), "status": row.status}
    yield {"id": row.id, "input": prompt_of(row), "target": list(dict.fromkeys([row.answer, *row.accept])), "metadata": {**known, "expected": expected_of(row)}}
