"""CSV with a header, whatever its delimiter."""

from __future__ import annotations

from pathlib import Path

from robustgen.suites._base import Suite, suite_format
from robustgen.suites._table import Table

__all__ = ["open_csv"]


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max((",", ";", "\t", "|"), key=first.count)


def _fits(text: str, path: Path) -> int:
    return 30 if path.suffix in {".csv", ".tsv"} and text.strip() else 0


@suite_format(fits=_fits)
def open_csv(text: str, path: Path) -> Suite:
    """CSV: a text in the column input, text, question ... or the longest one; columns stay as they are."""
    return Table(text, path, _delimiter(text))
