"""What a run has spent, and whether the next request may be: requests, tokens and money are reserved before a request leaves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from robustgen.campaign.limits import Limits
from robustgen.core.case import Case

__all__ = ["Spend", "expected_tokens", "usage_of"]

BYTES_A_TOKEN = 3
"""On the safe side: tokenizers of today need fewer tokens for most languages."""
FRAME = 120
"""Tokens of the instruction around a document that a case does not hold."""


def expected_tokens(case: Case, most_out: int) -> tuple[int, int]:
    """Return how many tokens a request is taken to need, in and out, before its real usage is known."""
    size = sum(len(m.get("content", "").encode("utf-8", "surrogatepass")) for m in case.messages)
    return FRAME + -(-size // BYTES_A_TOKEN), most_out


def usage_of(usage: Mapping[str, int]) -> tuple[int, int] | None:
    """Return tokens in and out as vendors name them; None when the target does not say."""
    given = usage.get("prompt_tokens", usage.get("input_tokens"))
    made = usage.get("completion_tokens", usage.get("output_tokens"))
    if given is None and made is None:
        total = usage.get("total_tokens")
        return None if total is None else (total, 0)
    return given or 0, made or 0


class Spend:
    """Counts what was used and what is under way."""

    def __init__(self, limits: Limits) -> None:
        """Start with nothing spent."""
        self.budget, self.prices = limits.budget, limits.prices
        self.requests = self.tokens_in = self.tokens_out = 0
        self._open_in = self._open_out = 0

    def reserve(self, expected: tuple[int, int]) -> bool:
        """Take what a request is expected to need, or tell that the budget does not allow it."""
        tokens_in, tokens_out = self.tokens_in + self._open_in + expected[0], self.tokens_out + self._open_out + expected[1]
        budget = self.budget
        if budget.requests and self.requests + 1 > budget.requests:
            return False
        if budget.tokens and tokens_in + tokens_out > budget.tokens:
            return False
        if budget.money and self.prices.cost(tokens_in, tokens_out) > budget.money:
            return False
        self.requests += 1
        self._open_in += expected[0]
        self._open_out += expected[1]
        return True

    def settle(self, expected: tuple[int, int], used: tuple[int, int] | None, *, answered: bool) -> tuple[int, int]:
        """Replace a reservation by what was used; where the target does not say, an answer counts as expected and an error as nothing."""
        real = used or (expected if answered else (0, 0))
        self._open_in -= expected[0]
        self._open_out -= expected[1]
        self.tokens_in += real[0]
        self.tokens_out += real[1]
        return real

    def money(self) -> Decimal:
        """Return what the tokens used so far cost."""
        return self.prices.cost(self.tokens_in, self.tokens_out)

    def summary(self) -> dict[str, Any]:
        """Return the figures for a report; money only where prices are known."""
        made: dict[str, Any] = {"requests": self.requests, "tokens_in": self.tokens_in, "tokens_out": self.tokens_out}
        if self.prices.input or self.prices.output:
            made |= {"money": f"{self.money():f}", "currency": self.prices.currency}
        return made
