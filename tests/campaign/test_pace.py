"""Pace on a clock of our own: limiter, gate, breaker, waits, load profiles, budgets; and the limiter once on the real clock."""

from __future__ import annotations

import asyncio
import itertools
import time
from bisect import bisect_left
from collections.abc import Coroutine
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from robustgen.campaign.limits import Budget, Limits, Prices, parse_budget, parse_duration, parse_rate
from robustgen.campaign.load import arrivals
from robustgen.campaign.pace import Breaker, Gate, Limiter, backoff
from robustgen.campaign.spend import Spend, usage_of
from robustgen.errors import UsageError
from robustgen.targets._http import retry_after
from tests.campaign.virtual import VirtualLoop


def on_virtual_time(work: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine on a clock that jumps."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(work)


def most_in_a_second(times: list[float]) -> int:
    """Return the largest number of grants in any rolling second."""
    ordered = sorted(times)
    return max(bisect_left(ordered, t + 1.0 - 1e-9) - i for i, t in enumerate(ordered))


def crowd(limiter: Limiter, seconds: float, *, at_once: int = 100, work: float = 0.005, tokens: int = 0) -> list[float]:
    """Return the times at which a crowd of workers was let through in a stretch of time."""
    times: list[float] = []

    async def worker(loop: asyncio.AbstractEventLoop, end: float) -> None:
        while loop.time() < end:
            await limiter.acquire(tokens)
            if loop.time() >= end:
                return
            times.append(loop.time())
            await asyncio.sleep(work)

    async def everyone() -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        await asyncio.gather(*(worker(loop, end) for _ in range(at_once)))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        limiter._clock = loop.time
        runner.run(everyone())
    return times


@pytest.mark.parametrize("rate", [7, 100, 333])
def test_a_rate_is_kept_within_two_percent_over_thirty_seconds(rate: int) -> None:
    """With a hundred workers, and no rolling second has more than rate and burst."""
    limiter = Limiter(rate)
    times = crowd(limiter, 30)
    assert len(times) == pytest.approx(30 * rate, rel=0.02, abs=limiter.burst)
    assert most_in_a_second(times) <= rate + limiter.burst


def test_a_missed_schedule_is_made_up_for_within_the_burst() -> None:
    """Workers that all stall for half a second catch up, never above the burst in any second."""
    limiter = Limiter(50, burst=5)

    async def stalling() -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        times = []
        for i in range(600):
            if i % 50 == 20:
                loop.jumping.passed += 0.08
            await limiter.acquire()
            times.append(loop.time())
        return times

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        limiter._clock = runner.get_loop().time
        times = runner.run(stalling())
    assert most_in_a_second(times) <= 55
    assert times[-1] - times[0] == pytest.approx(600 / 50, rel=0.02)


def test_a_long_stall_is_made_up_for_where_requests_waited_and_idle_time_is_not() -> None:
    """A crowd loses nothing of three stalls of more than its queue; after ten idle seconds only the burst leaves at once."""
    limiter = Limiter(50, burst=10)
    times: list[float] = []

    async def worker(loop: VirtualLoop) -> None:
        while loop.time() < 30:
            await limiter.acquire()
            times.append(loop.time())
            if len(times) in {200, 500, 700}:
                loop.jumping.passed += 0.5  # the whole loop stands still

    async def everyone() -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        await asyncio.gather(*(worker(loop) for _ in range(20)))
        await asyncio.sleep(10)
        begin = loop.time()
        at_once = 0
        for _ in range(40):
            await limiter.acquire()
            at_once += loop.time() == begin
        return at_once

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        limiter._clock = runner.get_loop().time
        at_once = runner.run(everyone())
    assert len(times) == pytest.approx(30 * 50, rel=0.02)
    assert most_in_a_second(times) <= 60
    assert 1 <= at_once <= 11


def test_the_rate_is_kept_on_the_real_clock_too() -> None:
    """A short run of a hundred workers on this machine."""
    limiter = Limiter(200)
    times: list[float] = []

    async def worker(end: float) -> None:
        while time.monotonic() < end:
            await limiter.acquire()
            times.append(time.monotonic())

    async def everyone() -> None:
        await asyncio.gather(*(worker(time.monotonic() + 1.5) for _ in range(100)))

    asyncio.run(everyone())
    assert most_in_a_second(times) <= 200 + limiter.burst


def test_tokens_have_a_rate_of_their_own() -> None:
    """Six thousand tokens a minute let a request of a hundred through every second; less used gives time back."""
    times = crowd(Limiter(0, tokens=100), 30, tokens=100)
    assert len(times) == pytest.approx(30, abs=1)
    limiter = Limiter(0, tokens=100)

    async def settled() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(10):
            await limiter.acquire(200)
            limiter.settle(200, 100)
        assert loop.time() == pytest.approx(9, abs=0.5)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        limiter._clock = runner.get_loop().time
        runner.run(settled())


def test_a_hold_holds_everybody() -> None:
    """Also those who had a slot already."""
    limiter = Limiter(10)

    async def held() -> None:
        loop = asyncio.get_running_loop()
        await limiter.acquire()
        waiting = [asyncio.ensure_future(limiter.acquire()) for _ in range(3)]
        await asyncio.sleep(0)
        limiter.hold(5)
        await asyncio.gather(*waiting)
        assert loop.time() >= 5

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        limiter._clock = runner.get_loop().time
        runner.run(held())


def test_a_gate_gives_way_to_overload_and_recovers() -> None:
    """One round of trouble halves it once; success raises it by one a round, never above the most."""

    async def used() -> None:
        gate = Gate(16, clock=asyncio.get_running_loop().time)
        for _ in range(5):
            gate.overloaded(elapsed=0.0)
            await asyncio.sleep(0.1)
            gate.overloaded(elapsed=1.0)  # left before the last cut
        assert gate.limit == 1
        for _ in range(400):
            gate.good()
        assert gate.limit == 16
        inside = most = 0

        async def one() -> None:
            nonlocal inside, most
            async with gate:
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(1)
                inside -= 1

        tasks = [asyncio.ensure_future(one()) for _ in range(40)]
        await asyncio.sleep(0.5)
        tasks[20].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert most == 16
        assert gate.inside == 0

    on_virtual_time(used())


def test_a_breaker_rests_probes_and_gives_up() -> None:
    """It opens after failures in a row, lets one probe through, closes on success, and ends a hopeless run."""

    async def used() -> None:
        loop = asyncio.get_running_loop()
        breaker = Breaker(3, rest=1.0, openings=4, clock=loop.time)
        for _ in range(3):
            await breaker.passing()
            breaker.told(ok=False)
        start = loop.time()
        await breaker.passing()
        assert loop.time() - start >= 1
        breaker.told(ok=True)
        await breaker.passing()
        assert loop.time() - start < 1.5
        while not breaker.gave_up:
            await breaker.passing()
            breaker.told(ok=False)
        assert loop.time() - start > 1 + 2 + 4
        await breaker.passing()

    on_virtual_time(used())


def test_waits_grow_have_jitter_and_heed_the_server() -> None:
    """They double; what the server asks for is a lower bound, and no wait is endless."""
    draw = Random(1)
    waits = [backoff(n, 0, draw) for n in range(1, 12)]
    assert all(0.125 * 2**n <= w <= 0.375 * 2**n or w <= 90 for n, w in enumerate(waits, 1))
    assert len({backoff(1, 0, draw) for _ in range(20)}) == 20
    assert all(7 <= backoff(1, 7, draw) <= 7.7 for _ in range(20))
    assert backoff(1, 1e9, draw) <= 660


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "Tue, 24 Nov 2026 20:00:30 GMT"}, 30),
        ({"Retry-After": "Tue, 24 Nov 2026 19:00:00 GMT"}, 0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "-3"}, 0),
        ({}, 0),
    ],
)
def test_retry_after_is_read_in_both_forms(headers: dict[str, str], seconds: float) -> None:
    """Seconds and an HTTP date; nonsense is nothing."""
    assert retry_after(headers, now=1795550400.0) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("profile", "times"),
    [
        ("constant:10/s", [0, 0.1, 0.2, 0.3]),
        ("burst:2/10s", [0, 0, 10, 10, 20]),
        ("ramp:1/s-3/s:2s", [0, 0.7320508, 1.2360680, 1.6457513, 2.0, 2.3333333]),
    ],
)
def test_load_profiles_say_when(profile: str, times: list[float]) -> None:
    """To the millisecond."""
    assert list(itertools.islice(arrivals(profile), len(times))) == pytest.approx(times, abs=1e-6)


def test_poisson_keeps_its_rate_and_its_seed() -> None:
    """Ten thousand arrivals are as dense as asked; the same seed gives the same times."""
    times = list(itertools.islice(arrivals("poisson:50/s"), 10_000))
    assert times[-1] == pytest.approx(200, rel=0.05)
    assert times == list(itertools.islice(arrivals("poisson:50/s"), 10_000))


@pytest.mark.parametrize("profile", ["steady:5/s", "burst:x/10s", "ramp:1/s:60s", "constant:never", "burst:0/1s"])
def test_other_profiles_are_refused(profile: str) -> None:
    """With a message that shows how to write one."""
    with pytest.raises(UsageError, match="load"):
        arrivals(profile)


@pytest.mark.parametrize(("text", "rate"), [("10/s", 10), ("600/m", 10), ("3600/h", 1), ("5", 5), ("90k/m", 1500)])
def test_rates_are_read(text: str, rate: float) -> None:
    """Per second, minute, hour."""
    assert parse_rate(text) == pytest.approx(rate)


@pytest.mark.parametrize("text", ["fast", "0/s", "10/y", "-1", "inf"])
def test_other_rates_are_refused(text: str) -> None:
    """With a message that says how to write one."""
    with pytest.raises(UsageError, match="rate"):
        parse_rate(text)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("24h", 86400), ("1h30m", 5400), ("45", 45)])
def test_durations_are_read(text: str, seconds: float) -> None:
    """Also in several parts."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5y", "1h then", "0s"])
def test_other_durations_are_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(UsageError, match="duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("500", Budget(requests=500)),
        ("2M tokens", Budget(tokens=2_000_000)),
        ("$5", Budget(money=Decimal(5))),
        ("1k requests, 0.5 USD", Budget(requests=1000, money=Decimal("0.5"))),
        ("", Budget()),
    ],
)
def test_budgets_are_read(text: str, budget: Budget) -> None:
    """In requests, tokens, money, or all of them."""
    assert parse_budget(text) == budget


@pytest.mark.parametrize("text", ["much", "5 EUR", "5 apples", "-3"])
def test_other_budgets_are_refused(text: str) -> None:
    """Another currency than that of the prices is none."""
    with pytest.raises(UsageError, match="budget"):
        parse_budget(text)


def test_money_is_never_exceeded_even_by_what_is_under_way() -> None:
    """A reservation counts before its answer is there; a smaller real usage makes room again."""
    prices = Prices(input=Decimal(10), output=Decimal(10))
    spend = Spend(Limits(budget=Budget(money=Decimal("0.01")), prices=prices))
    assert [spend.reserve((100, 300)) for _ in range(4)] == [True, True, False, False]
    spend.settle((100, 300), (50, 10), answered=True)
    assert spend.reserve((100, 300))
    spend.settle((100, 300), None, answered=True)
    spend.settle((100, 300), None, answered=False)
    assert spend.money() == Decimal("0.0046")
    assert spend.summary()["requests"] == 3


def test_usage_is_read_as_vendors_name_it() -> None:
    """Three ways, or nothing."""
    assert usage_of({"prompt_tokens": 5, "completion_tokens": 2}) == (5, 2)
    assert usage_of({"input_tokens": 5, "output_tokens": 2}) == (5, 2)
    assert usage_of({"total_tokens": 7}) == (7, 0)
    assert usage_of({}) is None
