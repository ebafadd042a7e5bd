"""``dateparser``: the library of that name, asked for the one date that a document states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.errors import MissingExtra
from robustgen.targets._base import CallTarget

__all__ = ["open_dateparser"]


@target(extra="demo")
async def open_dateparser(rest: str, options: Mapping[str, Any]) -> Target:
    """Open the library's search; it reads dates, and can say nothing else."""
    try:
        from dateparser.search import search_dates
    except ImportError:
        raise MissingExtra("target 'dateparser'", "demo") from None

    def answer(case: Case) -> dict[str, Any] | None:
        order = "DMY" if case.tag != "en" else "MDY"
        found = search_dates(case.text, languages=[case.tag.split("-")[0]], settings={"DATE_ORDER": order, "REQUIRE_PARTS": ["day", "month", "year"]})
        return {"status": "answer", "value": found[0][1].date()} if found else None

    return CallTarget(answer, can=frozenset({"answer", "null"}), answers=lambda case: "extract:date" in case.tags, name="dateparser")
