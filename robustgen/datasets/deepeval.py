"""DeepEval: goldens in one JSON array."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, prompt_of
from robustgen.datasets._checks import keys, text

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("input", "expected_output"), ("actual_output", "context", "retrieval_context", "name", "additional_metadata", "source_file"))
    if not isinstance(record, dict):
        return
    yield from text(record, "input")
    yield from text(record, "expected_output")
    context = record.get("context", [])
    if not isinstance(context, list) or not all(isinstance(c, str) for c in context):
        yield "context_type", "'context' must be a list of texts"


@data_format(_check, shape="array", evaluates=True)
def records(row: Row) -> Iterator[Record]:
    """DeepEval: ``input`` (question and document), ``expected_output``, ``context``."""
    known = {"id": row.id, "family": row.family, "domain": row.domain, "task": row.task, "language": row.language, "kind": row.kinds[0]}
    asked = "\n\n".join(m["content"] for m in prompt_of(row))
    yield {"name": row.id, "input": asked, "expected_output": row.answer, "context": [row.document], "additional_metadata": known}
