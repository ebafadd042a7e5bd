"""Who may leave when: the one limiter of requests and tokens, the adaptive gate, the circuit breaker, waits between attempts.

Clock and sleep can be injected everywhere; nothing here knows what a request is.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from math import ceil
from random import Random

from robustgen.campaign.limits import parse_rate

__all__ = ["Breaker", "Gate", "Limiter", "backoff", "parse_rate"]

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
LONGEST = 60.0
"""No wait of our own choice is longer."""
STALL = 5.0
"""Seconds of a schedule that are made up for when a busy machine could not keep it while requests waited."""
LONGEST_ASKED = 600.0
"""No wait is longer, whatever a server asks for."""


class Limiter:
    """Grants requests evenly: slot *k* of the schedule is at start + k / rate, never earlier; tokens have a schedule of their own.

    A schedule that was missed (a busy machine) is made up for, but no rolling second ever grants more than ``rate + burst`` requests.
    """

    def __init__(self, rate: float, *, tokens: float = 0.0, burst: int = 0, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        """``rate`` and ``tokens`` are per second; 0 means no limit. ``burst`` defaults to a twentieth of the rate, at least 1."""
        self.rate, self.tokens = rate, tokens
        self.burst = burst or max(1, ceil(rate / 20))
        self._clock, self._sleep = clock, sleep
        self._next = self._next_token = self._held = float("-inf")
        self.waiting = 0
        self._granted: deque[float] = deque(maxlen=max(1, int(rate) + self.burst))

    async def acquire(self, tokens: int = 0) -> None:
        """Wait for a slot; slots are granted in the order of asking."""
        if not self.rate and not self.tokens and self._held < self._clock():
            return
        now = self._clock()
        slot = now
        if self.rate:
            gap = 1.0 / self.rate
            missed = STALL if self.waiting else self.burst * gap  # nobody waited: the target was idle, and idle time is not saved up
            slot = now if self._next < 0 else max(self._next, now - missed)
            self._next = slot + gap
        if self.tokens:
            slot = max(slot, self._next_token)
            self._next_token = max(self._next_token, now) + tokens / self.tokens
        self.waiting += 1
        try:
            while (wait := self._due(slot) - self._clock()) > 0:
                await self._sleep(wait)
        finally:
            self.waiting -= 1
        self._granted.append(self._clock())

    def _due(self, slot: float) -> float:
        """Return when a slot may be used: not while held, and not when the last second is full."""
        due = max(slot, self._held)
        if self.rate and len(self._granted) == self._granted.maxlen:
            due = max(due, self._granted[0] + 1.0)
        return due

    def settle(self, expected: int, used: int) -> None:
        """Correct the schedule of tokens by what a request really used."""
        if self.tokens:
            self._next_token += (used - expected) / self.tokens

    def hold(self, seconds: float) -> None:
        """Let nobody through for a while (the server asked for it)."""
        self._held = max(self._held, self._clock() + seconds)


class Gate:
    """How many requests may be in flight: halved when the target is overloaded, and raised by one after a full round without trouble."""

    def __init__(self, most: int, *, adaptive: bool = True, clock: Clock = time.monotonic) -> None:
        """``most`` is never exceeded."""
        self.most, self.adaptive, self._clock = most, adaptive, clock
        self.limit = float(most)
        self.inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._cut = float("-inf")

    async def __aenter__(self) -> None:
        """Wait for a place."""
        if self.inside < int(self.limit) and not self._waiting:
            self.inside += 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.inside -= 1
                self._let_in()
            raise

    async def __aexit__(self, *_: object) -> None:
        """Give the place to who waits longest."""
        self.inside -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self.inside < int(self.limit):
            place = self._waiting.popleft()
            if not place.done():
                self.inside += 1
                place.set_result(None)

    def good(self) -> None:
        """An attempt went well."""
        if self.adaptive and self.limit < self.most:
            self.limit = min(float(self.most), self.limit + 1.0 / self.limit)
            self._let_in()

    def overloaded(self, elapsed: float) -> None:
        """The target said that it is too much; attempts that left before the last cut do not cut again."""
        now = self._clock()
        if self.adaptive and now - elapsed >= self._cut:
            self.limit, self._cut = max(1.0, self.limit / 2), now


class Breaker:
    """Leaves a target alone when attempts fail one after the other; one probe at a time finds out whether it is back."""

    def __init__(self, after: int, *, rest: float = 1.0, openings: int = 6, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        """``after`` failures in a row open it (0: never); the rest doubles, and after ``openings`` in a row it gives up."""
        self.after, self._first, self._openings, self._clock, self._sleep = after, rest, openings, clock, sleep
        self._row = self._opened = 0
        self._until = float("-inf")
        self._probing = False
        self.gave_up = False

    async def passing(self) -> None:
        """Wait until an attempt may leave; returns at once when it gave up."""
        while self._opened and not self.gave_up:
            wait = self._until - self._clock()
            if wait <= 0 and not self._probing:
                self._probing = True
                return
            await self._sleep(max(wait, 0.05))

    def told(self, *, ok: bool) -> None:
        """Hear how an attempt ended."""
        if ok:
            self._row = self._opened = 0
            self._probing = False
            return
        self._row += 1
        due = self._probing if self._opened else self._row >= self.after
        if self.after and due:
            self._probing = False
            self._opened += 1
            self._until = self._clock() + min(LONGEST, self._first * 2 ** (self._opened - 1))
            self.gave_up = self._opened > self._openings


def backoff(attempt: int, retry_after: float, draw: Random) -> float:
    """Return the seconds to wait after attempt number ``attempt``: what the server asked for, else doubling; with jitter, bounded."""
    if retry_after > 0:
        return min(LONGEST_ASKED, retry_after) * (1 + 0.1 * draw.random())
    return min(LONGEST, 0.25 * float(2**attempt)) * (0.5 + draw.random())
