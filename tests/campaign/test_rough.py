"""Ten thousand cases against a server that goes wrong in every way it knows, and the rate as that server's own clock sees it."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from robustgen.campaign.ledger import Ledger
from robustgen.campaign.limits import Limits
from robustgen.campaign.pace import Limiter
from robustgen.campaign.session import Session
from robustgen.core.events import Event, Judged
from robustgen.core.verdict import Response
from robustgen.generate import Generator, Selection
from tests.campaign.serving import stub

CASES = 10_000
CLASSES = {"rate_limited", "http_500", "connection", "timeout", "bad_response", "too_large", "empty"}


@pytest.mark.slow
def test_ten_thousand_cases_of_a_misbehaving_server_end_as_answers_or_classed_errors(tmp_path: Path) -> None:
    """Each case is judged once; each has its answer in the ledger, with a text or with the class of its error; the chain holds."""
    judged: Counter[str] = Counter()

    def tell(event: Event) -> None:
        if isinstance(event, Judged):
            judged[event.case] += 1

    generator = Generator(Selection.of(["clinical"], tasks=["CL-X01"], kinds=["clean"]))
    limits = Limits(concurrency=200, timeout=10, retries=0, breaker=0, adaptive=False)
    with stub("--mode", "bad", "--life", "290") as served:
        options = {"base_url": served.url}
        report = Session(generator, "openai:m", tmp_path, count=CASES, limits=limits, shrink=0, options=options, tell=tell).go()
    assert sum(judged.values()) == sum(report.totals.values()) == CASES
    assert set(report.errors) == CLASSES
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.verify()[1] == ""
        found = {r.key: msgspec.json.decode(r.body or b"", type=Response) for r in ledger.records("answered")}
    assert {key.partition("/")[0] for key in found} == set(judged)
    assert all(bool(r.text) != bool(r.error) for r in found.values())
    assert {r.error for r in found.values()} == {"", *CLASSES}
    # three of the fourteen ways are a 429, one is an answer of 100 MB, one says nothing at all
    shares = Counter(r.error for r in found.values())
    assert shares["rate_limited"] == pytest.approx(3 / 14 * len(found), rel=0.05)
    assert shares["too_large"] == pytest.approx(1 / 14 * len(found), rel=0.1)
    assert shares["timeout"] >= 1 / 15 * len(found)


@pytest.mark.slow
def test_the_limiter_keeps_its_rate_for_thirty_real_seconds() -> None:
    """A hundred workers: within two percent of the rate, and no rolling second above rate and burst."""
    limiter, seconds = Limiter(100.0, burst=5), 30
    times: list[float] = []

    async def worker(end: float) -> None:
        while time.monotonic() < end:
            await limiter.acquire()
            times.append(time.monotonic())
            await asyncio.sleep(0.3)

    async def everyone() -> float:
        end = time.monotonic() + seconds
        await asyncio.gather(*(worker(end) for _ in range(100)))
        return end

    end = asyncio.run(everyone())
    assert sum(t < end for t in times) / seconds == pytest.approx(100, rel=0.02)
    assert max(bisect_left(times, t + 1.0) - i for i, t in enumerate(times)) <= 105


@pytest.mark.slow
def test_the_server_sees_the_rate_that_was_asked_for(tmp_path: Path) -> None:
    """Thirty seconds at a hundred in flight: within two percent of the rate, and no rolling second above rate and burst."""
    rate, seconds = 50.0, 30
    generator = Generator(Selection.of(["clinical"], tasks=["CL-X01"], kinds=["clean"]))
    limits = Limits(concurrency=100, rate=rate, burst=5, retries=0, adaptive=False)
    with stub("--mode", "delay", "--seconds", "1", "--record") as served:
        options = {"base_url": served.url}
        report = Session(generator, "openai:m", tmp_path, count=int(rate * seconds), limits=limits, shrink=0, options=options).go()
        times = sorted(served.stats()["times"])
    assert len(times) == report.requests
    assert (len(times) - 1) / (times[-1] - times[0]) == pytest.approx(rate, rel=0.02)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        left = sorted(msgspec.json.decode(r.body or b"", type=Response).at for r in ledger.records("answered"))
    most = max(bisect_left(left, t + 0.999) - i for i, t in enumerate(left))  # the times of leaving are kept to the millisecond
    assert most <= rate + limits.burst, f"{most} left within a second"
