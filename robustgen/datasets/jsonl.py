"""Plain JSON Lines: everything that is known of a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, data_format, flat
from robustgen.datasets._table import columns

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from columns(record)


@data_format(_check)
def records(row: Row) -> Iterator[Record]:
    """Plain JSON Lines: everything that is known of a row."""
    yield flat(row)
