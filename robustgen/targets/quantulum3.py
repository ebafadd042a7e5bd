"""``quantulum3``: the library of that name, asked for the one quantity that a document states."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.errors import MissingExtra
from robustgen.targets._base import CallTarget

__all__ = ["open_quantulum3"]


@target(extra="demo")
async def open_quantulum3(rest: str, options: Mapping[str, Any]) -> Target:
    """Open the library's parser without its optional classifier; it reads quantities, and can say nothing else."""
    try:
        from quantulum3 import parser
    except ImportError:
        raise MissingExtra("target 'quantulum3'", "demo") from None

    def answer(case: Case) -> dict[str, Any] | None:
        found = [q for q in parser.parse(case.text) if q.unit.name != "dimensionless"]
        if not found:
            return None
        unit = {"milligram": "mg", "gram": "g", "kilogram": "kg", "microgram": "mcg", "millilitre": "mL", "litre": "L"}.get(
            found[0].unit.name, found[0].unit.name
        )
        return {"status": "answer", "value": Decimal(str(found[0].value)), "unit": unit}

    return CallTarget(answer, can=frozenset({"answer", "null"}), answers=lambda case: "extract:quantity" in case.tags, name="quantulum3")
