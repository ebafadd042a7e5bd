"""Data sets of Inspect: JSON Lines of samples with ``input``, ``target``, ``id`` and ``metadata``."""

from __future__ import annotations

from pathlib import Path

from robustgen.suites._base import Suite, suite_format
from robustgen.suites._lines import JsonLines, is_json_lines

__all__ = ["open_inspect"]


class _Samples(JsonLines):
    """Samples; the link stands in their metadata."""

    inside = "metadata"


def _fits(text: str, path: Path) -> int:
    row = is_json_lines(text)
    return 60 if row is not None and path.suffix in {".jsonl", ".json"} and "input" in row and "target" in row else 0


@suite_format(fits=_fits)
def open_inspect(text: str, path: Path) -> Suite:
    """Inspect: samples with input (a text or chat messages) and target; the link stands in metadata."""
    return _Samples(text, path)
