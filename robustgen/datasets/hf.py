"""A Hugging Face dataset folder: Parquet below ``data/``, a card, Croissant metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, flat
from robustgen.datasets._table import columns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from columns(record)


@data_format(_check, shape="parquet", folder="data")
def records(row: Row) -> Iterator[Record]:
    """A Hugging Face dataset folder: Parquet below ``data/``, a card, Croissant metadata."""
    yield flat(row)
