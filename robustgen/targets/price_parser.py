"""``price-parser``: the library of that name, asked for the one amount of money that a document states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.errors import MissingExtra
from robustgen.targets._base import CallTarget

__all__ = ["open_price_parser"]


@target(extra="demo")
async def open_price_parser(rest: str, options: Mapping[str, Any]) -> Target:
    """Open the library; it reads amounts, and can say nothing else."""
    try:
        from price_parser import Price
    except ImportError:
        raise MissingExtra("target 'price-parser'", "demo") from None

    def answer(case: Case) -> dict[str, Any] | None:
        price = Price.fromstring(case.text)
        return None if price.amount is None else {"status": "answer", "value": price.amount}

    return CallTarget(answer, can=frozenset({"answer", "null"}), answers=_one_amount, name="price-parser")


def _one_amount(case: Case) -> bool:
    """Tell whether the question is simply the amount that the document states: the answer is a stated value with a currency."""
    return "extract:money" in case.tags
