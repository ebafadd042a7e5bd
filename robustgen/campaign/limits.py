"""How hard a target may be pushed and how much it may cost, as one record, and reading it from what users write."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from robustgen.errors import UsageError

__all__ = ["Budget", "Limits", "Prices", "parse_budget", "parse_duration", "parse_rate"]


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What may be spent at most; 0 means no bound."""

    requests: int = 0
    tokens: int = 0
    money: Decimal = Decimal(0)

    def __bool__(self) -> bool:
        """Tell whether anything is bounded."""
        return bool(self.requests or self.tokens or self.money)


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """Money for a million tokens in and out."""

    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)
    currency: str = "USD"

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        """Return what tokens cost, exactly."""
        return (self.input * tokens_in + self.output * tokens_out) / 1_000_000


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds, rates a second, 0 for no bound.

    ``timeout`` bounds one attempt, ``total`` all attempts of one request with their waits. ``breaker`` is how many attempts in a row
    must fail before the target is left alone for a while. ``load`` is an open-loop profile; empty means closed loop.
    """

    concurrency: int = 20
    rate: float = 0.0
    tokens_rate: float = 0.0
    burst: int = 0
    timeout: float = 60.0
    total: float = 0.0
    retries: int = 2
    repeat: int = 1
    budget: Budget = Budget()
    prices: Prices = Prices()
    max_tokens: int = 512
    adaptive: bool = True
    breaker: int = 20
    load: str = ""
    seconds: float = 0.0
    turns: int = 1


_SECONDS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_AMOUNT = re.compile(r"(?P<sign>[$€£¥]?)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<scale>[kKM]?)\s*(?P<unit>[A-Za-z]*)$")
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}


def parse_rate(text: str) -> float:
    """Return events a second of ``10/s``, ``600/m``, ``1000/h``, ``200k/m`` or a bare number; raises ``UsageError``."""
    number, _, unit = text.strip().partition("/")
    seconds = _SECONDS.get(unit.strip())
    factor = {"k": 1e3, "K": 1e3, "M": 1e6}.get(number[-1:], 1)
    try:
        value = float(number.rstrip("kKM")) * factor
    except ValueError:
        value = -1.0
    if seconds is None or not 0 < value < float("inf"):
        raise UsageError(f"rate '{text}' is not understood", mend="write 10/s, 600/m or 1000/h")
    return value / seconds


def parse_duration(text: str) -> float:
    """Return the seconds of ``90s``, ``30m``, ``24h``, ``1h30m`` or a bare number of seconds; raises ``UsageError``."""
    stripped = text.strip()
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(s|sec|min|m|h|d)?", stripped)
    total = sum(float(n) * _SECONDS[u] for n, u in parts)
    if not parts or re.sub(r"(\d+(?:\.\d+)?)\s*(s|sec|min|m|h|d)?\s*", "", stripped) or total <= 0:
        raise UsageError(f"duration '{text}' is not understood", mend="write 90s, 30m, 24h or 1h30m")
    return total


def parse_budget(text: str, currency: str = "USD") -> Budget:
    """Return the budget of ``500``, ``500 requests``, ``2M tokens``, ``5 USD``, or several with commas; raises ``UsageError``."""
    requests, tokens, money = 0, 0, Decimal(0)
    for part in filter(None, (p.strip() for p in text.split(","))):
        found = _AMOUNT.match(part)
        if found is None:
            raise UsageError(f"budget '{part}' is not understood", mend="write 500, '2M tokens', '5 USD', or several with commas")
        amount = Decimal(found["number"]) * {"": 1, "k": 1000, "K": 1000, "M": 1_000_000}[found["scale"]]
        unit = _SIGNS.get(found["sign"]) or found["unit"]
        if unit.lower() in {"", "r", "req", "request", "requests"}:
            requests = int(amount)
        elif unit.lower() in {"t", "tok", "token", "tokens"}:
            tokens = int(amount)
        elif unit.upper() == currency.upper():
            money = amount
        else:
            raise UsageError(f"budget '{part}': '{unit}' is neither requests, tokens nor {currency}", mend="prices are in the currency of [target.price]")
    return Budget(requests=requests, tokens=tokens, money=money)
