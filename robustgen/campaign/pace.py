"""The one limiter of requests: a token bucket that every request of a run passes; its clock can be injected."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from robustgen.errors import UsageError

__all__ = ["Limiter", "parse_rate"]

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class Limiter:
    """Grants requests evenly: slot *k* of the schedule is granted at start + k / rate, never earlier, with at most ``burst`` at once."""

    def __init__(self, rate: float, *, burst: int = 1, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        """``rate`` is requests a second; 0 means no limit."""
        self.rate, self.burst = rate, burst
        self._clock, self._sleep = clock, sleep
        self._next = float("-inf")

    async def acquire(self) -> None:
        """Wait for a slot; slots are granted in the order of asking."""
        if not self.rate:
            return
        now = self._clock()
        gap = 1.0 / self.rate
        slot = max(self._next, now - (self.burst - 1) * gap)
        self._next = slot + gap
        while (wait := slot - self._clock()) > 0:
            await self._sleep(wait)

    def hold(self, seconds: float) -> None:
        """Let nobody through for a while (the server asked for it)."""
        self._next = max(self._next, self._clock() + seconds)


def parse_rate(text: str) -> float:
    """Return requests a second of ``10/s``, ``600/m``, ``1000/h`` or a bare number; raises ``UsageError``."""
    number, _, unit = text.partition("/")
    seconds = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600}.get(unit.strip())
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    if seconds is None or value <= 0:
        raise UsageError(f"rate '{text}' is not understood", mend="write 10/s, 600/m or 1000/h")
    return value / seconds
