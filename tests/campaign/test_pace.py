"""The limiter on an injected clock."""

from __future__ import annotations

import asyncio

import pytest

from robustgen.campaign.limits import parse_rate
from robustgen.campaign.pace import Limiter
from robustgen.errors import UsageError


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        """Start at zero."""
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def granted(rate: float, asked: int) -> list[float]:
    """Return when each of many requests is let through."""
    time = Time()
    limiter = Limiter(rate, clock=time, sleep=time.sleep)

    async def run() -> list[float]:
        found = []
        for _ in range(asked):
            await limiter.acquire()
            found.append(time.now)
        return found

    return asyncio.run(run())


def test_the_rate_is_kept_within_two_percent() -> None:
    """Three thousand requests at 100 a second take 30 s."""
    times = granted(100, 3001)
    assert times[-1] == pytest.approx(30, rel=0.02)


def test_no_rolling_second_has_more_than_the_rate() -> None:
    """In no window of one second are more let through than asked for."""
    times = granted(50, 400)
    assert all(sum(t <= u < t + 0.999 for u in times) <= 50 for t in times)


@pytest.mark.parametrize(("text", "rate"), [("10/s", 10), ("600/m", 10), ("3600/h", 1), ("5", 5)])
def test_rates_are_read(text: str, rate: float) -> None:
    """Per second, minute, hour."""
    assert parse_rate(text) == pytest.approx(rate)


@pytest.mark.parametrize("text", ["fast", "0/s", "10/y", "-1"])
def test_other_rates_are_refused(text: str) -> None:
    """With a message that says how to write one."""
    with pytest.raises(UsageError, match="rate"):
        parse_rate(text)
