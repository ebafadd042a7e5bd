"""lm-evaluation-harness: documents and a task that reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from robustgen.datasets._base import Made, Problem, Record, Row, data_format, prompt_of
from robustgen.datasets._checks import keys, text

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("prompt", "answer"), ("id", "family", "domain", "task", "language", "kind"))
    if isinstance(record, dict):
        yield from text(record, "prompt")
        yield from text(record, "answer")
        if isinstance(record.get("prompt"), str) and record["prompt"] != record["prompt"].rstrip():
            yield "trailing_space", "'prompt' ends with a space: the harness adds one before the answer"


def _beside(made: Made) -> Mapping[str, str]:
    lines = [f"task: {made.name.replace('-', '_')}", "dataset_path: json", "dataset_kwargs:", "  data_files:"]
    for split, files in made.files.items():
        lines.append(f"    {split}: {files[0]}" if len(files) == 1 else f"    {split}: [{', '.join(files)}]")
    lines += [
        "test_split: test",
        "output_type: generate_until",
        'doc_to_text: "{{prompt}}"',
        'doc_to_target: "{{answer}}"',
        "generation_kwargs:",
        '  until: ["\\n\\n"]',
        "  do_sample: false",
        "metric_list:",
        "  - metric: exact_match",
        "    aggregation: mean",
        "    higher_is_better: true",
        "    ignore_case: true",
        "metadata:",
        "  version: 1.0",
    ]
    return {f"{made.name}.yaml": "\n".join(lines) + "\n"}


@data_format(_check, evaluates=True, beside=_beside)
def records(row: Row) -> Iterator[Record]:
    """lm-evaluation-harness: ``prompt`` and ``answer``, with a task file."""
    known = {"id": row.id, "family": row.family, "domain": row.domain, "task": row.task, "language": row.language, "kind": row.kinds[0]}
    yield {"prompt": "\n\n".join(m["content"] for m in prompt_of(row)).rstrip(), "answer": row.answer, **known}
